import { isJsonObject, type JsonValue } from "../core/json";
import type { RunnerEvent, RunnerEventBatch } from "../workflows/history-contract";
import { RUNNER_EVENT_TYPES, type RunnerEventType } from "./event-types";

/**
 * Reads the argument of the signal `activity-events`. Null where it is malformed: anyone may send a signal, and neither
 * the run nor its stream may break of it. Events of types that are not known (a later version's) are left out.
 */
export function parseRunnerBatch(argument: unknown): RunnerEventBatch | null {
  if (!isJsonObject(argument)) return null;
  const { activityId, nodeId, attempt, events } = argument;
  if (typeof activityId !== "string" || !isCount(attempt) || !Array.isArray(events)) return null;
  if (nodeId !== undefined && typeof nodeId !== "string") return null;
  return {
    activityId,
    ...(nodeId === undefined ? {} : { nodeId }),
    attempt,
    events: (events as readonly JsonValue[]).flatMap(parseEvent),
  };
}

function parseEvent(event: JsonValue): readonly RunnerEvent[] {
  if (!isJsonObject(event)) return [];
  const { type, sequence, timestamp, data } = event;
  if (!isRunnerEventType(type) || !isCount(sequence) || typeof timestamp !== "string" || !isJsonObject(data)) return [];
  return [{ type, sequence, timestamp, data }];
}

function isRunnerEventType(type: JsonValue | undefined): type is RunnerEventType {
  return RUNNER_EVENT_TYPES.some((known) => known === type);
}

function isCount(value: JsonValue | undefined): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 1;
}
