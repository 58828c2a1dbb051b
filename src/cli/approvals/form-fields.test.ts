import type { JsonObject } from "../../core/json";
import { formFields, valueAt, withValue } from "../../definition/form-fields";
import { parseField } from "./form-fields";

const schema: JsonObject = {
  type: "object",
  required: ["when", "size", "who"],
  $defs: { person: { type: "string", minLength: 2, description: "A name" } },
  properties: {
    when: { enum: ["day", 7] },
    size: { type: "integer", minimum: 1, default: 3 },
    who: { $ref: "#/$defs/person" },
    tags: { type: "array", items: { enum: ["a", "b"] } },
    limits: { type: "object", required: ["cpu"], properties: { cpu: { type: "number" } } },
    rest: { type: "array", items: { type: "string" } },
    sure: { type: "boolean" },
  },
};

test("gives the fields in the schema's order, with kind, choices and default", () => {
  const fields = formFields(schema).map(({ path, kind, required, choices, text, fallback }) => [
    path.join("."),
    kind,
    required,
    choices,
    text,
    fallback,
  ]);
  expect(fields).toEqual([
    ["when", "choice", true, ["day", 7], "", undefined],
    ["size", "integer", true, [], "", 3],
    ["who", "string", true, [], "A name", undefined],
    ["tags", "choices", false, ["a", "b"], "", undefined],
    ["limits.cpu", "number", false, [], "", undefined],
    ["rest", "json", false, [], "", undefined],
    ["sure", "boolean", false, [], "", undefined],
  ]);
});

test("takes a form that is no object, one that refers in a circle and one with alternatives as a field of its own", () => {
  expect(formFields({ type: "string" })).toMatchObject([{ path: [], kind: "string", required: true }]);
  expect(formFields({ $ref: "#" })).toMatchObject([{ path: [], kind: "json" }]);
  expect(formFields({ $ref: "#/nowhere" })).toMatchObject([{ path: [], kind: "json" }]);
  expect(formFields({ oneOf: [{ type: "string" }], properties: { a: {} } })).toMatchObject([
    { path: [], kind: "json" },
  ]);
});

test.each([
  ["when", "day", "day"],
  ["when", "7", 7],
  ["size", " 12 ", 12],
  ["who", "ann", "ann"],
  ["tags", "a, b", ["a", "b"]],
  ["limits.cpu", "0.5", 0.5],
  ["rest", '["x"]', ["x"]],
  ["sure", "yes", true],
])("reads %s from '%s'", (name, text, value) => {
  const field = formFields(schema).find(({ path }) => path.join(".") === name);
  expect(field && parseField(field, text)).toEqual({ ok: true, value });
});

test.each([
  ["when", "night", "must be one of the choices"],
  ["size", "1.5", "must be a whole number"],
  ["size", "0", "must be >= 1"],
  ["who", "a", "must NOT have fewer than 2 characters"],
  ["tags", "a,c", "must be some of the choices, with commas between them"],
  ["limits.cpu", "", "must be a number"],
  ["rest", "[", "must be JSON"],
  ["rest", "[1]", "/0: must be string"],
  ["sure", "maybe", "must be true or false"],
])("refuses for %s the text '%s'", (name, text, message) => {
  const field = formFields(schema).find(({ path }) => path.join(".") === name);
  expect(field && parseField(field, text)).toEqual({ ok: false, message });
});

test("puts values into a form and finds them there", () => {
  const form = withValue({ a: 1 }, ["limits", "cpu"], 2);
  expect(form).toEqual({ a: 1, limits: { cpu: 2 } });
  expect(valueAt(form, ["limits", "cpu"])).toBe(2);
  expect(valueAt(form, ["a", "b"])).toBeUndefined();
  expect(withValue({}, [], "text")).toBe("text");
});
