import Ajv2020 from "ajv/dist/2020";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/core/json";
import { parseDefinition } from "../../src/definition/parse-definition";
import { publishedSchema } from "../../src/definition/published-schema";
import { fc } from "../property";
import { VALID_DEFINITIONS } from "./definitions";

const isShapely = new Ajv2020({ strict: false }).compile(publishedSchema());

/** Values that are right somewhere in a definition, and so are likely to be nearly right elsewhere. */
const fragments = Object.values(VALID_DEFINITIONS).flatMap((definition) => partsOf(definition));

function partsOf(value: JsonValue): readonly JsonValue[] {
  return typeof value === "object" && value !== null
    ? [value, ...Object.values(value).flatMap((item: JsonValue) => partsOf(item))]
    : [value];
}

const names = [...new Set(fragments.filter(isJsonObject).flatMap((fragment) => Object.keys(fragment)))];

const value = fc.oneof(
  fc.constantFrom(...fragments),
  fc.constantFrom<JsonValue>(null, true, 0, -1, 1e9, "", "a", "${{ item", "${{ nodes.a.output }}", "10%", [], {}),
  fc.string(),
  fc.jsonValue({ maxDepth: 2 }).map((found) => found as JsonValue),
);

const change = fc.record({
  /** Each step takes one of the members that there are. */
  path: fc.array(fc.nat(20), { minLength: 1, maxLength: 10 }),
  kind: fc.constantFrom("replace", "remove", "add", "repeat"),
  name: fc.oneof(fc.constantFrom(...names), fc.constantFrom("__proto__", "constructor", "toString"), fc.string()),
  value,
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** The value with one thing in it changed. */
function changed(source: JsonValue, { path: [step, ...rest], ...what }: Change): JsonValue {
  if (step === undefined || typeof source !== "object" || source === null || Object.keys(source).length === 0)
    return what.value;
  const keys = Object.keys(source);
  const key = keys[step % keys.length] ?? "";
  const entries = Object.entries(source) as [string, JsonValue][];
  const deeper = ([name, item]: [string, JsonValue]): [string, JsonValue][] => {
    if (name !== key) return [[name, item]];
    if (rest.length > 0) return [[name, changed(item, { ...what, path: rest })]];
    if (what.kind === "remove") return [];
    return what.kind === "replace"
      ? [[name, what.value]]
      : [
          [name, item],
          [what.kind === "add" ? what.name : name, what.kind === "add" ? what.value : item],
        ];
  };
  const result = entries.flatMap(deeper);
  return Array.isArray(source) ? result.map(([, item]) => item) : Object.fromEntries(result);
}

const nearlyValid = fc
  .record({
    start: fc.constantFrom(...Object.values(VALID_DEFINITIONS)),
    changes: fc.array(change, { minLength: 1, maxLength: 4 }),
  })
  .map(({ start, changes }) => changes.reduce<JsonValue>(changed, start));

test("parsing nearly valid definitions never throws, and what it takes it takes again", () => {
  let taken = 0;
  fc.assert(
    fc.property(nearlyValid, (definition) => {
      const parsed = parseDefinition(definition);
      if (!parsed.ok) {
        expect(parsed.error.length).toBeGreaterThan(0);
        for (const { code, pointer, message } of parsed.error) {
          expect(code).toMatch(/^[A-Z][A-Z_]*$/);
          expect(message).not.toBe("");
          expect(pointer === "" || pointer.startsWith("/")).toBe(true);
        }
        return;
      }
      taken += 1;
      expect(parseDefinition(parsed.value)).toEqual(parsed);
      expect(isShapely(parsed.value)).toBe(true);
      expect(isShapely(definition as JsonObject)).toBe(true);
    }),
    { numRuns: 1_500 },
  );
  // Otherwise nothing would be said of what is right.
  expect(taken).toBeGreaterThan(20);
});
