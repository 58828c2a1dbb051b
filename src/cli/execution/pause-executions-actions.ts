import { randomUUID } from "node:crypto";
import { ExecutionKind, ExecutionStatus } from "../../gen/proto/executions";
import { withSession } from "../connection/client-session";
import { isServiceError, STATUS } from "../connection/rpc-errors";
import { usageError } from "../exit-codes";
import { actOnMany, type BulkExecution, type BulkVerb, isOfMany } from "./bulk-executions";
import { type Send, steer } from "./execution-steering-actions";
import type { PauseOptions, ResumeOptions } from "./execution-steering-command";
import { userName } from "./execution-updates-actions";

const pause: Send =
  ({ connection }, signed) =>
  (...call) =>
    connection.executions.pauseExecution(signed, ...call);

export async function pauseExecutions(id: string | undefined, options: PauseOptions): Promise<void> {
  if (isOfMany(id, options)) await steerMany(options, PAUSING, pause);
  else await steer(id, options, { did: "paused" }, pause);
}

export async function resumeExecutions(id: string | undefined, options: ResumeOptions): Promise<void> {
  const step = options.step === true;
  const resume: Send =
    ({ connection }, signed) =>
    (...call) =>
      connection.executions.resumeExecution({ ...signed, step }, ...call);
  if (isOfMany(id, options)) await steerMany(options, RESUMING, resume);
  else await steer(id, options, { did: step ? "resumed for one step" : "resumed" }, resume);
}

const PAUSING = { command: "Pause", doing: "pausing", done: "paused", passedOver: "had ended or were paused" };
const RESUMING = { command: "Resume", doing: "resuming", done: "resumed", passedOver: "had ended or were not paused" };

async function steerMany(
  options: PauseOptions,
  words: Pick<BulkVerb, "command" | "doing" | "done" | "passedOver">,
  send: Send,
): Promise<void> {
  if (options.idempotencyKey !== undefined) throw usageError("--idempotency-key is for one execution");
  const by = options.by ?? userName();
  await withSession(options, async (session) => {
    const work = async ({ id: executionId }: BulkExecution) => {
      try {
        await session.connection.call(send(session, { executionId, by, requestId: randomUUID() }));
        return "done";
      } catch (error) {
        if (isServiceError(error) && (error.code === STATUS.failedPrecondition || error.code === STATUS.notFound))
          return "passed over";
        throw error;
      }
    };
    await actOnMany(session, options, {
      ...words,
      one: "running execution",
      statuses: [ExecutionStatus.EXECUTION_STATUS_RUNNING],
      fits: ({ kind }) => kind === ExecutionKind.EXECUTION_KIND_WORKFLOW,
      work,
    });
  });
}
