import { splitHint, splitNames } from "./split-names";

const members: Readonly<Record<string, readonly string[]>> = { nodes: ["my-node", "f-1", "a-b-c"], input: ["a-b"] };
const isName = (object: string, name: string) => members[object]?.includes(name) === true;

test.each([
  ["nodes.my-node.output", ['1 nodes.my-node nodes["my-node"]']],
  ["1 + nodes.f-1.output.x", ['5 nodes.f-1 nodes["f-1"]']],
  ["nodes.a-b-c-1", ['1 nodes.a-b-c nodes["a-b-c"]']],
  ["input.a-b + nodes.my-node", ['1 input.a-b input["a-b"]', '13 nodes.my-node nodes["my-node"]']],
  ["nodes.in.output == input.null", ['1 nodes.in nodes["in"]', '20 input.null input["null"]']],
  ['"nodes.my-node" + nodes["my-node"]', []],
  ["'it\\'s nodes.my-node'", []],
  ["input.a-c", []],
  ["nodes.a - b", []],
  ["nodes.input.truely", []],
])("finds in %s what CEL takes for something else", (source, expected) => {
  const found = splitNames(source, isName).map(({ column, written, instead }) => `${column} ${written} ${instead}`);
  expect(found).toEqual(expected);
});

test("says of the end of a name with hyphens what it may be", () => {
  const source = "nodes.a.output.my-long-field";
  expect(splitHint(source, "field", 24)).toContain('write ["my-long-field"]');
  expect(splitHint("nodes.a.output.x - field", "field", 20)).toBe("");
  expect(splitHint("field", "field", 1)).toBe("");
});
