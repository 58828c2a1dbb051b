import { durationText } from "../../core/duration-text";
import type { ExecutionEvent } from "../../events/event-types";
import { type Execution, ExecutionStatus } from "../../gen/proto/executions";
import type { ClientSession } from "../connection/client-session";
import { describeRpcError, isServiceError } from "../connection/rpc-errors";
import { CliError, EXIT_CODES } from "../exit-codes";
import { interruptionOf } from "../interrupt";
import { harmless, jsonText } from "../output/terminal-text";
import { followExecution } from "./follow-execution";
import { type Followed, type FollowView, isLive, openFollowView, writeNotice } from "./follow-view";
import { type Outcome, outcomeOf } from "./progress";

export interface FollowToEndRequest extends Followed {
  readonly after?: string;
  readonly reconnectForMs: number;
  readonly isReached: boolean;
  readonly signal: AbortSignal;
  /** Says how to go on after Ctrl-C; by default that the execution goes on, and how to watch and cancel it. */
  readonly describeInterrupted?: ((executionId: string) => string) | undefined;
}

/** Follows an execution to its end, shows it, and returns the exit code. */
export async function followToEnd(session: ClientSession, request: FollowToEndRequest): Promise<number> {
  const view = openFollowView(session.config, request);
  const seen: { first?: ExecutionEvent; last?: ExecutionEvent } = {};
  let end: "ended" | "stopped";
  try {
    end = await followExecution(session.connection, {
      ...request,
      onEvent: (event) => {
        seen.first ??= event;
        seen.last = event;
        view.event(event);
      },
      ...connectionNotices(view, session.connection.url),
    });
  } catch (error) {
    view.close();
    throw isServiceError(error) ? lostFor(error, session, request.executionId) : error;
  }
  view.close();
  if (end === "stopped") {
    writeNotice((request.describeInterrupted ?? goesOn)(request.executionId));
    return interruptionOf(request.signal).exitCode;
  }
  const last = seen.last;
  if (last === undefined || (last.type !== "COMPLETED" && last.type !== "FAILED"))
    return endFromRecord(session, request.executionId);
  const outcome = outcomeOf(last);
  const durationMs = Date.parse(last.timestamp) - Date.parse((seen.first ?? last).timestamp);
  await showOutcome(session, request.executionId, outcome, durationMs);
  return outcome.status === "completed" ? EXIT_CODES.done : EXIT_CODES.failed;
}

function connectionNotices(view: FollowView, url: string) {
  return {
    onConnectionLost: () => view.notice(`lost the connection; the execution goes on; reconnecting to ${url} ...`),
    onReconnected: () => view.notice("reconnected"),
  };
}

export function goesOn(executionId: string): string {
  return (
    `detached; the execution goes on\n` +
    `  watch it:  aco execution watch ${executionId}\n` +
    `  cancel it: aco execution cancel ${executionId}`
  );
}

/** What a server's refusal or absence means for somebody who follows an execution. */
export function lostFor(
  error: Parameters<typeof describeRpcError>[0],
  session: ClientSession,
  executionId: string,
): CliError {
  const described = describeRpcError(error, session.connection.url);
  if (described.exitCode !== EXIT_CODES.unreachable) return described;
  return new CliError(
    described.exitCode,
    described.message,
    `${described.hint === undefined ? "" : `${described.hint}\n`}Then go on with: aco execution watch ${executionId}`,
  );
}

/** Shows what the stream's last event said, in full: the whole output, also where the event had only its size. */
export async function showOutcome(session: ClientSession, executionId: string, outcome: Outcome, durationMs: number) {
  const { format } = session.config;
  if (format === "json") return;
  const { stdout } = process;
  if (isLive(session.config)) stdout.write(`${summary(outcome, durationMs)}\n`);
  const output =
    outcome.status === "completed" && outcome.outputBytes !== undefined && outcome.output === undefined
      ? await wholeOutput(session, executionId)
      : outcome.output;
  if (output !== undefined) stdout.write(`${format === "table" ? jsonText(output, 2) : jsonText(output)}\n`);
}

function summary(outcome: Outcome, durationMs: number): string {
  const took = durationText(durationMs);
  if (outcome.status === "completed") return `completed in ${took}`;
  const at = outcome.nodeId === undefined ? "" : ` at ${outcome.nodeId}`;
  return `${outcome.status}${at} after ${took}: ${harmless(outcome.error)} (${outcome.code})`;
}

async function wholeOutput({ connection }: ClientSession, id: string): Promise<unknown> {
  const execution = await connection.call<Execution>((...call) => connection.executions.getExecution({ id }, ...call));
  return execution.output === undefined ? undefined : JSON.parse(execution.output);
}

/** `--after` the last event: the stream is empty, and how it ended is in the record. */
async function endFromRecord({ connection }: ClientSession, id: string): Promise<number> {
  const { status } = await connection.call<Execution>((...call) => connection.executions.getExecution({ id }, ...call));
  return status === ExecutionStatus.EXECUTION_STATUS_COMPLETED ? EXIT_CODES.done : EXIT_CODES.failed;
}
