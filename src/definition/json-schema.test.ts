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
  test("ends the check of a schema that asks for one thing 2^40 times", () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, level) => {
        const next = { $ref: `#/$defs/d${level + 1}` };
        return [`d${level}`, level === 39 ? {} : { allOf: [next, next] }];
      }),
    );
    const [problem] = checkAgainstSchema({ $ref: "#/$defs/d0", $defs }, 1);
    expect(problem).toMatchObject({ code: "SCHEMA_INVALID", message: expect.stringContaining("references") });
  });

  test("looks for the same item twice in time linear to the list, whatever the items are", () => {
    const items = Array.from({ length: 50_000 }, (_, index) => ({ a: index, b: [index] }));
    const schema = { type: "array", uniqueItems: true };
    expect(checkAgainstSchema(schema, items)).toEqual([]);
    const again = [...items, { b: [7], a: 7 }];
    expect(checkAgainstSchema(schema, again)).toMatchObject([
      { pointer: "", message: "must NOT have duplicate items" },
    ]);
  });

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
