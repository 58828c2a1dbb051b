import jsonata from "jsonata";
import { cel, constant, objectOf, operand, type Segment, select, type Value } from "../value";
import { textOf } from "./intrinsics";
import { callOf } from "./jsonata-functions";
import { NotMapped, type Scope } from "./scope";

/** What jsonata's parser gives; its published types leave out half of it. */
export interface Ast {
  readonly type: string;
  readonly value?: unknown;
  readonly position?: number;
  readonly steps?: readonly Ast[];
  readonly stages?: readonly { readonly type: string; readonly expr?: Ast; readonly position?: number }[];
  readonly keepArray?: boolean;
  readonly group?: unknown;
  readonly predicate?: readonly unknown[];
  readonly lhs?: unknown;
  readonly rhs?: Ast;
  readonly expressions?: readonly Ast[];
  readonly expression?: Ast;
  readonly condition?: Ast;
  readonly then?: Ast;
  readonly else?: Ast;
  readonly procedure?: Ast;
  readonly arguments?: readonly Ast[];
  readonly body?: Ast;
}

const OPERATORS: Readonly<Record<string, string>> = {
  "=": "==",
  "!=": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  and: "&&",
  or: "||",
  in: "in",
  "+": "+",
  "-": "-",
  "*": "*",
  "%": "%",
};

/** Whether a text is `{% ... %}`. */
export function isJsonata(text: string): boolean {
  return text.startsWith("{%") && text.endsWith("%}");
}

/** The value of `{% ... %}`. Throws NotMapped, with the column, where there is no counterpart. */
export function resolveJsonata(text: string, scope: Scope): Value {
  const source = text.slice(2, -2);
  let ast: Ast;
  try {
    ast = jsonata(source).ast() as unknown as Ast;
  } catch (error) {
    const { message = "it cannot be read", position } = error as { message?: string; position?: number };
    throw new NotMapped(`${placeOf(position)}: ${message}`);
  }
  return new Translation(scope).value(ast);
}

function placeOf(position: number | undefined): string {
  return position === undefined ? "JSONata" : `JSONata, column ${position + 2}`;
}

/** One expression. Columns count from the start of the field's text, `{%` included. */
export class Translation {
  readonly #scope: Scope;
  readonly #names: ReadonlyMap<string, Value>;

  constructor(scope: Scope, names: ReadonlyMap<string, Value> = scope.variables) {
    this.#scope = scope;
    this.#names = names;
  }

  /** The same with names of a function's arguments. */
  with(names: Readonly<Record<string, Value>>): Translation {
    return new Translation(this.#scope, new Map([...this.#names, ...Object.entries(names)]));
  }

  cel(ast: Ast): string {
    return operand(this.value(ast));
  }

  value(ast: Ast): Value {
    if (ast.group !== undefined) throw this.refused(ast, "grouping { } behind a path has no counterpart");
    if (ast.predicate !== undefined)
      throw this.refused(ast, "[ ] behind anything but a path has no counterpart; put the value into a variable first");
    switch (ast.type) {
      case "string":
      case "number":
      case "value":
        return constant(ast.value as string | number | boolean | null);
      case "variable":
      case "path":
        return this.#path(ast);
      case "binary":
        return this.#binary(ast);
      case "unary":
        return this.#unary(ast);
      case "condition":
        return this.#condition(ast);
      case "function":
        return callOf(ast, this);
      case "block":
        return this.#block(ast);
      case "name":
        throw this.refused(ast, `'${String(ast.value)}' names nothing; write $states.input.${String(ast.value)}`);
      default:
        throw this.refused(ast, `${describe(ast)} has no counterpart`);
    }
  }

  /** A path's root and the members that follow it. */
  reference(ast: Ast): { readonly root: Value; readonly segments: readonly Segment[] } {
    const [first, ...rest] = ast.type === "path" ? (ast.steps ?? []) : [ast];
    if (first === undefined || first.type !== "variable") {
      const name = String(first?.value ?? "");
      throw this.refused(first ?? ast, `'${name}' has no root to start from; write $states.input.${name}`);
    }
    const segments = rest.flatMap((step) => this.#segments(step));
    const indices = this.#indices(first);
    if (first.value !== "states") return { root: this.#variable(first), segments: [...indices, ...segments] };
    const [field, ...deeper] = segments;
    return { root: this.#state(first, field), segments: deeper };
  }

  refused(ast: Ast, message: string): NotMapped {
    return new NotMapped(`${placeOf(ast.position)}: ${message}`);
  }

  #path(ast: Ast): Value {
    const { root, segments } = this.reference(ast);
    const value = select(root, segments);
    if (value === undefined)
      throw this.refused(ast, "the path names nothing: the value there is known, and has no such member");
    return value;
  }

  #variable(ast: Ast): Value {
    const name = String(ast.value);
    const variable = this.#names.get(name);
    if (variable !== undefined) return variable;
    throw this.refused(
      ast,
      name === "" || name === "$"
        ? "the context value $ has no counterpart"
        : `no state on the way here assigns $${name}`,
    );
  }

  #state(ast: Ast, field: Segment | undefined): Value {
    const { input, result, errorOutput, context } = this.#scope;
    const found = { input, result, errorOutput, context }[String(field)];
    if (found === undefined) throw this.refused(ast, `$states.${String(field ?? "")} is not there in this field`);
    return found;
  }

  #segments(step: Ast): readonly Segment[] {
    if (step.keepArray === true) throw this.refused(step, "[] that keeps a list has no counterpart");
    if (step.type !== "name" && step.type !== "string")
      throw this.refused(
        step,
        `${describe(step)} inside a path has no counterpart; use $map or $filter with a function`,
      );
    return [String(step.value), ...this.#indices(step)];
  }

  #indices(step: Ast): readonly number[] {
    return (step.stages ?? []).map(({ expr, position }) => {
      if (expr?.type === "number" && Number.isInteger(expr.value) && Number(expr.value) >= 0) return Number(expr.value);
      const at = position === undefined ? step : { ...step, position };
      throw this.refused(at, "a predicate or computed index [ ] has no counterpart; use $filter with a function");
    });
  }

