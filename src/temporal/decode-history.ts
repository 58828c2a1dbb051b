import { temporal } from "@temporalio/proto";
import { codeOf } from "../events/activity-failure";
import type { HistoryFact, HistoryItem, RunStarted } from "../events/history-item";
import { ACTIVITY_EVENTS_SIGNAL, MEMO_JOURNAL, SLOT_SIGNAL, TASK_WORKFLOW } from "../workflows/history-contract";
import type { RunFailureDetails } from "../workflows/run-end";
import { type DecodedEnd, decodeActivityEnd } from "./decode-failure";
import { decodePayload, firstPayload, toMs, toNumber } from "./payloads";

const { WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW } = temporal.api.enums.v1.WorkflowTaskFailedCause;

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** The items of a page of history that mean something to the stream, in order. */
export function decodeHistory(events: readonly HistoryEvent[]): readonly HistoryItem[] {
  return events.flatMap((event) => {
    const fact = factOf(event);
    if (fact === null) return [];
    return [{ eventId: toNumber(event.eventId), timeMs: toMs(event.eventTime), ...fact }];
  });
}

/** What one history event tells; null where it tells the stream nothing. */
function factOf(event: HistoryEvent): HistoryFact | null {
  return runFactOf(event) ?? activityFactOf(event) ?? closeFactOf(event);
}

function runFactOf(event: HistoryEvent): HistoryFact | null {
  if (event.workflowExecutionStartedEventAttributes) return startedFact(event.workflowExecutionStartedEventAttributes);
  if (event.workflowTaskCompletedEventAttributes) return { type: "workflow_task_completed" };
  const signal = event.workflowExecutionSignaledEventAttributes;
  if (signal) {
    if (signal.signalName === ACTIVITY_EVENTS_SIGNAL)
      return { type: "runner_spoke", argument: firstPayload(signal.input) };
    if (signal.signalName === SLOT_SIGNAL) return { type: "slot_told", argument: firstPayload(signal.input) };
    return null;
  }
  const memo = event.workflowPropertiesModifiedEventAttributes?.upsertedMemo?.fields;
  const journal = memo?.[MEMO_JOURNAL];
  if (journal) return { type: "journal_written", journal: decodePayload(journal) };
  const cancel = event.workflowExecutionCancelRequestedEventAttributes;
  if (cancel) return { type: "cancel_requested", reason: cancel.cause ?? "" };
  const next = event.workflowExecutionContinuedAsNewEventAttributes;
  if (next) return { type: "continued_as_new", newRunId: next.newExecutionRunId ?? "" };
  const failed = event.workflowTaskFailedEventAttributes;
  if (failed?.cause === WORKFLOW_TASK_FAILED_CAUSE_RESET_WORKFLOW)
    return { type: "run_reset", newRunId: failed.newRunId ?? "", reason: failed.failure?.message ?? "" };
  return null;
}

function startedFact(started: temporal.api.history.v1.IWorkflowExecutionStartedEventAttributes): RunStarted {
  return {
    type: "run_started",
    runId: started.originalExecutionRunId ?? "",
    kind: started.workflowType?.name === TASK_WORKFLOW ? "task" : "workflow",
    continued: Boolean(started.continuedExecutionRunId),
    input: firstPayload(started.input),
  };
}

function activityFactOf(event: HistoryEvent): HistoryFact | null {
  const scheduled = event.activityTaskScheduledEventAttributes;
  if (scheduled)
    return { type: "activity_scheduled", activityId: scheduled.activityId ?? "", input: firstPayload(scheduled.input) };
  const started = event.activityTaskStartedEventAttributes;
  if (started)
    return {
      type: "activity_started",
      scheduledEventId: toNumber(started.scheduledEventId),
      attempt: started.attempt ?? 1,
    };
  const completed = event.activityTaskCompletedEventAttributes;
  if (completed)
    return {
      type: "activity_completed",
      scheduledEventId: toNumber(completed.scheduledEventId),
      output: firstPayload(completed.result),
    };
  const cancelled = event.activityTaskCanceledEventAttributes;
  if (cancelled) return { type: "activity_cancelled", scheduledEventId: toNumber(cancelled.scheduledEventId) };
  const failed = event.activityTaskFailedEventAttributes;
  if (failed) return closedActivity(toNumber(failed.scheduledEventId), decodeActivityEnd(failed));
  const timedOut = event.activityTaskTimedOutEventAttributes;
  if (timedOut) return closedActivity(toNumber(timedOut.scheduledEventId), decodeActivityEnd(timedOut));
  return null;
}

function closedActivity(scheduledEventId: number, end: DecodedEnd): HistoryFact {
  if (end.cancelled) return { type: "activity_cancelled", scheduledEventId };
  return { type: "activity_failed", scheduledEventId, failure: end.failure };
}

function closeFactOf(event: HistoryEvent): HistoryFact | null {
  const completed = event.workflowExecutionCompletedEventAttributes;
  if (completed) return { type: "run_completed", output: firstPayload(completed.result) };
  const failed = event.workflowExecutionFailedEventAttributes;
  if (failed) {
    const failure = failed.failure ?? {};
    const told = firstPayload(failure.applicationFailureInfo?.details) as RunFailureDetails | null;
    const code = codeOf(failure.applicationFailureInfo?.type ?? "");
    return {
      type: "run_failed",
      failure: {
        code,
        message: failure.message ?? "",
        ...(told?.details === undefined ? {} : { details: told.details }),
      },
      ...(told?.nodeId === undefined ? {} : { nodeId: told.nodeId }),
      ...(told?.output === undefined ? {} : { output: told.output }),
    };
  }
  if (event.workflowExecutionCanceledEventAttributes) return { type: "run_cancelled" };
  if (event.workflowExecutionTimedOutEventAttributes) return { type: "run_timed_out" };
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  if (terminated) return { type: "run_terminated", reason: terminated.reason ?? "" };
  return null;
}
