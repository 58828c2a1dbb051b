import type { JsonValue } from "../src/core/json";

/** Numbers that look random and are the same for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0 to below `sides`. */
  roll(sides: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * sides);
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.roll(times) === 0;
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.roll(list.length)];
    if (picked === undefined) throw new Error("nothing to pick from");
    return picked;
  }

  /** A new list of some of the list's, in its order. */
  some<T>(list: readonly T[], oneIn: number): readonly T[] {
    return list.filter(() => this.once(oneIn));
  }
}

/** Halves of pairs, controls, names that objects have anyway, and text that looks like something else. */
export const STRANGE_TEXTS = [
  "\ud800",
  "\udc00 and \ud83d",
  "\u0000",
  "__proto__",
  "constructor",
  "toString",
  "",
  "\u2028\u202e",
  "ž".repeat(300),
  "😀".repeat(5_001),
  "${{",
  "}}",
  "a|b\n| --- |\r\n`",
  "1e999",
  "x".repeat(20_000),
] as const;

/** Depths that some of the ways through a run can take and others cannot. */
const DEPTHS = [40, 50, 60];

export function deep(levels: number): JsonValue {
  let value: JsonValue = 1;
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { x: value };
  return value;
}

/** The input of a hostile run: `n`, `list`, `text` and `odd` are what expressions look for. */
export function hostileInput(dice: Dice): JsonValue {
  return dice.pick<() => JsonValue>([
    () => ({ n: 3, list: [1, 2, 3], text: "a,b", odd: dice.pick(STRANGE_TEXTS) }),
    () => ({ n: 0, list: Array.from({ length: 10_000 }, (_, index) => index), text: "x".repeat(200_000), odd: null }),
    () => ({ n: -1, list: "no list", text: 5, odd: { constructor: { a: 1 }, toString: "no" } }),
    () => ({ n: 1e308, list: [[], {}, null, STRANGE_TEXTS.slice()], text: "\ud800".repeat(1_000), odd: ODD_NAMES }),
    () => ({ n: 2, list: [{ id: 1 }], text: "y".repeat(1_000_000), odd: deep(dice.pick(DEPTHS)) }),
    () => deep(dice.pick(DEPTHS)),
    () => dice.pick<JsonValue>([null, [], {}, "", 0, false, ...STRANGE_TEXTS]),
    () => ({ n: 1, list: Array.from({ length: 100_000 }, () => 7), text: "[".repeat(50_000), odd: "{}" }),
  ])();
}

const ODD_NAMES: JsonValue = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2, "hasOwnProperty": 3, "": 4}');

/** Expressions that give what they should, too much, too deep, nothing at all, or that never come to an end. */
const EXPRESSIONS = [
  "1 + 1",
  "true",
  "false",
  "null",
  "input",
  "input.n",
  "input.list",
  "input.text",
  "input.odd",
  "input.no.such.thing",
  "input.n / 0",
  "input.n > 1",
  "nodes",
  "execution",
  "input.list.map(a, input.list)",
  "input.list.map(a, input.list.map(b, input.list.map(c, a + b + c)))",
  "input.list.filter(a, input.list.exists(b, b > a))",
  "input.list.all(a, input.list.all(b, input.list.all(c, a + b > c || true)))",
  "input.text + input.text + input.text + input.text",
  "[input.text].map(a, a + a).map(a, a + a).map(a, a + a).map(a, a + a).map(a, a + a).map(a, a + a)[0]",
  "[input.list].map(a, a + a).map(a, a + a).map(a, a + a).map(a, a + a).map(a, a + a).map(a, a + a)[0]",
  "[input].map(a, {'x': a, 'y': a}).map(a, {'x': a, 'y': a}).map(a, {'x': a, 'y': a}).map(a, {'x': a, 'y': a})[0]",
  "input.text.matches('(x+x+)+y')",
  "input.text.matches('^(a|aa|aaa)*$')",
  "input.text.matches('(((((((((x{0,9}){0,9}){0,9}){0,9}){0,9}){0,9}){0,9}){0,9}){0,9})')",
  "input.text.matches(input.odd)",
  "json(input)",
  "json(json(json(json(json(input)))))",
  "parse_json(input.text)",
  "parse_json(json(input))",
  "split(input.text, '')",
  "join(split(input.text, ''), 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy')",
  "sum(input.list)",
  "max(input.list) + min(input.list) + avg(input.list)",
  "merge(input, input)",
  "keys(input)",
  "values(input)",
  "b'abc'",
  "type(1)",
  "timestamp('2020-01-01T00:00:00Z')",
  "duration('1h')",
  "1.0 / 0.0",
  "input.list[99999999]",
  "input == input",
  "input.list in [input.list, input]",
  "has(input.n) ? input.n : 'x'",
  "'\\ud800'",
  "'__proto__'",
  "{'__proto__': {'a': 1}, 'constructor': 2}",
] as const;

/** Text that no parser takes; bare, or in braces. */
const BROKEN_EXPRESSIONS = [
  "",
  "((",
  "1 +",
  "nodes.",
  "unknown_function(1)",
  "a".repeat(5_000),
  "!".repeat(200),
  "x\u0000",
];

export function expression(dice: Dice): string {
  return dice.once(12) ? dice.pick(BROKEN_EXPRESSIONS) : dice.pick(EXPRESSIONS);
}

/** Something that should be true or false, most times. */
export function condition(dice: Dice): string {
  return dice.once(3)
    ? expression(dice)
    : dice.pick(["true", "false", "input.n > 1", "input.list.size() > 2", "1 < 2"]);
}

/** A template: plain values, and expressions alone, in text and in lists. */
export function template(dice: Dice): JsonValue {
  const inBraces = `\${{ ${expression(dice)} }}`;
  return dice.pick<() => JsonValue>([
    () => inBraces,
    () => inBraces,
    () => `before ${inBraces} after ${inBraces}`,
    () => ({ a: inBraces, b: [`\${{ ${expression(dice)} }}`], c: dice.pick(STRANGE_TEXTS) }),
    () => Array.from({ length: 20 }, () => "${{ input.text }}"),
    () => "x".repeat(60_000),
    () => dice.pick(STRANGE_TEXTS),
    () => ({ [dice.pick(STRANGE_TEXTS)]: inBraces }),
  ])();
}