  #binary(ast: Ast): Value {
    const [left, right] = [ast.lhs as Ast, ast.rhs as Ast];
    const sign = String(ast.value);
    if (sign === "&") return cel(textOf([this.value(left), this.value(right)]));
    // Of whole-number literals, CEL's own cuts off.
    if (sign === "/") return cel(`double(${this.cel(left)}) / ${this.cel(right)}`);
    const operator = Object.hasOwn(OPERATORS, sign) ? OPERATORS[sign] : undefined;
    if (operator === undefined) throw this.refused(ast, `the operator '${sign}' has no counterpart`);
    return cel(`${this.cel(left)} ${operator} ${this.cel(right)}`);
  }

  #unary(ast: Ast): Value {
    switch (ast.value) {
      case "-":
        return cel(`-(${this.cel(ast.expression as Ast)})`);
      case "[": {
        const items = (ast.expressions ?? []).map((item) => this.value(item));
        return { kind: "list", items };
      }
      case "{":
        return objectOf(Object.fromEntries((ast.lhs as readonly [Ast, Ast][]).map((pair) => this.#member(pair))));
      default:
        throw this.refused(ast, `${describe(ast)} has no counterpart`);
    }
  }

  #member([name, value]: readonly [Ast, Ast]): readonly [string, Value] {
    if (name.type !== "string") throw this.refused(name, "a computed name of a member has no counterpart");
    return [String(name.value), this.value(value)];
  }

  #condition(ast: Ast): Value {
    if (ast.else === undefined) throw this.refused(ast, "? : without an else has no counterpart; add ': null'");
    const condition = this.cel(ast.condition as Ast);
    return cel(`${condition} ? ${this.cel(ast.then as Ast)} : ${this.cel(ast.else)}`);
  }

  /** `($a := 1; $a + 1)`: names are put in where they are used. */
  #block(ast: Ast): Value {
    let inner: Translation = this;
    const steps = [...(ast.expressions ?? [])];
    const last = steps.pop();
    if (last === undefined) throw this.refused(ast, "an empty ( ) has no counterpart");
    for (const step of steps) {
      if (step.type !== "bind") throw this.refused(step, "in ( ; ) only $name := value may stand before the last part");
      const value = inner.value(step.rhs as Ast);
      inner = inner.with({ [String((step.lhs as Ast).value)]: value });
    }
    return inner.value(last);
  }
}

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  wildcard: "a wildcard *",
  descendant: "a descent **",
  parent: "the parent operator %",
  lambda: "a function outside $map and $filter",
  apply: "the chain operator ~>",
  bind: "an assignment",
  transform: "a transform | |",
  regex: "a regular expression",
  sort: "sorting ^( )",
  partial: "partial application",
  block: "( )",
  unary: "a constructor",
};

function describe(ast: Ast): string {
  return DESCRIPTIONS[ast.type] ?? `'${String(ast.value)}' (${ast.type})`;
}
