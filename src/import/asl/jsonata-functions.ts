import { nearName } from "../../definition/near-name";
import { cel, path, presence, toCel, type Value } from "../value";
import { textOf } from "./intrinsics";
import type { Ast, Translation } from "./jsonata";

type Write = (args: readonly string[]) => string;

/** By name: how many arguments, and what CEL says for them. Those that differ in a corner are left out. */
const FUNCTIONS: Readonly<Record<string, readonly [number, Write]>> = {
  count: [1, ([list]) => `size(${list})`],
  sum: [1, ([list]) => `sum(${list})`],
  max: [1, ([list]) => `max(${list})`],
  min: [1, ([list]) => `min(${list})`],
  average: [1, ([list]) => `avg(${list})`],
  not: [1, ([value]) => `!(${value})`],
  number: [1, ([value]) => `double(${value})`],
  length: [1, ([text]) => `size(${text})`],
  uppercase: [1, ([text]) => `${text}.upperAscii()`],
  lowercase: [1, ([text]) => `${text}.lowerAscii()`],
  contains: [2, ([text, part]) => `${text}.contains(${part})`],
  split: [2, ([text, separator]) => `split(${text}, ${separator})`],
  append: [2, ([left, right]) => `${left} + ${right}`],
  keys: [1, ([map]) => `keys(${map})`],
  floor: [1, ([value]) => `floor(double(${value}))`],
  ceil: [1, ([value]) => `ceil(double(${value}))`],
  parse: [1, ([text]) => `parse_json(${text})`],
};

const OTHERS = ["exists", "string", "join", "merge", "map", "filter"];

/** A call of one of JSONata's functions. */
export function callOf(ast: Ast, translation: Translation): Value {
  const { procedure } = ast;
  const args = ast.arguments ?? [];
  const name = procedure?.type === "variable" ? String(procedure.value) : "";
  const [first, second] = args;
  if (first === undefined) throw unknown(ast, name, translation);
  switch (`${name}/${args.length}`) {
    case "exists/1":
      return exists(first, translation);
    case "string/1":
      return cel(textOf([translation.value(first)]));
    case "join/1":
      return cel(`join(${translation.cel(first)}, "")`);
    case "join/2":
      return cel(`join(${translation.cel(first)}, ${translation.cel(second as Ast)})`);
    case "merge/1":
      return merged(first, translation);
    case "map/2":
    case "filter/2":
      return overList(name as "map" | "filter", first, second as Ast, translation);
  }
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known === undefined) throw unknown(ast, name, translation);
  const [count, write] = known;
  if (args.length !== count) throw translation.refused(ast, `$${name} is taken over with ${count} arguments only`);
  return cel(write(args.map((argument) => translation.cel(argument))));
}

function unknown(ast: Ast, name: string, translation: Translation): Error {
  const names = [...Object.keys(FUNCTIONS), ...OTHERS];
  if (names.includes(name)) return translation.refused(ast, `$${name} needs its arguments`);
  const near = nearName(name, names);
  const advice = near === undefined ? "make the value in a task" : `did you mean $${near}?`;
  return translation.refused(ast, `the function $${name} has no counterpart; ${advice}`);
}

function exists(ast: Ast, translation: Translation): Value {
  const { root, segments } = translation.reference(ast);
  return cel(presence(root, segments));
}

function merged(ast: Ast, translation: Translation): Value {
  if (ast.type !== "unary" || ast.value !== "[")
    throw translation.refused(ast, "$merge is taken over with a list written out, as in $merge([a, b])");
  const [first, ...rest] = (ast.expressions ?? []).map((item) => translation.value(item));
  if (first === undefined) return cel("{}");
  return cel(rest.reduce((text, value) => `merge(${text}, ${toCel(value)})`, toCel(first)));
}

function overList(name: "map" | "filter", list: Ast, lambda: Ast, translation: Translation): Value {
  const [item, ...more] = lambda.arguments ?? [];
  if (lambda.type !== "lambda" || item === undefined || lambda.body === undefined || more.length > 0)
    throw translation.refused(lambda, `$${name} is taken over with a function of one argument`);
  const variable = `v_${String(item.value)}`;
  const inner = translation.with({ [String(item.value)]: path(variable) });
  return cel(`${translation.cel(list)}.${name}(${variable}, ${inner.cel(lambda.body)})`);
}
