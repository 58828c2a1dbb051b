import { defineSignal, setHandler } from "@temporalio/workflow";
import { parseRunnerBatch } from "../events/runner-batch";
import { ACTIVITY_EVENTS_SIGNAL } from "./history-contract";

/** What is kept of all that the runner of one activity says; the stream has the rest. */
export interface LiveProgress {
  /** From 1. */
  readonly attempt: number;
  readonly message?: string;
  /** 0 to 100. */
  readonly percent?: number;
}

const activityEvents = defineSignal<[unknown]>(ACTIVITY_EVENTS_SIGNAL);

/** Listens to the runners; the map holds the latest of each activity. A malformed signal is ignored: anyone may send one. */
export function listenToRunners(
  onChange: (activityId: string) => void = () => undefined,
): ReadonlyMap<string, LiveProgress> {
  const latest = new Map<string, LiveProgress>();
  setHandler(activityEvents, (argument) => {
    const batch = parseRunnerBatch(argument);
    if (batch === null) return;
    const before = latest.get(batch.activityId);
    if (before !== undefined && before.attempt > batch.attempt) return;
    const progress = batch.events.findLast((event) => event.type === "PROGRESS")?.data;
    const { message, percent } = progress ?? (before?.attempt === batch.attempt ? before : {});
    latest.set(batch.activityId, {
      attempt: batch.attempt,
      ...(typeof message === "string" ? { message } : {}),
      ...(typeof percent === "number" ? { percent } : {}),
    });
    onChange(batch.activityId);
  });
  return latest;
}
