import type { ASTNode } from "@marcbachmann/cel-js";
import { boundVariable } from "../expressions/syntax-tree";
import { meantHint, nearName } from "../near-name";
import { accessField, accessIndex } from "./access";
import { neverEqual, neverIn } from "./equality";
import { probe, VARIABLES } from "./probe";
import { ANY, alternatives, BOOL, listOf, oneOf, typeName, unionOf, type ValueType } from "./value-type";

/** Something that goes wrong whatever the values are. */
export interface TypeMistake {
  readonly code: "EXPRESSION_NAME" | "EXPRESSION_TYPE";
  readonly message: string;
  /** In the expression, from 1. */
  readonly column: number;
  readonly suggestion?: string;
}

/** Type of a variable; undefined where it is not known, which is another check's problem. */
export type VariableTypes = (name: string) => ValueType | undefined;

/** The type of an expression's value, and what is sure to fail in it. */
export function inferType(
  root: ASTNode,
  variables: VariableTypes,
): { readonly type: ValueType; readonly errors: readonly TypeMistake[] } {
  const errors: TypeMistake[] = [];
  const type = infer(root, { variables, tell: (error) => errors.push(error) });
  return { type, errors };
}

interface Scope {
  readonly variables: VariableTypes;
  tell(error: TypeMistake): void;
}

/** Recursive, as deep as an expression may be nested. */
function infer(node: ASTNode, scope: Scope): ValueType {
  switch (node.op) {
    case "value":
      return literal(node.args);
    case "id":
      return scope.variables(node.args) ?? ANY;
    case ".":
    case ".?":
      return field(node, infer(node.args[0], scope), node.args[1], scope);
    case "[]":
    case "[?]":
      return index(node, scope);
    case "list":
      return listOf(node.args.length === 0 ? ANY : unionOf(node.args.map((item) => infer(item, scope))));
    case "map":
      return literalMap(node.args, scope);
    case "?:": {
      const [condition, ...branches] = node.args;
      expectBool(condition, scope);
      return unionOf(branches.map((branch) => infer(branch, scope)));
    }
    case "&&":
    case "||":
      for (const operand of node.args) expectBool(operand, scope);
      return BOOL;
    case "!_":
    case "-_": {
      const sign = node.op[0] ?? "";
      return applied(node, `${sign}a`, [infer(node.args, scope)], ([type]) => `'${sign}' does not take ${type}`, scope);
    }
    case "call":
      return call(node, scope);
    case "rcall":
      return method(node, scope);
    default: {
      const operands = node.args.map((operand) => infer(operand, scope));
      compareSoundly(node, operands, scope);
      const message = ([left, right]: readonly string[]) => `'${node.op}' does not take ${left} and ${right}`;
      return applied(node, `a ${node.op} b`, operands, message, scope);
    }
  }
}

/** What is always false, or always true, is a slip. */
function compareSoundly(node: ASTNode, [left = ANY, right = ANY]: readonly ValueType[], scope: Scope): void {
  if (node.op !== "==" && node.op !== "!=" && node.op !== "in") return;
  const found = node.op === "in" ? neverIn(left, right) : neverEqual(left, right);
  if (found !== undefined) scope.tell({ code: "EXPRESSION_TYPE", column: node.start + 1, ...found });
}

function literal(value: unknown): ValueType {
  if (value === null) return { kind: "null" };
  switch (typeof value) {
    case "string":
      return oneOf([value]);
    case "bigint":
      return { kind: "int" };
    case "number":
      return { kind: "double" };
    case "boolean":
      return BOOL;
    default:
      return ANY;
  }
}

function literalMap(entries: readonly (readonly [ASTNode, ASTNode])[], scope: Scope): ValueType {
  const fields = new Map<string, ValueType>();
  let isClosed = true;
  for (const [key, value] of entries) {
    const type = infer(value, scope);
    if (key.op === "value" && typeof key.args === "string") fields.set(key.args, type);
    else {
      infer(key, scope);
      isClosed = false;
    }
  }
  return { kind: "object", fields, rest: isClosed ? null : ANY };
}

function field(node: ASTNode, object: ValueType, name: string, scope: Scope): ValueType {
  const found = accessField(object, name);
  const isOptional = node.op === ".?" || node.op === "[?]";
  if (found.ok) return isOptional ? { kind: "optional", value: found.type } : found.type;
  // The dot stands in the middle of the node; the name is at its end.
  const column = node.op === "." || node.op === ".?" ? node.end - name.length + 1 : node.start + 1;
  const suggestion = nearName(name, found.known);
  const hint = meantHint(suggestion, knownNames(found.known));
  const message =
    found.known.length === 0
      ? `${typeName(object)} has no fields, so no '${name}'`
      : `there is no field '${name}'${hint}`;
  scope.tell({ code: "EXPRESSION_NAME", message, column, ...(suggestion === undefined ? {} : { suggestion }) });
  return ANY;
}

/** More names than these are not read. */
const MAX_SHOWN = 12;

function knownNames(names: readonly string[]): string {
  return names.length > MAX_SHOWN ? "" : `; known are ${names.join(", ")}`;
}

