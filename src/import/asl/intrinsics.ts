import type { JsonValue } from "../../core/json";
import { cel, constant, literal, operand, toCel, type Value } from "../value";
import { resolvePath } from "./json-path";
import { NotMapped, type Scope } from "./scope";

type Intrinsic = (args: readonly Value[]) => string;

/** Text as States.Format and JSONata's & have it: strings as they are, anything else as JSON. */
export function textOf(values: readonly Value[]): string {
  return `join([${values.map(toCel).join(", ")}], "")`;
}

const INTRINSICS: Readonly<Record<string, readonly [number, Intrinsic]>> = {
  StringToJson: [1, ([text]) => `parse_json(${toCel(need(text))})`],
  JsonToString: [1, ([value]) => `json(${toCel(need(value))})`],
  ArrayLength: [1, ([list]) => `size(${toCel(need(list))})`],
  ArrayContains: [2, ([list, item]) => `${operand(need(item))} in ${operand(need(list))}`],
  ArrayGetItem: [2, ([list, index]) => `${operand(need(list))}[int(${toCel(need(index))})]`],
  MathAdd: [2, ([left, right]) => `${operand(need(left))} + ${operand(need(right))}`],
};

function need(value: Value | undefined): Value {
  if (value === undefined) throw new NotMapped("an argument is missing");
  return value;
}

/** An intrinsic function, such as `States.Format('{} of {}', $.done, $.all)`. */
export function resolveIntrinsic(text: string, scope: Scope): Value {
  const reader = new Reader(text, scope);
  const value = reader.argument();
  reader.end();
  return value;
}

function called(name: string, args: readonly Value[]): Value {
  if (name === "Array") return { kind: "list", items: args };
  if (name === "Format") return cel(formatted(args));
  if (name === "JsonMerge") return cel(merged(args));
  if (name === "StringSplit") return cel(splitAt(args));
  const known = INTRINSICS[name];
  if (known === undefined || !Object.hasOwn(INTRINSICS, name))
    throw new NotMapped(`States.${name} has no counterpart; make the value in a task`);
  const [count, make] = known;
  if (args.length !== count) throw new NotMapped(`States.${name} takes ${count} arguments, not ${args.length}`);
  return cel(make(args));
}

function formatted([template, ...values]: readonly Value[]): string {
  if (template?.kind !== "constant" || typeof template.value !== "string")
    throw new NotMapped("States.Format whose first argument is no text in quotes has no counterpart");
  const pieces = template.value.split("{}");
  if (pieces.length !== values.length + 1)
    throw new NotMapped(`States.Format has ${pieces.length - 1} times {} and ${values.length} values`);
  const parts = pieces.flatMap((piece, index) => {
    const value = values[index - 1];
    return [...(value === undefined ? [] : [value]), ...(piece === "" ? [] : [constant(piece)])];
  });
  return textOf(parts);
}

function merged([left, right, deep]: readonly Value[]): string {
  if (deep?.kind !== "constant" || deep.value !== false)
    throw new NotMapped("States.JsonMerge takes false as its third argument: there is no deep merge");
  return `merge(${toCel(need(left))}, ${toCel(need(right))})`;
}

function splitAt([text, separator]: readonly Value[]): string {
  // States.StringSplit splits at each of the separator's characters, and leaves out empty pieces.
  if (separator?.kind !== "constant" || typeof separator.value !== "string" || [...separator.value].length !== 1)
    throw new NotMapped("States.StringSplit is taken over with one character to split at");
  return `split(${toCel(need(text))}, ${literal(separator.value)}).filter(piece, piece != "")`;
}

class Reader {
  readonly #text: string;
  readonly #scope: Scope;
  #at = 0;

  constructor(text: string, scope: Scope) {
    this.#text = text;
    this.#scope = scope;
  }

  argument(): Value {
    const name = this.#take(/\s*States\.([A-Za-z0-9]+)\s*\(/y);
    if (name !== undefined) return called(name, this.#arguments());
    const text = this.#take(/\s*'((?:[^'\\]|\\.)*)'/y);
    if (text !== undefined) return constant(text.replaceAll(/\\(.)/g, "$1"));
    const word = this.#take(/\s*(true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y);
    if (word !== undefined) return constant(JSON.parse(word) as JsonValue);
    const path = this.#take(/\s*(\$(?:[^\s,)['"]|\['(?:[^'\\]|\\.)*'\]|\[[^\]']*\])*)/y);
    if (path !== undefined) return resolvePath(path, this.#scope);
    throw this.#broken();
  }

  end(): void {
    if (this.#text.slice(this.#at).trim() !== "") throw this.#broken();
  }

  #arguments(): readonly Value[] {
    const args: Value[] = [];
    if (this.#take(/\s*(\))/y) !== undefined) return args;
    for (;;) {
      args.push(this.argument());
      const sign = this.#take(/\s*([,)])/y);
      if (sign === ")") return args;
      if (sign === undefined) throw this.#broken();
    }
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return undefined;
    this.#at = pattern.lastIndex;
    return found[1];
  }

  #broken(): NotMapped {
    return new NotMapped(`'${this.#text}' cannot be read from column ${this.#at + 1} on`);
  }
}
