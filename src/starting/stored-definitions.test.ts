import { contentHash } from "./content-hash";
import { parseStored } from "./stored-definitions";

function stored(id: string) {
  const definition = { nodes: [{ id, type: "task", config: { task_type: "noop", config: {} } }] };
  return { definition, definitionHash: contentHash(definition) };
}

test("the same content gives the same definition, however often it is stored", () => {
  const first = parseStored(stored("a"));
  const second = parseStored(stored("a"));
  expect(first.ok && second.ok && first.value === second.value).toBe(true);
});

test("other content gives another definition", () => {
  const parsed = parseStored(stored("b"));
  expect(parsed.ok && parsed.value.nodes.map(({ id }) => id)).toEqual(["b"]);
});

test("what is no longer valid is refused each time", () => {
  const broken = { definition: { nodes: [] }, definitionHash: contentHash({ nodes: [] }) };
  expect(parseStored(broken).ok).toBe(false);
  expect(parseStored(broken).ok).toBe(false);
});

test("the one that was not used for longest is parsed anew after a hundred others", () => {
  const first = parseStored(stored("old"));
  for (let index = 0; index < 100; index++) parseStored(stored(`n${index}`));
  const again = parseStored(stored("old"));
  expect(first.ok && again.ok && first.value !== again.value).toBe(true);
  expect(again).toEqual(first);
});
