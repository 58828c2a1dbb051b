import { Code, ConnectError } from "@connectrpc/connect";
import type { JsonObject } from "../../src/core/json";
import type { EventType, ExecutionEvent } from "../../src/events/event-types";
import { type Event, EventType as WireType } from "../../src/gen/connect/executions_pb";
import { errorText, executions } from "../api/clients";

/** How a page and an execution's stream stand. `lost`: it cannot be followed, and trying again will not help. */
export type FollowState =
  | { readonly kind: "connecting" | "live" | "paused" | "ended" }
  | { readonly kind: "reconnecting" | "lost"; readonly reason: string };

export interface Follower {
  /** Each event once, in order, whatever happened to the connection. */
  onEvent(event: ExecutionEvent): void;
  onState(state: FollowState): void;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 8_000;
const SETTLED_MS = 1_500;
/** A browser holds six connections to a server, for all its tabs: one that nobody looks at gives its own back. */
const HIDDEN_GRACE_MS = 20_000;

/** Codes that another attempt would meet again. */
const FINAL: readonly Code[] = [Code.NotFound, Code.InvalidArgument, Code.FailedPrecondition, Code.PermissionDenied];

/** Follows an execution from `afterOffset` on, to its end or until aborted. Resolves to the last offset that came. */
export async function follow(
  id: string,
  afterOffset: string,
  follower: Follower,
  signal: AbortSignal,
): Promise<string> {
  let offset = afterOffset;
  let delayMs = FIRST_DELAY_MS;
  for (;;) {
    if (document.hidden) {
      follower.onState({ kind: "paused" });
      await untilVisible(signal);
    }
    if (signal.aborted) return offset;
    const watched = watchWhileVisible(signal);
    // Of a run in which nothing happens nothing comes: a call that has not failed by then goes on.
    const settled = setTimeout(() => follower.onState({ kind: "live" }), SETTLED_MS);
    try {
      for await (const event of executions.watchExecution({ id, afterOffset: offset }, { signal: watched.signal })) {
        follower.onState({ kind: "live" });
        delayMs = FIRST_DELAY_MS;
        offset = event.offset;
        follower.onEvent(decodeEvent(event));
        if (event.eventType === WireType.COMPLETED || event.eventType === WireType.FAILED) {
          follower.onState({ kind: "ended" });
          return offset;
        }
      }
      if (offset !== "") {
        // The stream of an execution that has ended, after its last event.
        follower.onState({ kind: "ended" });
        return offset;
      }
    } catch (error) {
      if (signal.aborted) return offset;
      if (!watched.signal.aborted) {
        const reason = errorText(error);
        const isFinal = FINAL.includes(ConnectError.from(error).code);
        follower.onState({ kind: isFinal ? "lost" : "reconnecting", reason });
        clearTimeout(settled);
        if (isFinal) return offset;
        await pause(delayMs * (0.75 + Math.random() / 2), signal);
        delayMs = Math.min(delayMs * 2, LONGEST_DELAY_MS);
      }
    } finally {
      clearTimeout(settled);
      watched.release();
    }
  }
}

/** Aborts with `signal`, and some time after the page was hidden. */
function watchWhileVisible(signal: AbortSignal): { readonly signal: AbortSignal; release(): void } {
  const stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const abort = () => stop.abort();
  const look = () => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(abort, HIDDEN_GRACE_MS);
  };
  signal.addEventListener("abort", abort);
  document.addEventListener("visibilitychange", look);
  return {
    signal: stop.signal,
    release: () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", abort);
      document.removeEventListener("visibilitychange", look);
    },
  };
}

function untilVisible(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.hidden && !signal.aborted) return;
      document.removeEventListener("visibilitychange", look);
      signal.removeEventListener("abort", look);
      resolve();
    };
    document.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
  });
}

/** Shorter where the network comes back, or where nobody waits any more. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
    addEventListener("online", done);
  });
}

function decodeEvent({ offset, eventType, timestamp, nodeId, data, error }: Event): ExecutionEvent {
  return {
    offset,
    type: WireType[eventType] as EventType,
    timestamp,
    ...(nodeId === undefined ? {} : { nodeId }),
    data: JSON.parse(data) as JsonObject,
    ...(error === undefined ? {} : { error }),
  };
}
