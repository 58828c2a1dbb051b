import type { ClientReadableStream } from "@grpc/grpc-js";
import { type ExecutionEvent, isLastEvent } from "../../events/event-types";
import type { Event } from "../../gen/proto/executions";
import { Backoff } from "../connection/backoff";
import type { Connection } from "../connection/connection";
import { isConnectionLoss } from "../connection/rpc-errors";
import { decodeEvent } from "./stream-event";

export interface FollowRequest {
  readonly executionId: string;
  /** Start after the event with this offset. */
  readonly after?: string;
  /** How long to go on trying without a server. */
  readonly reconnectForMs: number;
  /** Whether the server has answered just now. If not, a first failure is thrown and not tried again. */
  readonly isReached: boolean;
  /** Ends the following; the execution goes on. */
  readonly signal: AbortSignal;
  onEvent(event: ExecutionEvent): void;
  onConnectionLost(error: Error): void;
  onReconnected(): void;
}

/** `ended`: the stream is over. `stopped`: `signal` aborted. */
export type FollowEnd = "ended" | "stopped";

/**
 * Gives every event once, in order, however often the connection or the server goes away: each new stream starts after
 * the last offset seen. Throws grpc-js's `ServiceError` when the server refuses or stays away too long.
 */
export async function followExecution(connection: Connection, request: FollowRequest): Promise<FollowEnd> {
  const { signal } = request;
  const backoff = new Backoff();
  let after = request.after;
  let isReached = request.isReached;
  let lostAt: number | null = null;
  const reached = () => {
    if (lostAt !== null) request.onReconnected();
    isReached = true;
    lostAt = null;
    backoff.reset();
  };
  while (!signal.aborted) {
    const stream = openStream(connection, request.executionId, after);
    stream.on("metadata", reached);
    try {
      for await (const event of withAbort(stream, signal)) {
        after = event.offset;
        const decoded = decodeEvent(event);
        if (decoded === null) continue;
        request.onEvent(decoded);
        if (isLastEvent(decoded)) return "ended";
      }
      return "ended";
    } catch (error) {
      if (signal.aborted) break;
      if (!isReached || !isConnectionLoss(error)) throw error;
      if (lostAt === null) request.onConnectionLost(error as Error);
      lostAt ??= Date.now();
      if (Date.now() - lostAt >= request.reconnectForMs) throw error;
    } finally {
      stream.cancel();
    }
    await backoff.wait(signal);
  }
  return "stopped";
}

function openStream(connection: Connection, id: string, after: string | undefined): ClientReadableStream<Event> {
  const request = { id, ...(after === undefined ? {} : { afterOffset: after }) };
  return connection.executions.watchExecution(request, connection.metadata());
}

/** The stream's messages; an abort cancels the call, which then throws. */
async function* withAbort(stream: ClientReadableStream<Event>, signal: AbortSignal): AsyncIterable<Event> {
  const cancel = () => stream.cancel();
  signal.addEventListener("abort", cancel, { once: true });
  // Cancelling after the last message makes a late error that nobody waits for.
  stream.on("error", () => undefined);
  try {
    yield* stream as AsyncIterable<Event>;
  } finally {
    signal.removeEventListener("abort", cancel);
  }
}
