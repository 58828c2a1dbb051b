import type { ASTNode, ParseError } from "@marcbachmann/cel-js";
import type { JsonValue } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import { toJson } from "./cel-values";
import { environment, withFuel } from "./environment";
import { type Fuel, OUT_OF_FUEL } from "./fuel";
import { meter } from "./metering";
import { type ExpressionNames, namesIn } from "./names";
import { childrenOf } from "./syntax-tree";
import { unknownFunction } from "./unknown-function";

/** Longest expression, in UTF-16 units. One that is longer belongs in a task. */
export const MAX_EXPRESSION_LENGTH = 4_096;

export interface ExpressionError {
  readonly message: string;
  /** In the expression, from 1; absent where the error has no one place. */
  readonly column?: number;
  /** Of text that is CEL: it names a function that there is not, or what it does with values cannot be done. */
  readonly about?: "name" | "type";
  /** A near name. */
  readonly suggestion?: string;
}

/** An expression that parses and whose types, as far as they are known, fit. */
export interface Expression {
  readonly source: string;
  readonly names: ExpressionNames;
  /** For who looks at its parts; never changed. */
  readonly tree: ASTNode;
  /** CEL's name for the type of its value; `dyn` where only the run can tell. */
  readonly type: string;
  /** Gives plain JSON, or what went wrong; never throws. `variables` holds values that `fromJson` made readable. */
  evaluate(variables: Readonly<Record<string, unknown>>, fuel: Fuel): Result<JsonValue, ExpressionError>;
}

/** Expressions that are kept compiled. A definition rarely has more, and each takes a few KiB. */
const MAX_KEPT = 2_000;
const kept = new Map<string, Result<Expression, ExpressionError>>();

/** Compiles CEL; never throws. The same text is compiled once. */
export function parseExpression(source: string): Result<Expression, ExpressionError> {
  const known = kept.get(source);
  if (known !== undefined) return known;
  const compiled = compile(source);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(source, compiled);
  return compiled;
}

function compile(source: string): Result<Expression, ExpressionError> {
  if (source.trim() === "") return err({ message: "expression is empty" });
  if (source.length > MAX_EXPRESSION_LENGTH)
    return err({ message: `expression is longer than ${MAX_EXPRESSION_LENGTH} characters` });
  try {
    let parsed = environment().parse(source);
    let check = parsed.check();
    if (!check.valid && check.error?.code === "incompatible_ternary_branches") {
      parsed = environment().parse(source);
      letBranchesDiffer(parsed.ast);
      check = parsed.check();
    }
    if (!check.valid) {
      const unknown = unknownFunction(parsed.ast);
      return err(unknown === undefined ? { ...errorOf(check.error), about: "type" } : { ...unknown, about: "name" });
    }
    const names = namesIn(parsed.ast);
    meter(parsed.ast);
    const evaluate = (variables: Readonly<Record<string, unknown>>, fuel: Fuel) => run(parsed, variables, fuel);
    return ok({ source, names, tree: parsed.ast, type: check.type ?? "dyn", evaluate });
  } catch (error) {
    return err(errorOf(error));
  }
}

function run(
  parsed: (variables: Record<string, unknown>) => unknown,
  variables: Readonly<Record<string, unknown>>,
  fuel: Fuel,
): Result<JsonValue, ExpressionError> {
  const holder: Record<string, unknown> = { ...variables };
  try {
    const value = withFuel(fuel, () => toJson(parsed(holder), fuel));
    // `a || b` takes an error of one side for false if the other one is true; running out of fuel is not such an error.
    return fuel.isSpent ? err({ message: OUT_OF_FUEL.message }) : ok(value);
  } catch (error) {
    return err(errorOf(error));
  } finally {
    // A kept expression with a loop in it holds on to its last variables; without this, to whole inputs and outputs.
    for (const name of Object.keys(holder)) delete holder[name];
  }
}

/** `x > 3 ? "big" : null` is good JSON, but CEL wants one type: both branches are made dynamic. */
function letBranchesDiffer(root: ASTNode): void {
  const pending: ASTNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    pending.push(...childrenOf(node));
    if (node.op === "?:") for (const branch of [1, 2] as const) node.args[branch] = asDynamic(node.args[branch]);
  }
}

function asDynamic(node: ASTNode): ASTNode {
  const call = environment().parse("dyn(null)").ast;
  if (call.op === "call") call.args[1][0] = node;
  return call;
}

function errorOf(error: unknown): ExpressionError {
  if (!(error instanceof Error)) return { message: String(error) };
  const { summary, range } = error as Partial<ParseError>;
  if (error instanceof RangeError) return { message: "expression goes too deep or builds too large a value" };
  const message = (summary ?? error.message).slice(0, 1_000);
  return range === undefined ? { message } : { message, column: range.start + 1 };
}
