import type { JsonValue } from "../core/json";
import type { Graph } from "../definition/graph-types";
import { compensationCommand, noteLost } from "./compensation";
import type { Draft } from "./draft";
import type { Phase } from "./engine-state";
import type { RunOutcome } from "./engine-types";
import { FINALLY_FRAME, ON_FAILURE_FRAME, RUN_TIMER } from "./frame-ids";
import { openFrame } from "./open-frame";
import { forgetTimer, holdCompensation } from "./pause";
import { present } from "./sites";

/** The main graph has ended: what is left is to undo, to handle and to finish. */
export function endGraphPhase(draft: Draft, outcome: RunOutcome): void {
  draft.outcome = outcome;
  if (draft.timeoutAtMs !== undefined) draft.commands.cancelTimer(RUN_TIMER);
  forgetTimer(draft, RUN_TIMER);
  draft.timeoutAtMs = undefined;
  beginPhase(draft, "compensating");
}

/** One of the handlers has ended. It changes the run's outcome only where it failed after everything else had gone well. */
export function endHandlerPhase(draft: Draft, outcome: RunOutcome): void {
  if (outcome.status === "failed" && draft.outcome?.status === "completed") draft.outcome = outcome;
  beginPhase(draft, draft.phase === "on_failure" ? "finally" : "finished");
}

/** The task that undid another one has ended, however it did. */
export function endCompensation(draft: Draft): void {
  draft.compensations = draft.compensations.slice(0, -1);
  beginPhase(draft, "compensating");
}

/** Undoes what was to be undone while the run was paused. */
export function resumeCompensation(draft: Draft): void {
  beginPhase(draft, "compensating");
}

/** Begins a phase, or the first after it that has anything to do. */
function beginPhase(draft: Draft, phase: Phase | "finished"): void {
  const outcome = present(draft.outcome);
  const { on_failure, finally: atLast } = draft.before.snapshot.definition;
  switch (phase) {
    case "graph":
    case "compensating":
      if (outcome.status !== "completed" && compensate(draft)) return;
      beginPhase(draft, "on_failure");
      return;
    case "on_failure":
      if (outcome.status === "failed" && handle(draft, "on_failure", on_failure, outcome)) return;
      beginPhase(draft, "finally");
      return;
    case "finally":
      if (handle(draft, "finally", atLast, outcome)) return;
      beginPhase(draft, "finished");
      return;
    case "finished":
      draft.finish(outcome);
      return;
  }
}

/** Undoes the task that completed last. False where none is left. */
function compensate(draft: Draft): boolean {
  draft.phase = "compensating";
  for (let last = draft.compensations.at(-1); last !== undefined; last = draft.compensations.at(-1)) {
    const command = compensationCommand(draft, last);
    if (command.ok) {
      if (holdCompensation(draft)) return true;
      draft.commands.add(command.value);
      return true;
    }
    noteLost(draft, last.instance, command.error);
    draft.compensations = draft.compensations.slice(0, -1);
  }
  return false;
}

function handle(draft: Draft, phase: "on_failure" | "finally", graph: Graph | undefined, outcome: RunOutcome): boolean {
  if (graph === undefined) return false;
  draft.phase = phase;
  const site = present(draft.sites.find((found) => found.graph === graph));
  const id = phase === "on_failure" ? ON_FAILURE_FRAME : FINALLY_FRAME;
  openFrame(draft, { id, site, suffix: "", variables: { error: errorOf(outcome) } });
  return true;
}

function errorOf(outcome: RunOutcome): JsonValue {
  switch (outcome.status) {
    case "completed":
      return null;
    case "failed": {
      const { code, message } = outcome.failure;
      return { code, message, node_id: outcome.nodeId ?? null };
    }
    case "cancelled":
      return { code: "CANCELLED", message: outcome.reason, node_id: null };
  }
}
