import { parseExpression } from "../expressions/expression";
import { inferType } from "./infer";
import { typeOfSchema } from "./schema-type";
import { typeName } from "./value-type";

const input = typeOfSchema({
  type: "object",
  additionalProperties: false,
  properties: {
    count: { type: "integer" },
    name: { type: "string" },
    maybe: { type: ["string", "null"] },
    flag: { type: "boolean" },
    any: {},
    open: { type: "object", properties: { a: { type: "number" } } },
    tags: { type: "array", items: { type: "string" } },
    people: { type: "array", items: { $ref: "#/$defs/person" } },
    level: { enum: ["low", "high"] },
  },
  $defs: {
    person: {
      type: "object",
      additionalProperties: false,
      properties: { name: { type: "string" }, friends: { type: "array", items: { $ref: "#/$defs/person" } } },
    },
  },
});

function infer(source: string) {
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return inferType(parsed.value.tree, (name) => (name === "input" ? input : undefined));
}

describe("inferType", () => {
  test.each([
    ["input.count + 1", "a number"],
    ["input.count * input.count / 2", "a number"],
    ["input.name + '!'", "a string"],
    ["input.count > 3 && input.flag", "a boolean"],
    ["input.any.b.c", "anything"],
    ["input.open.a", "a number"],
    ["input.open.b", "anything"],
    ["input.tags", "a list"],
    ["input.tags[0]", "a string"],
    ["input.tags[input.count]", "a string"],
    ["input.tags.map(t, size(t))[0]", "a number"],
    ["input.people.filter(p, p.name != '')[0].friends[0].friends[0].name", "a string"],
    ["input.?name.orValue(3)", "a string or a number"],
    ["input.?open.?a.hasValue()", "a boolean"],
    ["input.flag ? 'x' : null", "a string or null"],
    ["has(input.name)", "a boolean"],
    ["cel.bind(n, input.count, n + 1)", "a number"],
    ["{'a': input.count}.a", "a number"],
    ["{'a': 1, input.name: 2}.b", "anything"],
    ["input.maybe == null || input.maybe.size() > 3", "a boolean"],
    ["input.maybe + 'x'", "a string"],
    ["input.tags + ['x']", "a list"],
    ["'x' in input.tags", "a boolean"],
    ["'a' in input.open", "a boolean"],
    ["input['count'] + 1", "a number"],
    ["input[input.name]", "anything"],
    ["timestamp(input.name) + duration('1h')", "a timestamp"],
    ["size(input.any)", "a number"],
    ["input.any + 1", "a number"],
    ["string(input.any) + 'x'", "a string"],
    ["input.any.split(',')", "a list"],
    ["int(input.any)", "a number"],
    ["max(input.any)", "a number"],
    ["parse_json(input.any)", "anything"],
    ["input.any == input.any", "a boolean"],
    ["input.any + input.any ? 1 : 2", "a number"],
    ["input.any[0]", "anything"],
    ["input.any ? input.any : 1", "anything"],
    ["input.any == 'x' && input.count == 1 && input.maybe == 'x' && input.name != null", "a boolean"],
    ["input.level == 'low' || 'high' != input.level", "a boolean"],
    ["input.level in ['low', input.name] || input.count in [1, 2.5] || 'x' in input.open", "a boolean"],
    ["(input.flag ? 'x' : 'y') == 'y' && input.people == input.tags", "a boolean"],
    ["split(input.name, ',').map(s, int(s))", "a list"],
    ["string(input.count) + input.name", "a string"],
    ["input.name.matches('^a')", "a boolean"],
    ["merge(input.open, {'x': 1}).x", "anything"],
    ["optional.of(input.count).value()", "anything"],
    ["optional.of(input.count).value() + 'a'", "a string"],
    ["nodes.a.b", "anything"],
  ])("takes %s for %s", (source, expected) => {
    const { type, errors } = infer(source);
    expect(errors).toEqual([]);
    expect(typeName(type)).toBe(expected);
  });

  test.each([
    ["input.count + 'a'", "EXPRESSION_TYPE", 1, "'+' does not take a number and a string", undefined],
    ["1 + input.coutn", "EXPRESSION_NAME", 11, "there is no field 'coutn'; did you mean 'count'?", "count"],
    ["has(input.coutn)", "EXPRESSION_NAME", 11, "there is no field 'coutn'; did you mean 'count'?", "count"],
    ["input.?coutn", "EXPRESSION_NAME", 8, "there is no field 'coutn'; did you mean 'count'?", "count"],
    ["input['coutn']", "EXPRESSION_NAME", 1, "there is no field 'coutn'; did you mean 'count'?", "count"],
    ["input.name.first", "EXPRESSION_NAME", 12, "a string has no fields, so no 'first'", undefined],
    ["input.people.map(p, p.nane)", "EXPRESSION_NAME", 23, "there is no field 'nane'; did you mean 'name'?", "name"],
    ["input.count ? 1 : 2", "EXPRESSION_TYPE", 1, "must be true or false here, but is a number", undefined],
    ["input.name && true", "EXPRESSION_TYPE", 1, "must be true or false here, but is a string", undefined],
    ["!input.name", "EXPRESSION_TYPE", 1, "'!' does not take a string", undefined],
    ["-input.level", "EXPRESSION_TYPE", 1, "'-' does not take a string", undefined],
    ["size(input.count)", "EXPRESSION_TYPE", 1, "size() does not take a number", undefined],
    ["input.count.size()", "EXPRESSION_TYPE", 1, "a number has no method size()", undefined],
    ["input.count.map(x, x)", "EXPRESSION_TYPE", 1, "map() does not go through a number", undefined],
    ["input.tags['x']", "EXPRESSION_TYPE", 12, "a list cannot be indexed with a string", undefined],
    ["input.maybe + 1", "EXPRESSION_TYPE", 1, "'+' does not take a string or null and a number", undefined],
    ["input.count < input.name", "EXPRESSION_TYPE", 1, "'<' does not take a number and a string", undefined],
    ["input.count == 'x'", "EXPRESSION_TYPE", 1, "a number is never equal to a string", undefined],
    ["input.flag != 1", "EXPRESSION_TYPE", 1, "a boolean is never equal to a number", undefined],
    ["input.maybe == 1", "EXPRESSION_TYPE", 1, "a string or null is never equal to a number", undefined],
    ["input.level == 'hihg'", "EXPRESSION_TYPE", 1, "'hihg' is none of 'low', 'high'; did you mean 'high'?", "high"],
    ["'medium' in [input.level]", "EXPRESSION_TYPE", 1, "'medium' is none of 'low', 'high'", undefined],
    ["input.count in input.tags", "EXPRESSION_TYPE", 1, "a number is never equal to a string", undefined],
    ["input.count in input.name", "EXPRESSION_TYPE", 1, "'in' does not take a number and a string", undefined],
  ] as const)("finds what is wrong with %s", (source, code, column, message, suggestion) => {
    expect(infer(source).errors).toEqual([
      { code, column, message, ...(suggestion === undefined ? {} : { suggestion }) },
    ]);
  });
});
