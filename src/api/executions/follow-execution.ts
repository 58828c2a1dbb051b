import { Metadata } from "@grpc/grpc-js";
import { isOrchestratorError } from "../../core/errors";
import { type ExecutionEvent, isLastEvent } from "../../events/event-types";
import type { RunReference } from "../../temporal/runs-port";
import type { ApiContext } from "../api-context";
import type { ResponseStream } from "../server-stream";
import { expiredEvents, isExpiredOffset } from "./expired-history";
import type { ExecutionRun } from "./start-execution";

/** In the initial metadata and in the trailers of every stream of an execution: its id. */
export const EXECUTION_ID = "execution-id";
/** In the trailers: the offset of the last event that was sent, to go on from with WatchExecution. */
export const LAST_OFFSET = "last-offset";

/**
 * Sends the execution's events until its last one, at the client's pace. Initial metadata go out as soon as the
 * execution can be found by its id, so that a client that is cut off after them can always go on.
 */
export async function followExecution<Message>(
  context: ApiContext,
  { run, recorded }: ExecutionRun,
  stream: ResponseStream<Message>,
  options: {
    /** Undefined for an event that this stream does not carry. */
    readonly encode: (event: ExecutionEvent) => Message | undefined;
    readonly after?: string;
  },
): Promise<void> {
  stream.trailers.set(EXECUTION_ID, run.executionId);
  const events = readEvents(context, run, options.after, stream.signal);
  // Not before: what happens while the start is recorded then comes as one page of history.
  await recorded;
  let next = events.next();
  try {
    const metadata = new Metadata();
    metadata.set(EXECUTION_ID, run.executionId);
    stream.sendMetadata(metadata);
    for (let result = await next; !result.done; result = await next) {
      const message = options.encode(result.value);
      if (message !== undefined) await stream.write(message);
      stream.trailers.set(LAST_OFFSET, result.value.offset);
      if (isLastEvent(result.value)) return;
      next = events.next();
    }
    stream.signal.throwIfAborted();
  } finally {
    next.catch(() => undefined);
    // Not awaited: it settles when the read that is under way does.
    events.return(undefined).catch(() => undefined);
  }
}

/** The events from history or, where Temporal has dropped that, what the record knows. */
async function* readEvents(
  context: ApiContext,
  run: RunReference,
  after: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<ExecutionEvent, void> {
  let seen = after;
  if (after === undefined || !isExpiredOffset(after)) {
    try {
      for await (const event of context.streams.watch(run, { signal, ...(after === undefined ? {} : { after }) })) {
        seen = event.offset;
        yield event;
        if (isLastEvent(event)) return;
      }
      return;
    } catch (error) {
      signal.throwIfAborted();
      if (!isOrchestratorError(error) || error.code !== "NOT_FOUND") throw error;
    }
  }
  yield* await expiredEvents(context, run, seen);
}
