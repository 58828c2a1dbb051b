import type { Failure } from "../core/errors";
import type { JsonObject, JsonValue } from "../core/json";
import type { ExpressionError } from "../definition/expressions/expression";
import type { Edge, Problem } from "../definition/graph-types";
import type { RenderError } from "../definition/templates";

/** Problems that a failure lists; more do not help, and the failure is kept in history. */
const MAX_LISTED = 20;

/** Longest message that is kept, in UTF-16 units; a journal takes no longer one. */
const MAX_MESSAGE_LENGTH = 10_000;

/** Largest details that are kept, in UTF-16 units of JSON: a state holds those of every failed node. */
const MAX_DETAILS_LENGTH = 256 * 1_024;

/** What Temporal and those who match patterns against it can take for a code. */
const CODE = /^[A-Za-z0-9_.:-]{1,128}$/;

/** The failure as it can be kept, shown and sent: too long a message is cut, details that are too large are left out. */
export function keptFailure({ code, message, details }: Failure): Failure {
  return {
    code: CODE.test(code) ? code : "CONFIG_INVALID",
    message: String(message).slice(0, MAX_MESSAGE_LENGTH),
    ...(details === undefined || isTooLarge(details) ? {} : { details }),
  };
}

function isTooLarge(details: JsonValue): boolean {
  try {
    return JSON.stringify(details).length > MAX_DETAILS_LENGTH;
  } catch {
    return true;
  }
}

/** A part of a node that is not what this version can run: the parser of another one may have let it through. */
export function brokenNodeFailure(pointer: string, error: unknown): Failure {
  const why = error instanceof Error ? error.message : String(error);
  return { code: "CONFIG_INVALID", message: `${pointer}: cannot be run as it stands: ${why}`, details: { pointer } };
}

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
  code: "CONFIG_INVALID" | "DEFINITION_INVALID" | "INPUT_INVALID" | "OUTPUT_INVALID" | "TASK_TYPE_UNKNOWN",
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