function index(node: ASTNode & { readonly op: "[]" | "[?]" }, scope: Scope): ValueType {
  const [object, key] = node.args;
  const type = infer(object, scope);
  const keyType = infer(key, scope);
  const isText = key.op === "value" && typeof key.args === "string";
  if (isText && alternatives(type).every(({ kind }) => kind !== "list"))
    return field(node, type, String(key.args), scope);
  const found = accessIndex(type, keyType);
  if (found === null) {
    const message = `${typeName(type)} cannot be indexed with ${typeName(keyType)}`;
    scope.tell({ code: "EXPRESSION_TYPE", message, column: key.start + 1 });
    return ANY;
  }
  return node.op === "[?]" ? { kind: "optional", value: found } : found;
}

function expectBool(node: ASTNode, scope: Scope): void {
  const type = infer(node, scope);
  if (alternatives(type).some(({ kind }) => kind === "bool" || kind === "any")) return;
  const message = `must be true or false here, but is ${typeName(type)}`;
  scope.tell({ code: "EXPRESSION_TYPE", message, column: node.start + 1 });
}

/** More combinations of alternatives are not tried out. */
const MAX_COMBINATIONS = 64;

/** What `text` gives for these operands, by trying all their alternatives; it is wrong only where none of them is taken. */
function applied(
  node: ASTNode,
  text: string,
  operands: readonly ValueType[],
  message: (types: readonly string[]) => string,
  scope: Scope,
): ValueType {
  let combinations: readonly (readonly ValueType[])[] = [[]];
  for (const operand of operands) {
    combinations = combinations.flatMap((before) => alternatives(operand).map((type) => [...before, type]));
    if (combinations.length > MAX_COMBINATIONS) return ANY;
  }
  const taken = combinations
    .map((types) => probe(text, types))
    .flatMap((probed) => (probed.takes ? [probed.type] : []));
  if (taken.length > 0) return unionOf(taken);
  scope.tell({ code: "EXPRESSION_TYPE", message: message(operands.map(typeName)), column: node.start + 1 });
  return ANY;
}

function call(node: ASTNode & { readonly op: "call" }, scope: Scope): ValueType {
  const [name, parameters] = node.args;
  const types = parameters.map((parameter) => infer(parameter, scope));
  if (name === "has") return BOOL;
  if (name === "dyn") return types[0] ?? ANY;
  const text = `${name}(${VARIABLES.slice(0, types.length).join(", ")})`;
  return applied(node, text, types, (names) => `${name}() does not take ${names.join(" and ")}`, scope);
}

function method(node: ASTNode & { readonly op: "rcall" }, scope: Scope): ValueType {
  const [name, receiver, parameters] = node.args;
  if (receiver.op === "id" && (receiver.args === "optional" || (receiver.args === "cel" && name !== "bind"))) {
    for (const parameter of parameters) infer(parameter, scope);
    return ANY;
  }
  const variable = boundVariable(node);
  if (variable !== undefined) return macro(node, variable, scope);
  const type = infer(receiver, scope);
  if (name === "optMap" || name === "optFlatMap") return ANY;
  const types = parameters.map((parameter) => infer(parameter, scope));
  if (alternatives(type).every(({ kind }) => kind === "optional")) return optionalMethod(name, type, types);
  const text = `a.${name}(${VARIABLES.slice(1, types.length + 1).join(", ")})`;
  const message = ([of, ...names]: readonly string[]) =>
    names.length === 0
      ? `${of} has no method ${name}()`
      : `${of} has no method ${name}() that takes ${names.join(" and ")}`;
  return applied(node, text, [type, ...types], message, scope);
}

function optionalMethod(name: string, type: ValueType, types: readonly ValueType[]): ValueType {
  const inner = unionOf(alternatives(type).map((one) => (one.kind === "optional" ? one.value : ANY)));
  if (name === "hasValue") return BOOL;
  if (name === "value") return inner;
  return name === "orValue" ? unionOf([inner, types[0] ?? ANY]) : ANY;
}

/** `list.map(x, ...)` and its like, and `cel.bind(x, value, ...)`. */
function macro(node: ASTNode & { readonly op: "rcall" }, variable: string, scope: Scope): ValueType {
  const [name, receiver, [, ...body]] = node.args;
  const isBind = name === "bind";
  const source = isBind ? body[0] : receiver;
  const type = source === undefined ? ANY : infer(source, scope);
  const bound = isBind ? type : elementType(type);
  if (bound === null) {
    const message = `${name}() does not go through ${typeName(type)}`;
    scope.tell({ code: "EXPRESSION_TYPE", message, column: receiver.start + 1 });
    return ANY;
  }
  const inner: Scope = {
    variables: (asked) => (asked === variable ? bound : scope.variables(asked)),
    tell: (error) => scope.tell(error),
  };
  const given = (isBind ? body.slice(1) : body).map((part) => infer(part, inner));
  const last = given.at(-1) ?? ANY;
  if (isBind) return last;
  if (name === "map") return listOf(last);
  return name === "filter" ? listOf(bound) : BOOL;
}

/** What a macro goes through: the items of a list, the keys of a map. Null where it is neither. */
function elementType(type: ValueType): ValueType | null {
  const elements = alternatives(type).flatMap((one): readonly ValueType[] => {
    if (one.kind === "any") return [ANY];
    if (one.kind === "list") return [one.items];
    return one.kind === "object" ? [{ kind: "string" }] : [];
  });
  return elements.length === 0 ? null : unionOf(elements);
}
