import type { Failure } from "../core/errors";
import type { JsonObject } from "../core/json";
import type { ExpressionError } from "../definition/expressions/expression";
import type { Edge, Problem } from "../definition/graph-types";
import type { RenderError } from "../definition/templates";

/** Problems that a failure lists; more do not help, and the failure is kept in history. */
const MAX_LISTED = 20;

/** A template that did not evaluate. Pointers start at the node, or at the definition where `node` has no part in it. */
export function renderFailure(error: RenderError): Failure {
  const { message, column, pointer } = error;
  return {
    code: "EXPRESSION_FAILED",
    message: `${pointer}: ${message} (column ${column})`,
    details: { pointer, column },
  };
}

/** A condition that did not evaluate, or not to true or false. */
export function conditionFailure(error: ExpressionError, pointer: string, condition: string): Failure {
  const place = error.column === undefined ? {} : { column: error.column };
  return {
    code: "EXPRESSION_FAILED",
    message: `${pointer}: ${error.message}`,
    details: { pointer, expression: condition, ...place },
  };
}

/** A back edge that would be taken once too often. */
export function exhaustedFailure({ source, target, max }: Edge): Failure {
  const message = `the edge back from '${source}' to '${target}' was taken ${max ?? 1} times, its most`;
  return { code: "LOOP_EXHAUSTED", message, details: { source, target, max: max ?? 1 } };
}

/** What `catch` sees as `error`. */
export function errorVariable({ code, message, details }: Failure): JsonObject {
  return { code, message, details: details ?? null };
}

/** A value that does not match its schema. */
export function problemsFailure(
  code: "CONFIG_INVALID" | "INPUT_INVALID" | "OUTPUT_INVALID" | "TASK_TYPE_UNKNOWN",
  problems: readonly Problem[],
): Failure {
  const listed = problems.slice(0, MAX_LISTED);
  const message = listed
    .map(({ pointer, message: said }) => (pointer === "" ? said : `${pointer}: ${said}`))
    .join("; ");
  return { code, message, details: { problems: listed.map(problemJson) } };
}

function problemJson({ code, pointer, message, suggestion }: Problem): JsonObject {
  return { code, pointer, message, ...(suggestion === undefined ? {} : { suggestion }) };
}
