import { literal, ofNode } from "../value";

/** Names of ASL whose errors have another code here. Several codes where ASL has one name. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  "States.Timeout": ["TIMEOUT"],
  "States.HeartbeatTimeout": ["WORKER_LOST"],
  "States.DataLimitExceeded": ["OUTPUT_TOO_LARGE"],
  "States.ExceedToleratedFailureThreshold": ["MAP_FAILED"],
  "States.Runtime": ["EXPRESSION_FAILED"],
  "States.QueryEvaluationError": ["EXPRESSION_FAILED"],
  "States.ParameterPathFailure": ["EXPRESSION_FAILED"],
  "States.ResultPathMatchFailure": ["EXPRESSION_FAILED"],
  "States.Http.Socket": ["HTTP_CONNECTION"],
};

const ALL = "States.ALL";
const TASK_FAILED = "States.TaskFailed";

/** Whether nothing here ever fails so: errors of services of AWS. */
export function isOfAws(name: string): boolean {
  return /^(Lambda|Sagemaker|ECS|Glue|Batch|DynamoDB|SNS|SQS|AWS)\./i.test(name) || name === "States.Permissions";
}

/** The error that a failed node shows: CEL of its code, message and details. */
export interface ErrorView {
  readonly code: string;
  readonly message: string;
  readonly details: string;
}

/** What a failed node says itself. */
export function errorOf(nodeId: string): ErrorView {
  const error = ofNode(nodeId, "error");
  return { code: `${error}.code`, message: `${error}.message`, details: `${error}.details` };
}

/** CEL that is true where one of the names of an ErrorEquals is that of the error. Null: it always is. */
export function errorCondition(names: readonly string[], error: ErrorView): string | null {
  if (names.includes(ALL)) return null;
  return names.map((name) => nameCondition(name, error)).join(" || ");
}

function nameCondition(name: string, { code, details }: ErrorView): string {
  if (name === TASK_FAILED) return `${code} != "TIMEOUT"`;
  const [, status] = /^States\.Http\.StatusCode\.(\d{3})$/.exec(name) ?? [];
  if (status !== undefined) return `(${code} == "HTTP_STATUS" && ${details}.status == ${status})`;
  return codesOf(name)
    .map((text) => `${code} == ${literal(text)}`)
    .join(" || ");
}

/** The failure codes that a name stands for. */
export function codesOf(name: string): readonly string[] {
  return Object.hasOwn(CODES, name) ? (CODES[name] ?? [name]) : [name];
}
