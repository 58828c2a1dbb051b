import { randomUUID } from "node:crypto";
import type { ClientReadableStream, Metadata } from "@grpc/grpc-js";
import { Backoff } from "../connection/backoff";
import type { Connection } from "../connection/connection";
import { isConnectionLoss, isServiceError } from "../connection/rpc-errors";
import { addNames, type ExecutionNames } from "../execution/execution-names";

export interface StartRequest {
  /** One of this call's own where absent, so that a start whose answer was lost can be tried again. */
  readonly idempotencyKey: string | undefined;
  /** What the execution is to be called by. */
  readonly names: ExecutionNames;
  readonly reconnectForMs: number;
  readonly signal: AbortSignal;
  /** Makes the call: ExecuteTask or ExecuteWorkflow. */
  open(metadata: Metadata): ClientReadableStream<unknown>;
}

/**
 * Starts an execution, or attaches to one, and resolves to its id as soon as it can be watched; null when `signal`
 * aborted before. The stream of the call itself is given up then: WatchExecution has all events, with offsets. Throws
 * grpc-js's `ServiceError`.
 */
export async function startExecution(connection: Connection, request: StartRequest): Promise<string | null> {
  const key = request.idempotencyKey ?? randomUUID();
  const backoff = new Backoff();
  let lostAt: number | null = null;
  while (!request.signal.aborted) {
    const metadata = connection.metadata();
    metadata.set("idempotency-key", key);
    addNames(metadata, request.names);
    try {
      return await firstAnswer(request.open(metadata), request.signal);
    } catch (error) {
      if (request.signal.aborted) break;
      // A server that was never reached is told at once; one that was lost midway may have started the run.
      if (lostAt === null && !isLostMidway(error)) throw error;
      lostAt ??= Date.now();
      if (!isConnectionLoss(error) || Date.now() - lostAt >= request.reconnectForMs) throw error;
    }
    await backoff.wait(request.signal);
  }
  return null;
}

/** grpc-js's words for a connection that broke after the request went out. */
function isLostMidway(error: unknown): boolean {
  return isServiceError(error) && isConnectionLoss(error) && /Connection dropped|RST_STREAM/.test(error.details);
}

/**
 * The id comes in the initial metadata; the record that Watch looks for is there once the first event is sent. A server
 * that cuts the stream in between said the id already, but the start is then simply tried again with the same key.
 */
function firstAnswer(stream: ClientReadableStream<unknown>, signal: AbortSignal): Promise<string> {
  const cancel = () => stream.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  return new Promise<string>((resolve, reject) => {
    let executionId = "";
    stream.on("metadata", (metadata: Metadata) => {
      executionId = String(metadata.get("execution-id")[0] ?? "");
    });
    const answer = () => {
      if (executionId === "") reject(new Error("the server did not say the execution's id: is it an aco server?"));
      else resolve(executionId);
      stream.cancel();
    };
    stream.on("data", answer);
    stream.on("end", answer);
    // Stays for the CANCELLED that the cancel above brings.
    stream.on("error", reject);
  }).finally(() => signal.removeEventListener("abort", cancel));
}
