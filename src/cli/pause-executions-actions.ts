import { randomUUID } from "node:crypto";
import { ExecutionKind, ExecutionStatus, type SteeringResponse } from "../gen/proto/executions";
import { actOnMany, type BulkExecution, type BulkVerb, isOfMany } from "./bulk-executions";
import { withSession } from "./client-session";
import type { Connection } from "./connection";
import { steer } from "./execution-steering-actions";
import type { PauseOptions, ResumeOptions } from "./execution-steering-command";
import { userName } from "./execution-updates-actions";
import { usageError } from "./exit-codes";
import { isServiceError, STATUS } from "./rpc-errors";

export async function pauseExecutions(id: string | undefined, options: PauseOptions): Promise<void> {
  if (isOfMany(id, options) || id === undefined) {
    await steerMany(options, PAUSING, (connection, signed) =>
      connection.call<SteeringResponse>((...call) => connection.executions.pauseExecution(signed, ...call)),
    );
    return;
  }
  await steer(
    id,
    options,
    { did: "paused" },
    ({ connection }, signed) =>
      (...call) =>
        connection.executions.pauseExecution(signed, ...call),
  );
}

export async function resumeExecutions(id: string | undefined, options: ResumeOptions): Promise<void> {
  const step = options.step === true;
  if (isOfMany(id, options) || id === undefined) {
    await steerMany(options, RESUMING, (connection, signed) =>
      connection.call<SteeringResponse>((...call) =>
        connection.executions.resumeExecution({ ...signed, step }, ...call),
      ),
    );
    return;
  }
  await steer(
    id,
    options,
    { did: step ? "resumed for one step" : "resumed" },
    ({ connection }, signed) =>
      (...call) =>
        connection.executions.resumeExecution({ ...signed, step }, ...call),
  );
}

const PAUSING = { command: "Pause", doing: "pausing", done: "paused", passedOver: "had ended or were paused" };
const RESUMING = { command: "Resume", doing: "resuming", done: "resumed", passedOver: "had ended or were not paused" };

interface Signed {
  readonly executionId: string;
  readonly by: string | undefined;
  readonly requestId: string;
}

async function steerMany(
  options: PauseOptions,
  words: Pick<BulkVerb, "command" | "doing" | "done" | "passedOver">,
  send: (connection: Connection, signed: Signed) => Promise<unknown>,
): Promise<void> {
  if (options.idempotencyKey !== undefined) throw usageError("--idempotency-key is for one execution");
  const by = options.by ?? userName();
  await withSession(options, async (session) => {
    const work = async ({ id: executionId }: BulkExecution) => {
      try {
        await send(session.connection, { executionId, by, requestId: randomUUID() });
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
