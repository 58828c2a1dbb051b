import { isJsonObject, type JsonObject } from "../../core/json";
import type { ExecutionEvent } from "../../events/event-types";
import { EventFold, type FoldedEvents } from "../../events/fold-events";
import { type Execution, ExecutionKind, ExecutionStatus } from "../../gen/proto/executions";
import type { Workflow } from "../../gen/proto/workflows";
import type { Connection } from "../connection/connection";
import { CliError, EXIT_CODES, usageError } from "../exit-codes";
import { decodeEvent } from "../follow/stream-event";
import { parseJson } from "../options/values";
import { workflowVersion } from "../workflow/workflow-version";

/** The record of a workflow's execution. */
export async function executionOf(connection: Connection, id: string): Promise<Execution> {
  const execution = await connection.call<Execution>((...call) => connection.executions.getExecution({ id }, ...call));
  if (execution.kind === ExecutionKind.EXECUTION_KIND_WORKFLOW) return execution;
  throw usageError(`execution ${id} is one of a task`, "Only workflows have a graph.");
}

/** A stored definition: of an execution's own workflow the version that it runs, of any other the newest. */
export async function storedDefinition(
  connection: Connection,
  workflowId: string,
  execution?: Execution,
): Promise<{ readonly name: string; readonly definition: JsonObject }> {
  const workflow = await connection.call<Workflow>((...call) =>
    connection.workflows.getWorkflow({ id: workflowId }, ...call),
  );
  const version = execution?.subjectId === workflowId ? execution.workflowVersion : undefined;
  // Of a server that keeps no versions the newest definition is the nearest to the one that ran.
  const ran = version === undefined ? undefined : await workflowVersion(connection, { workflowId, version });
  const definition = parseJson(ran?.definition ?? workflow.definition, `workflow ${workflowId}`);
  if (isJsonObject(definition)) return { name: workflow.name, definition };
  throw new CliError(EXIT_CODES.failed, `workflow ${workflowId} is no definition`);
}

/** A stream that has been silent for so long has said all that has happened; what is read comes without pauses. */
const SILENCE_MS = 500;

/**
 * All that has happened so far. The stream of an execution that still runs has no end: it is read until it falls silent, or
 * until it tells of what happened after it was asked.
 */
export async function readEventsSoFar(connection: Connection, { id, status }: Execution): Promise<FoldedEvents> {
  const fold = new EventFold();
  const isRunning =
    status === ExecutionStatus.EXECUTION_STATUS_RUNNING || status === ExecutionStatus.EXECUTION_STATUS_PENDING;
  const askedAtMs = Date.now();
  const stream = connection.executions.watchExecution({ id }, connection.metadata());
  let hasEnough = false;
  const stop = () => {
    hasEnough = true;
    stream.cancel();
  };
  // Cancelling makes an error that nobody waits for.
  stream.on("error", () => undefined);
  let silence = isRunning ? setTimeout(stop, 10 * SILENCE_MS) : undefined;
  try {
    for await (const message of stream) {
      const event: ExecutionEvent | null = decodeEvent(message);
      if (event !== null) fold.add(event);
      if (!isRunning) continue;
      clearTimeout(silence);
      if (Date.parse(message.timestamp) > askedAtMs) break;
      silence = setTimeout(stop, SILENCE_MS);
    }
  } catch (error) {
    if (!hasEnough) throw error;
  } finally {
    clearTimeout(silence);
    stream.cancel();
  }
  return fold.folded();
}
