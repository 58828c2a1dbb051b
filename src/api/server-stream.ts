import { once } from "node:events";
import { type handleServerStreamingCall, Metadata, type ServerWritableStream } from "@grpc/grpc-js";
import { OrchestratorError } from "../core/errors";
import type { ApiContext } from "./api-context";
import { encodeError } from "./status";

/** Where a streaming method writes to. */
export interface ResponseStream<Response> {
  /** What the client sent beside the request. */
  readonly requestMetadata: Metadata;
  /** Aborts when the client goes away and when the server shuts down; `reason` is the error to end with. */
  readonly signal: AbortSignal;
  /** Sent when the call ends, whatever its status. */
  readonly trailers: Metadata;
  sendMetadata(metadata: Metadata): void;
  /** Resolves when there is room for the next message, so that a slow client costs no memory. Rejects when aborted. */
  write(message: Response): Promise<void>;
}

/** A gRPC handler out of an async function; the call ends with OK when it resolves, and with the status of what it throws. */
export function serverStream<Request, Response>(
  context: Pick<ApiContext, "logger" | "openStreams">,
  handle: (request: Request, stream: ResponseStream<Response>) => Promise<void>,
): handleServerStreamingCall<Request, Response> {
  return (call) => {
    void run(context, call, handle);
  };
}

async function run<Request, Response>(
  { logger, openStreams }: Pick<ApiContext, "logger" | "openStreams">,
  call: ServerWritableStream<Request, Response>,
  handle: (request: Request, stream: ResponseStream<Response>) => Promise<void>,
): Promise<void> {
  const stop = new AbortController();
  const trailers = new Metadata();
  call.on("cancelled", () => stop.abort(new OrchestratorError("UNAVAILABLE", "the client went away")));
  let release: (() => void) | undefined;
  try {
    release = openStreams.add((reason) => stop.abort(reason));
    await handle(call.request, {
      requestMetadata: call.metadata,
      signal: stop.signal,
      trailers,
      sendMetadata: (metadata) => call.sendMetadata(metadata),
      write: (message) => write(call, message, stop.signal),
    });
    call.end(trailers);
  } catch (error) {
    if (call.cancelled) return;
    const status = encodeError(error, logger, { method: call.getPath() });
    status.metadata.merge(trailers);
    // Sent after what is still buffered; grpc-js takes this event as the way to end a stream with a status.
    call.emit("error", status);
  } finally {
    release?.();
  }
}

async function write<Response>(
  call: ServerWritableStream<unknown, Response>,
  message: Response,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (call.write(message)) return;
  try {
    await once(call, "drain", { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
