import type { JsonValue } from "../../core/json";
import { fromJson } from "./cel-values";
import { parseExpression } from "./expression";
import { FIRST_TARIFF, Fuel, LATEST_TARIFF, MAX_STEPS, type Tariff } from "./fuel";

const input: JsonValue = {
  n: 3,
  i: 1,
  s: "x",
  items: [1, 2, 3],
  o: { a: 1 },
  nothing: null,
  cars: [{ constructor: "Lotus", wins: 79 }],
};

function evaluate(source: string, value: JsonValue = input) {
  const parsed = parseExpression(source);
  if (!parsed.ok) return { refused: parsed.error };
  const result = parsed.value.evaluate({ input: fromJson(value) }, new Fuel());
  return result.ok ? result.value : { failed: result.error.message };
}

describe("parseExpression", () => {
  test.each([
    ["input.n + 1", 4],
    ["1 + input.n", 4],
    ["input.n / 2", 1.5],
    ["input.n % 2", 1],
    ["-input.n", -3],
    ["input.n == 3 && input.n < 4 && 2 <= input.n", true],
    ["input.items.map(i, i * 2)", [2, 4, 6]],
    ["input.items.filter(i, i > 1).size()", 2],
    ["2 in input.items", true],
    ["4 in input.items", false],
    ["[1, 2, 3] == input.items", true],
    ["input.items != [1, 2]", true],
    ["input.items[input.i]", 2],
    ["input.items[size(input.items) - 1]", 3],
    ['{"a": 1, "b": "x", "c": [1, "x", null]}', { a: 1, b: "x", c: [1, "x", null] }],
    ['input.n > 2 ? "big" : null', "big"],
    ["input.n > 2 ? 1 : 1.5", 1],
    ["input.?missing.orValue(5)", 5],
    ["input.?missing", null],
    ["has(input.missing)", false],
    ["cel.bind(x, input.n, x + 1)", 4],
    ["sum(input.items)", 6],
    ["avg(input.items)", 2],
    ["[min(input.items), max(input.items), round(2.5), floor(2.5), ceil(2.5)]", [1, 3, 3, 2, 3]],
    ['join(input.items, "-")', "1-2-3"],
    ['split("a,b", ",")', ["a", "b"]],
    ["keys(input.o)", ["a"]],
    ["values(input.o)", [1]],
    ['merge(input.o, {"b": 2})', { a: 1, b: 2 }],
    ["json(input.o)", '{"a":1}'],
    ['parse_json("{\\"a\\": [1]}").a[0]', 1],
    ['"n is " + string(input.n)', "n is 3"],
    ['input.s.matches("^[xy]$")', true],
    ["input.cars[0].constructor", "Lotus"],
    ["input.cars.map(c, c.wins)", [79]],
    ["input.cars", [{ constructor: "Lotus", wins: 79 }]],
    ['timestamp("2024-01-02T03:04:05Z")', "2024-01-02T03:04:05.000Z"],
    ['duration("90s")', "90s"],
    ["1u", 1],
    ["0.0 * -1", 0],
  ] as const)("evaluates %s", (source, expected) => {
    expect(evaluate(source)).toEqual(expected);
  });

  test("keeps a member named __proto__ a member", () => {
    const hostile = JSON.parse('{"__proto__": {"polluted": true}}') as JsonValue;
    expect(JSON.stringify(evaluate("input", hostile))).toBe('{"__proto__":{"polluted":true}}');
    expect(evaluate("input.polluted", hostile)).toEqual({ failed: "No such key: polluted" });
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  test.each([
    ["input.n +", 10],
    ["1 + ", 5],
    ["'open", 1],
    ["input.n + foo(1)", 11],
    ["'a' * 2", 1],
  ])("refuses %s and says where", (source, column) => {
    expect(evaluate(source)).toMatchObject({ refused: { column } });
  });

  test("refuses an expression that is empty, too long or too deep", () => {
    expect(evaluate(" ")).toMatchObject({ refused: { message: "expression is empty" } });
    expect(evaluate("1".repeat(4_097))).toMatchObject({ refused: { message: /longer than 4096/ } });
    expect(evaluate(`${"(".repeat(500)}1${")".repeat(500)}`)).toHaveProperty("refused");
  });

  test.each([
    ["input.missing.deeper", "No such key: missing"],
    ["1 / 0", "division by zero"],
    ["input.n / 0", "result is Infinity, which JSON has no number for"],
    ["input.s + 1", "no such overload: dyn<string> + int"],
    ["sum([1, 'a'])", "list must hold numbers only, got a string"],
    ["avg([])", "list must not be empty"],
    ["parse_json('{')", "text is not JSON"],
    ["b'a'", "result is bytes, which JSON cannot hold; use string() or base64()"],
    ["type(1)", "result is a type, which JSON cannot hold"],
    ["input.s.matches('(')", "error parsing regexp: missing closing ): `(`"],
    ["nowhere.x", "Unknown variable: nowhere"],
  ])("fails %s with a message", (source, message) => {
    expect(evaluate(source)).toEqual({ failed: message });
  });

  test("evaluates the same expression again and again", () => {
    expect([1, 2, 3].map((n) => evaluate("input.items.map(i, i + input.n)", { n, items: [n] }))).toEqual([
      [2],
      [4],
      [6],
    ]);
  });

  test("ends a pattern that would take JavaScript's own regular expressions for ever", () => {
    expect(evaluate("input.s.matches('^(a+)+$')", { s: `${"a".repeat(10_000)}!` })).toBe(false);
  });

  test.each([
    ["nested loops", "input.map(a, input.map(b, input.map(c, a + b + c)))"],
    ["loops whose errors are swallowed", "input.all(a, input.all(b, input.all(c, c == 'x' || true)))"],
    ["a text that doubles", doubling("'ab'", "s + s")],
    ["a list that doubles", doubling("[1]", "s + s")],
    ["a list that holds itself twice", doubling("[1]", "[s, s]")],
    ["comparing lists that hold themselves twice", `${doubling("[1]", "[s, s]")} == ${doubling("[1]", "[s, s]")}`],
    ["json of a list that holds itself twice", `json(${doubling("[1]", "[s, s]")})`],
  ])("stops %s", (_, source) => {
    expect(
      evaluate(
        source,
        Array.from({ length: 5_000 }, (_item, index) => index),
      ),
    ).toHaveProperty("failed");
  });
});

/** Twenty-four steps of `step`, each on what the one before it made. */
function doubling(start: string, step: string): string {
  return `cel.bind(s, ${start}, ${`cel.bind(s, ${step}, `.repeat(24)}s${")".repeat(25)}`;
}

test.each([
  "input.a.b + 1 > 2 && input.list.exists(x, x == 2)",
  "input.list.map(x, input.list.filter(y, y > x)).size() == 2 ? 'a' : 'b'",
  "[1, 2.5, input.a.b] == [1, 2.5, 3] || has(input.none)",
  "{'k': input.text + 'x', 'l': -input.a.b}['k'].matches('a.*') ? !true : input.list[0] in input.list",
  "sum(input.list) + double(input.text.size()) * 2",
  "json(input) + join(input.list, ',')",
])("costs as much the first time as any later time: %s", (source) => {
  const input = fromJson({ a: { b: 3 }, list: [1, 2, 3], text: "abc" });
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const costs = [1, 2, 3].map(() => {
    const fuel = new Fuel();
    parsed.value.evaluate({ input }, fuel);
    return fuel.used;
  });
  expect(costs[0]).toBeGreaterThan(5);
  expect(costs).toEqual([costs[0], costs[0], costs[0]]);
});

test.each([
  ["objects", "input.objects", 1_000],
  ["texts", "input.text.upperAscii()", 500],
  ["entries of maps", "size(keys(input.map))", 100],
  ["parts of texts", "size(join(input.list, ','))", 1_000],
])("charges for %s since the second tariff, so that a step costs about the same everywhere", (_, source, more) => {
  const values = Array.from({ length: 1_000 }, (_, id) => id);
  const input = fromJson({
    objects: values.map((id) => ({ id, name: "a" })),
    map: Object.fromEntries(values.map((id) => [String(id), id])),
    text: "a".repeat(100_000),
    list: values,
  });
  const parsed = parseExpression(source);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const cost = (tariff: Tariff) => {
    const fuel = new Fuel(MAX_STEPS, tariff);
    parsed.value.evaluate({ input }, fuel);
    return fuel.used;
  };
  expect(cost(LATEST_TARIFF)).toBeGreaterThan(cost(FIRST_TARIFF) + more);
  expect(cost(LATEST_TARIFF)).toBe(cost(LATEST_TARIFF));
});
