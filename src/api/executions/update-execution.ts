import { type Failure, type FieldViolation, invalidArgument, OrchestratorError } from "../../core/errors";
import type { ExecutionId } from "../../core/ids";
import { isJsonObject, type JsonValue } from "../../core/json";
import type { RefusalCode } from "../../engine/engine-types";
import type { RunReference, UpdateOutcome } from "../../temporal/runs-port";
import type { ApiContext } from "../api-context";
import { notFound } from "../requests/not-found";
import { loadExecution } from "./load-execution";
import { runReference } from "./repair-execution";

/** What a message, an answer and a request to steer differ in. */
export interface ExecutionUpdate {
  readonly executionId: ExecutionId;
  /** Whether the client can send it again; else the server made up the id. */
  readonly isRepeatable: boolean;
  /** What it is, for a person. */
  readonly what: "message" | "answer" | "steering";
  /** The request's field that a schema of the run is about, and the one that says what it is for. */
  readonly fields: {
    readonly content: "payload" | "form" | "output";
    readonly target: "name" | "node_id" | "concurrency";
  };
  send(run: RunReference): Promise<UpdateOutcome>;
}

/** Brings a running execution of a workflow what it waits for; every other end of that is an error. */
export async function updateExecution(context: ApiContext, update: ExecutionUpdate): Promise<void> {
  const { executionId: id, what } = update;
  const execution = await context.store.getExecution(id);
  if (execution === null) throw notFound("execution", id);
  if (execution.kind === "task") {
    const why =
      what === "steering"
        ? "has no nodes to steer; only executions of workflows have"
        : `waits for no ${what}; only executions of workflows do`;
    const message = `execution ${id} is of a task, which ${why}`;
    throw new OrchestratorError("FAILED_PRECONDITION", message);
  }
  const run = runReference(execution);
  // The record of a run that has just closed may say RUNNING, and a repeated request may be what ended the run: it decides.
  const mayBeTaken = execution.status === "RUNNING" || update.isRepeatable;
  if (!mayBeTaken || run === undefined) throw takesNothing(id, execution.status, what);
  const outcome = await update.send(run);
  switch (outcome.status) {
    case "taken":
      return;
    case "refused":
      throw refused(outcome.failure, update);
    case "reused": {
      const message = `the request_id was given to another request to execution ${id}; give this one an id of its own`;
      throw new OrchestratorError("ALREADY_EXISTS", message);
    }
    case "ended": {
      const { status } = await loadExecution(context, id);
      throw takesNothing(id, status === "RUNNING" ? "ending" : status, what);
    }
  }
}

function takesNothing(id: ExecutionId, status: string, what: string): OrchestratorError {
  return new OrchestratorError("FAILED_PRECONDITION", `execution ${id} is ${status} and takes no ${what} any more`);
}

/** A run of another version may refuse with a code that is not known here. */
function refused({ code, message, details }: Failure, { executionId, fields }: ExecutionUpdate): OrchestratorError {
  const known = code as RefusalCode;
  switch (known) {
    case "INPUT_INVALID":
      return invalidArgument(violationsOf(fields, message, details));
    case "NODE_UNKNOWN":
      return invalidArgument([{ field: fields.target, description: message }]);
    case "MESSAGE_TOO_LARGE":
    case "INBOX_FULL":
      return new OrchestratorError("RESOURCE_EXHAUSTED", message);
    case "APPROVER_REFUSED":
      return new OrchestratorError("PERMISSION_DENIED", message, {
        violations: [{ field: "by", description: message }],
      });
    case "APPROVAL_UNKNOWN":
    case "STATE_UNFIT":
    case "RUN_ENDING":
      break;
    default:
      known satisfies never;
  }
  return new OrchestratorError("FAILED_PRECONDITION", `execution ${executionId}: ${message}`);
}

/** One for each problem in the content; without any, it is for nothing that the run has. */
function violationsOf(
  fields: ExecutionUpdate["fields"],
  message: string,
  details: JsonValue | undefined,
): readonly FieldViolation[] {
  const problems = isJsonObject(details) && Array.isArray(details["problems"]) ? details["problems"] : [];
  const violations = problems.flatMap((problem: JsonValue): FieldViolation[] => {
    if (!isJsonObject(problem) || typeof problem["message"] !== "string") return [];
    const pointer = typeof problem["pointer"] === "string" ? problem["pointer"] : "";
    return [{ field: `${fields.content}${pointer}`, description: problem["message"] }];
  });
  return violations.length > 0 ? violations : [{ field: fields.target, description: message }];
}
