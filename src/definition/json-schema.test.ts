import { checkAgainstSchema, checkSchema } from "./json-schema";

describe("checkSchema", () => {
  test("takes draft 2020-12", () => {
    const schema = { type: "array", prefixItems: [{ type: "string", format: "date-time" }], unevaluatedItems: false };
    expect(checkSchema(schema)).toEqual([]);
    expect(checkSchema({})).toEqual([]);
    expect(checkSchema({ $schema: "https://json-schema.org/draft/2020-12/schema", $defs: { a: true } })).toEqual([]);
  });

  test.each([
    ["an unknown type", { properties: { a: { type: "strin" } } }, "/properties/a/type"],
    ["a reference that leads nowhere", { $ref: "#/$defs/none" }, ""],
    ["a reference to elsewhere", { $ref: "https://example.org/schema.json" }, ""],
    ["a pattern that is none", { pattern: "(" }, ""],
    ["a schema whose check would be a promise", { $async: true }, ""],
  ])("refuses %s", (_, schema, pointer) => {
    expect(checkSchema(schema)[0]).toMatchObject({ code: "SCHEMA_INVALID", pointer });
  });
});

describe("checkAgainstSchema", () => {
  test("finds all mismatches, with pointers", () => {
    const schema = {
      type: "object",
      required: ["name"],
      properties: { name: { type: "string" }, size: { enum: ["s", "m"] }, "a/b": { type: "integer" } },
      additionalProperties: false,
    };
    expect(checkAgainstSchema(schema, { size: "xl", nam: "x", "a/b": 1.5 })).toEqual([
      { code: "SCHEMA_MISMATCH", pointer: "", message: "must have required property 'name'" },
      {
        code: "SCHEMA_MISMATCH",
        pointer: "",
        message: "must not have the property 'nam'; did you mean 'name'?",
        suggestion: "name",
      },
      {
        code: "SCHEMA_MISMATCH",
        pointer: "/size",
        message: 'must be equal to one of the allowed values: ["s","m"]',
      },
      { code: "SCHEMA_MISMATCH", pointer: "/a~1b", message: "must be integer" },
    ]);
    expect(checkAgainstSchema(schema, { name: "x", size: "s" })).toEqual([]);
  });

  test("ends patterns that would take JavaScript's own regular expressions for ever", () => {
    expect(checkAgainstSchema({ pattern: "^(a+)+$" }, `${"a".repeat(5_000)}!`)).toHaveLength(1);
  });

  test("finds a schema that cannot be used, instead of throwing", () => {
    expect(checkAgainstSchema({ $ref: "#/nowhere" }, 1)).toMatchObject([{ code: "SCHEMA_INVALID" }]);
    expect(checkAgainstSchema({ $ref: "#" }, 1)).toMatchObject([{ code: "SCHEMA_INVALID" }]);
  });
});
