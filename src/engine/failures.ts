import type { Failure } from "../core/errors";
import type { JsonObject } from "../core/json";
import type { ExpressionError } from "../definition/expressions/expression";
import type { Problem } from "../definition/graph-types";
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

export function conditionFailure(error: ExpressionError, edge: number, condition: string): Failure {
  const pointer = `/edges/${edge}/condition`;
  const place = error.column === undefined ? {} : { column: error.column };
  return {
    code: "EXPRESSION_FAILED",
    message: `${pointer}: ${error.message}`,
    details: { pointer, expression: condition, ...place },
  };
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
