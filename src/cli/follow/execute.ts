import type { ClientReadableStream, Metadata } from "@grpc/grpc-js";
import type { ClientSession } from "../connection/client-session";
import { isRefusal } from "../connection/rpc-errors";
import { readNames } from "../execution/execution-names";
import { EXIT_CODES } from "../exit-codes";
import { interruptionOf, withInterruption } from "../interrupt";
import type { ExecuteOptions } from "../options/command-options";
import { jsonText } from "../output/terminal-text";
import { type FollowToEndRequest, followToEnd } from "./follow-to-end";
import { writeNotice } from "./follow-view";
import { startExecution } from "./start-execution";

export interface ExecuteRequest {
  /** What is executed, for a person. */
  readonly label: string;
  readonly options: ExecuteOptions;
  readonly describeInterrupted?: FollowToEndRequest["describeInterrupted"];
  /** Undoes what was made for the execution, where the server refuses to start it. */
  readonly onRefused?: () => Promise<void>;
  /** Makes the call: ExecuteTask or ExecuteWorkflow. */
  open(metadata: Metadata): ClientReadableStream<unknown>;
}

/** Starts an execution, and follows it unless `--detach` says otherwise. Sets the process's exit code. */
export async function execute(session: ClientSession, request: ExecuteRequest): Promise<void> {
  process.exitCode = await withInterruption(async (signal) => {
    const reconnectForMs = request.options.reconnectFor * 1_000;
    const { idempotencyKey, detach } = request.options;
    const { connection, config } = session;
    const names = readNames(request.options, config.callbackSecret);
    const executionId = await startExecution(connection, {
      ...request,
      idempotencyKey,
      names,
      reconnectForMs,
      signal,
    }).catch(async (error: unknown) => {
      if (isRefusal(error)) await request.onRefused?.();
      throw error;
    });
    if (executionId === null) {
      writeNotice("interrupted while starting; `aco execution list` shows whether it was started");
      return interruptionOf(signal).exitCode;
    }
    if (detach === true) {
      const json = jsonText({ execution_id: executionId });
      process.stdout.write(`${config.format === "json" ? json : executionId}\n`);
      return EXIT_CODES.done;
    }
    return followToEnd(session, {
      executionId,
      label: request.label,
      reconnectForMs,
      isReached: true,
      signal,
      describeInterrupted: request.describeInterrupted,
    });
  });
}
