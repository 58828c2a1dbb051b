import type { Client } from "@temporalio/client";
import type { EndNotices } from "../core/end-notices";
import { invalidArgument, OrchestratorError } from "../core/errors";
import type { Logger } from "../core/logger";
import type { ExecutionEvent } from "../events/event-types";
import { decodeOffset } from "../events/offset";
import { DEFAULT_RING_LIMITS, type RingLimits } from "./event-ring";
import { exportRuns } from "./export-runs";
import { isNotFound, isUnreachable } from "./grpc-errors";
import { HistoryCursor } from "./history-cursor";
import { HistoryTail } from "./history-tail";
import { PrivateReading } from "./private-reading";
import type { EventStreams, ExportedRun, RunReference } from "./runs-port";

export interface EventStreamsOptions {
  readonly client: Client;
  /** Of the worker in this process, where there is one. */
  readonly ends?: EndNotices;
  readonly logger: Logger;
  /** For tests; how much of each execution is kept for its readers. */
  readonly ringLimits?: RingLimits;
}

/** Follows executions by their Temporal histories; see `EventStreams`. */
export function createEventStreams(options: EventStreamsOptions): EventStreams {
  return new HistoryStreams(options);
}

class HistoryStreams implements EventStreams {
  readonly #options: EventStreamsOptions;
  readonly #tails = new Map<string, HistoryTail>();
  readonly #closing = new AbortController();

  constructor(options: EventStreamsOptions) {
    this.#options = options;
  }

  async *watch(
    run: RunReference,
    { after = "", signal }: { readonly after?: string; readonly signal: AbortSignal },
  ): AsyncIterable<ExecutionEvent> {
    checkOffset(run, after);
    const leaving = AbortSignal.any([signal, this.#closing.signal]);
    const tail = this.#join(run);
    try {
      let last = "";
      for await (const event of this.#follow(run, tail, leaving)) {
        last = event.offset;
        // Offsets of one execution have one width each part, so that their text is in the stream's order.
        if (event.offset > after) yield event;
      }
      if (!leaving.aborted && last < after) throw offsetError("is after the execution's last event");
    } finally {
      this.#leave(run, tail);
    }
    if (this.#closing.signal.aborted && !signal.aborted)
      throw new OrchestratorError("UNAVAILABLE", "the server is shutting down; follow the execution again");
  }

  async *soFar(run: RunReference, signal: AbortSignal): AsyncIterable<ExecutionEvent> {
    const { client, logger } = this.#options;
    const leaving = AbortSignal.any([signal, this.#closing.signal]);
    // Not of the shared tail, which goes at the pace of its readers and waits at the end.
    const cursor = new HistoryCursor({ client, logger, run, isSnapshot: true });
    while (!cursor.ended && !cursor.isAtPresent) {
      const events = await unlessAborted(cursor.next(leaving), leaving);
      if (events === undefined) break;
      yield* events;
    }
    signal.throwIfAborted();
    if (this.#closing.signal.aborted)
      throw new OrchestratorError("UNAVAILABLE", "the server is shutting down; try again");
  }

  async *histories(run: RunReference): AsyncIterable<ExportedRun> {
    try {
      yield* exportRuns(this.#options.client, run);
    } catch (error) {
      if (isNotFound(error)) throw new OrchestratorError("NOT_FOUND", "the history is gone", { cause: error });
      if (isUnreachable(error))
        throw new OrchestratorError("UNAVAILABLE", "Temporal cannot be reached", { cause: error });
      throw error;
    }
  }

  close(): Promise<void> {
    this.#closing.abort();
    return Promise.resolve();
  }

  /** Every event from the first to the last; ends early when `leaving` aborts. */
  async *#follow(run: RunReference, tail: HistoryTail, leaving: AbortSignal): AsyncGenerator<ExecutionEvent> {
    const { client, logger } = this.#options;
    let behind: PrivateReading | undefined;
    let position = 0;
    while (!leaving.aborted) {
      if (position >= tail.end) {
        if (tail.ended) return;
        await unlessAborted(tail.grow(), leaving);
        continue;
      }
      let event = tail.at(position);
      if (event === undefined) {
        behind ??= new PrivateReading({ client, logger, run }, leaving);
        event = await unlessAborted(behind.at(position), leaving);
        if (event === undefined) return;
      }
      position += 1;
      yield event;
    }
  }

  #join(run: RunReference): HistoryTail {
    const { ringLimits = DEFAULT_RING_LIMITS, ...options } = this.#options;
    const key = keyOf(run);
    const tail = this.#tails.get(key) ?? new HistoryTail({ ...options, run }, ringLimits, this.#closing.signal);
    this.#tails.set(key, tail);
    tail.readers += 1;
    return tail;
  }

  #leave(run: RunReference, tail: HistoryTail): void {
    tail.readers -= 1;
    if (tail.readers === 0) this.#tails.delete(keyOf(run));
  }
}

function keyOf({ temporalWorkflowId, temporalRunId }: RunReference): string {
  return `${temporalWorkflowId} ${temporalRunId}`;
}

function checkOffset(run: RunReference, after: string): void {
  if (after === "") return;
  const place = decodeOffset(run.temporalRunId, after);
  if (!place.ok) throw offsetError(place.error);
}

function offsetError(description: string): OrchestratorError {
  return invalidArgument([{ field: "after_offset", description }]);
}

/** Waits for the work or for the signal, whichever comes first; undefined where it was the signal. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  // Nobody may be left to hear of a failure that comes later.
  work.catch(() => undefined);
  if (signal.aborted) return undefined;
  let onAbort = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    onAbort = () => resolve(undefined);
    signal.addEventListener("abort", onAbort, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
