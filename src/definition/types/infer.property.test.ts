import { fc } from "../../../tests/property";
import type { JsonValue } from "../../core/json";
import { fromJson } from "../expressions/cel-values";
import { parseExpression } from "../expressions/expression";
import { Fuel } from "../expressions/fuel";
import { inferType } from "./infer";
import { typeOfSchema } from "./schema-type";
import { alternatives, type ValueType } from "./value-type";

const SCHEMA = {
  type: "object",
  additionalProperties: false,
  properties: {
    n: { type: "number" },
    s: { type: "string" },
    b: { type: "boolean" },
    l: { type: "array", items: { type: "number" } },
    t: { type: "array", items: { type: "string" } },
    o: { type: "object", properties: { a: { type: "number" } } },
    w: { enum: ["low", "high"] },
    m: { type: ["string", "null"] },
    x: {},
  },
};
const TYPE = typeOfSchema(SCHEMA);

const inputs: fc.Arbitrary<JsonValue> = fc.record({
  n: fc.constantFrom(0, 1, 2.5, -3),
  s: fc.constantFrom("", "a", "1", "low", "2026-01-01T00:00:00Z", "1s"),
  b: fc.boolean(),
  l: fc.array(fc.constantFrom(0, 1, 2.5), { maxLength: 3 }),
  t: fc.array(fc.constantFrom("a", "low"), { maxLength: 3 }),
  o: fc.constantFrom({}, { a: 1 }, { b: "x" }),
  w: fc.constantFrom("low", "high"),
  m: fc.constantFrom("a", null),
  x: fc.constantFrom<JsonValue>(null, true, 1, "a", "1", [], [1], ["a"], {}, { a: 1 }),
});

const atoms = [..."nsbltowmx"].map((name) => `input.${name}`);
const { expressions } = fc.letrec<{ expressions: string }>((again) => ({
  expressions: fc.oneof(
    { maxDepth: 3, depthIdentifier: "expression" },
    fc.constantFrom(...atoms, "1", "2.5", "'a'", "true", "null", "[]", "[1, 'a']", "{'a': 1}", "'high'"),
    fc
      .tuple(
        again("expressions"),
        fc.constantFrom("+", "-", "*", "/", "%", "<", ">=", "==", "!=", "in", "&&", "||"),
        again("expressions"),
      )
      .map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc
      .tuple(
        fc.constantFrom(
          "size",
          "sum",
          "max",
          "round",
          "string",
          "int",
          "double",
          "bool",
          "json",
          "keys",
          "values",
          "timestamp",
          "duration",
          "!",
          "-",
          "type",
          "dyn",
        ),
        again("expressions"),
      )
      .map(([name, of]) => `${name}(${of})`),
    fc
      .tuple(
        again("expressions"),
        fc.constantFrom(
          "size()",
          "contains('a')",
          "split(',')",
          "map(i, i)",
          "filter(i, i != 1)",
          "exists(i, i == 'a')",
          "startsWith('a')",
          "matches('a')",
        ),
      )
      .map(([of, method]) => `${of}.${method}`),
    fc
      .tuple(again("expressions"), again("expressions"), again("expressions"))
      .map(([condition, one, other]) => `(${condition} ? ${one} : ${other})`),
    // Other keys are called wrong, though the library makes text of them.
    fc
      .tuple(again("expressions"), fc.constantFrom("0", "'a'", "input.s", "input.x"))
      .map(([of, key]) => `${of}[${key}]`),
  ),
}));

const KINDS: Readonly<Record<string, readonly ValueType["kind"][]>> = {
  number: ["int", "double"],
  boolean: ["bool"],
  // JSON writes what it has no type for as text.
  string: ["string", "timestamp", "duration", "bytes", "other"],
};

function kindsOf(value: JsonValue): readonly ValueType["kind"][] {
  if (value === null) return ["null", "optional"];
  if (typeof value === "object") return Array.isArray(value) ? ["list"] : ["object"];
  return KINDS[typeof value] ?? [];
}

test("what is said of an expression's type is what its evaluation gives, and what is called wrong does fail", () => {
  const seen = { right: 0, wrong: 0 };
  fc.assert(
    fc.property(expressions, inputs, (source, input) => {
      const parsed = parseExpression(source);
      if (!parsed.ok) return;
      const { type, errors } = inferType(parsed.value.tree, (name) => (name === "input" ? TYPE : undefined));
      const result = parsed.value.evaluate({ input: fromJson(input) }, new Fuel());
      const isSlip = errors.every(({ message }) => /is never equal to|is none of/.test(message));
      if (!isSlip) {
        seen.wrong += 1;
        // A part that is wrong may stand behind a condition that leaves it out.
        if (!/\?|&&|\|\||map|filter|exists/.test(source))
          expect({ source, errors, result }).toMatchObject({ result: { ok: false } });
        return;
      }
      if (!result.ok) return;
      seen.right += 1;
      const kinds = kindsOf(result.value);
      const isIn = alternatives(type).some(({ kind }) => kind === "any" || kind === "optional" || kinds.includes(kind));
      expect({ source, value: result.value, type, isIn }).toMatchObject({ isIn: true });
    }),
    { numRuns: 4_000 },
  );
  expect(seen.right).toBeGreaterThan(300);
  expect(seen.wrong).toBeGreaterThan(100);
});
