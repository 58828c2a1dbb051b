import { setTimeout as sleep } from "node:timers/promises";
import { type ApplicationFailure, type Client, WorkflowUpdateFailedError } from "@temporalio/client";
import { OrchestratorError } from "../core/errors";
import type { JsonValue } from "../core/json";
import { contentHash } from "../starting/content-hash";
import {
  ANSWER_UPDATE,
  type AnswerApprovalInput,
  SEND_MESSAGE_UPDATE,
  type SendMessageInput,
  STEER_UPDATE,
  type SteerRunInput,
} from "../workflows/history-contract";
import { grpcCodeOf, isNotFound, isUnreachable, whileNamespaceMissing } from "./grpc-errors";
import { KeyedLimit } from "./keyed-limit";
import type { RunReference, RunState, RunUpdates, UpdateOutcome } from "./runs-port";

/** A worker answers within 50 ms; one that was just started needs some seconds to load the run's history. */
const UPDATE_TIMEOUT_MS = 10_000;

/** Temporal lets 10 updates of a run be in flight at once; another API may have some. More wait for their turn here. */
const MAX_IN_FLIGHT = 8;

/** A run that continues as new turns an update away that comes just then; the next run takes it. */
const RETRY_PAUSE_MS = 100;

/** gRPC status codes, by the specification. */
const CANCELLED = 1;
const DEADLINE_EXCEEDED = 4;
const RESOURCE_EXHAUSTED = 8;
const FAILED_PRECONDITION = 9;
const ABORTED = 10;

/**
 * The run, and whether Temporal answers, decide what these mean. The native client calls a deadline that passed CANCELLED. Temporal
 * says FAILED_PRECONDITION when the workflow task failed that had the update in hand, as one does that would have ended a run
 * which has just got a signal.
 */
const UNDECIDED: ReadonlySet<number | undefined> = new Set([
  CANCELLED,
  DEADLINE_EXCEEDED,
  FAILED_PRECONDITION,
  ABORTED,
]);

/** What Temporal makes of an update whose run closed between taking it and answering. */
const CLOSED_WITHOUT_ANSWER = "AcceptedUpdateCompletedWorkflow";

interface Update {
  readonly name: string;
  readonly input: (SendMessageInput | AnswerApprovalInput | SteerRunInput) & { readonly requestId: string };
}

/** Messages, answers and steering as Temporal updates; see `RunUpdates`. `state` tells a run that closed from one that goes on anew. */
export function createRunUpdates(options: {
  readonly client: Client;
  state(run: RunReference): Promise<RunState | null>;
}): RunUpdates {
  const limit = new KeyedLimit(MAX_IN_FLIGHT);
  const send = (run: RunReference, update: Update) => {
    const deadline = Date.now() + UPDATE_TIMEOUT_MS;
    return limit.run(run.temporalWorkflowId, deadline, tooMany, () =>
      sendUpdate(options.client, options.state, run, update, deadline),
    );
  };
  return {
    sendMessage: (run, input) => send(run, { name: SEND_MESSAGE_UPDATE, input }),
    answerApproval: (run, input) => send(run, { name: ANSWER_UPDATE, input }),
    steer: (run, input) => send(run, { name: STEER_UPDATE, input }),
  };
}

async function sendUpdate(
  client: Client,
  state: (run: RunReference) => Promise<RunState | null>,
  run: RunReference,
  update: Update,
  deadline: number,
): Promise<UpdateOutcome> {
  const requestHash = hashOf(update);
  for (; ; await sleep(RETRY_PAUSE_MS)) {
    let crowded: unknown;
    try {
      const taken = await execute(client, run, { ...update, input: { ...update.input, requestHash } }, deadline);
      // A run of before does not tell.
      return { status: typeof taken === "string" && taken !== requestHash ? "reused" : "taken" };
    } catch (error) {
      if (error instanceof WorkflowUpdateFailedError) return outcomeOf(error.cause);
      const code = grpcCodeOf(error);
      if (code === RESOURCE_EXHAUSTED) crowded = error;
      else if (!isNotFound(error) && !UNDECIDED.has(code)) throw unreachable(error);
    }
    // Throws where it was Temporal that did not answer.
    if ((await state(run))?.status !== "RUNNING") return { status: "ended" };
    if (Date.now() >= deadline) throw crowded === undefined ? noWorker() : tooMany(crowded);
  }
}

/** What the API adds by itself may be otherwise when a client repeats its request. */
function hashOf({ name, input }: Update): string {
  const {
    timeoutAtMs: _deadline,
    attempt: _attempt,
    isWaiting: _isWaiting,
    ...asked
  } = input as unknown as Readonly<Record<string, JsonValue>>;
  return contentHash([name, asked]);
}

/** Resolves once the update is in history and its handler is done. Throws what the SDK throws. */
function execute(client: Client, run: RunReference, { name, input }: Update, deadline: number): Promise<unknown> {
  // Whichever run of the chain is the present one, and no later one under the same workflow id.
  const options = { firstExecutionRunId: run.temporalRunId };
  const handle = client.workflow.getHandle(run.temporalWorkflowId, undefined, options);
  return whileNamespaceMissing(() =>
    client.connection.withDeadline(deadline, () =>
      handle.executeUpdate(name, { args: [input], updateId: input.requestId }),
    ),
  );
}

/** What the handler, or Temporal in its place, said no with. */
function outcomeOf(cause: Error | undefined): UpdateOutcome {
  const { message = "", type, details } = (cause ?? {}) as Partial<ApplicationFailure>;
  if (type === CLOSED_WITHOUT_ANSWER) return { status: "ended" };
  const detail = details?.[0] as JsonValue | undefined;
  const failure = { code: type ?? "INTERNAL", message, ...(detail === undefined ? {} : { details: detail }) };
  return { status: "refused", failure };
}

function unreachable(error: unknown): unknown {
  if (!isUnreachable(error)) return error;
  return new OrchestratorError("UNAVAILABLE", "Temporal cannot be reached", { cause: error });
}

function noWorker(): OrchestratorError {
  return new OrchestratorError(
    "UNAVAILABLE",
    `no worker answered within ${UPDATE_TIMEOUT_MS / 1_000} s: none is running, or all are busy. The request may still be ` +
      "taken; send it again with the same request_id",
  );
}

function tooMany(cause?: unknown): OrchestratorError {
  const message = "the execution has too many requests in flight; send it again, with the same request_id";
  return new OrchestratorError("UNAVAILABLE", message, { cause });
}
