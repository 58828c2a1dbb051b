import { MAX_DURATION_MS } from "../core/duration";
import { isJsonObject, type JsonValue } from "../core/json";
import type { Result } from "../core/result";
import type { ExecutionEvent } from "../events/event-types";
import { baseId } from "./instance";
import type { Mock, MockKind, Mocks, TimedCancel } from "./mocks";

/** What a past execution has to give to a simulation. */
export interface PastExecution {
  /** Undefined where it was too large for the stream. */
  readonly input: JsonValue | undefined;
  readonly startedAtMs: number;
  /** By instance id. */
  readonly mocks: Mocks;
  /** Instances whose outputs were too large for the stream; they are not mocked. */
  readonly tooLarge: readonly string[];
}

/** Reads the stream of an execution as mocks for running it again. `kindOf` is that of the definition to be simulated. */
export function mocksFromEvents(
  events: readonly ExecutionEvent[],
  kindOf: (id: string) => Result<MockKind, string>,
): PastExecution {
  const started = events.find(({ type }) => type === "STARTED");
  const startedAtMs = Date.parse(started?.timestamp ?? "") || 0;
  const mocks: Record<string, Mock | TimedCancel> = {};
  const tooLarge: string[] = [];
  for (const event of events) {
    const cancel = cancelOf(event, startedAtMs);
    if (cancel !== undefined) mocks["$cancel"] = cancel;
    const { nodeId, type, data } = event;
    if (type !== "NODE_COMPLETED" || nodeId === undefined) continue;
    // A node's own word comes first; what a `catch` made of it comes from the definition again.
    if (Object.hasOwn(mocks, nodeId) || tooLarge.includes(nodeId)) continue;
    const kind = kindOf(nodeId);
    if (!kind.ok) continue;
    if (data["output_bytes"] !== undefined) {
      tooLarge.push(nodeId);
      continue;
    }
    const mock = mockOf(kind.value, event);
    if (mock !== undefined) mocks[nodeId] = { ...mock, ...lasted(attemptMs(event)) };
  }
  return { input: started?.data["input"], startedAtMs, mocks, tooLarge };
}

/** Mocks laid over those of a past execution: one for a node goes before all that its instances gave. */
export function withMocks(past: Mocks, given: Mocks): Mocks {
  const replaced = new Set(Object.keys(given));
  const kept = Object.entries(past).filter(([id]) => !replaced.has(id) && !replaced.has(baseId(id)));
  return { ...Object.fromEntries(kept), ...given };
}

function mockOf(kind: MockKind, { data, error }: ExecutionEvent): Mock | undefined {
  const { status, output = null, code, details } = data;
  const isCompleted = status === "completed";
  switch (kind) {
    case "task": {
      if (isCompleted) return { output };
      if (status !== "failed" || typeof code !== "string") return undefined;
      // It was the last attempt.
      const failure = { code, message: error ?? "", retryable: false };
      return { error: details === undefined ? failure : { ...failure, details } };
    }
    case "approval":
      if (isCompleted) return answerOf(output);
      return code === "APPROVAL_REJECTED" && details !== undefined ? answerOf(details) : undefined;
    case "signal":
      return isCompleted ? { payload: output } : undefined;
  }
}

/** The answer that an approval's output tells of. */
function answerOf(output: JsonValue): Mock | undefined {
  if (!isJsonObject(output)) return undefined;
  const { approved, by, comment, form } = output;
  return {
    approved: approved === true,
    ...(typeof by === "string" ? { by } : {}),
    ...(typeof comment === "string" ? { comment } : {}),
    ...(form === null || form === undefined ? {} : { form }),
  };
}

function cancelOf({ type, data, timestamp }: ExecutionEvent, startedAtMs: number): TimedCancel | undefined {
  if (type !== "FAILED" || data["code"] !== "CANCELLED") return undefined;
  return lasted(Date.parse(timestamp) - startedAtMs);
}

/** The stream tells how long all attempts took together; one of them has to fit into the timeout of an attempt. */
function attemptMs({ data }: ExecutionEvent): number {
  const { duration_ms: durationMs, attempt } = data;
  const attempts = typeof attempt === "number" && attempt > 1 ? attempt : 1;
  return typeof durationMs === "number" ? durationMs / attempts : 0;
}

function lasted(durationMs: number): { readonly after?: string } {
  if (!(durationMs >= 1)) return {};
  return { after: `${Math.min(Math.round(durationMs), MAX_DURATION_MS)}ms` };
}
