import { assertNever } from "../core/assert-never";
import { resumeNode } from "./act";
import type { Draft, StepResult } from "./draft";
import { endFrame } from "./end-frame";
import type { Work } from "./engine-state";
import { enterNode } from "./enter";
import { MAX_ENTERED_PER_STEP, MAX_RUNNING_TASKS, MAX_WORK_PER_STEP } from "./limits";
import { restart } from "./restart";

/** Does what is on the agenda until nothing is left, or until the step has done enough. */
export function proceed(draft: Draft): StepResult {
  let entered = 0;
  let done = 0;
  callWaitingTasks(draft);
  // Grows while it is gone through: a node that ends at once makes others due.
  for (const work of draft.agenda) {
    if (entered >= MAX_ENTERED_PER_STEP || done >= MAX_WORK_PER_STEP || draft.fuel.isLow) break;
    if (work.type !== "end_frame") entered += 1;
    done += 1;
    carryOut(draft, work);
    if (draft.isFinished) break;
    callWaitingTasks(draft);
  }
  draft.agenda.splice(0, draft.isFinished ? draft.agenda.length : done);
  if (draft.agenda.length > 0 && !draft.hasYielded) {
    draft.hasYielded = true;
    draft.commands.add({ type: "yield" });
  }
  return draft.result();
}

function carryOut(draft: Draft, work: Work): void {
  switch (work.type) {
    case "enter":
      enterNode(draft, work.place, work.passes);
      break;
    case "resume":
      resumeNode(draft, work.place, work.event);
      break;
    case "restart":
      restart(draft, work.frame, work.edge);
      break;
    case "end_frame":
      endFrame(draft, work.frame);
      break;
    default:
      assertNever(work, "work");
  }
}

/** Puts tasks that waited for others to end back on the agenda, as many as may run now. */
function callWaitingTasks(draft: Draft): void {
  const called = draft.waitingTasks.slice(0, Math.max(0, MAX_RUNNING_TASKS - draft.tasks));
  if (called.length === 0) return;
  draft.waitingTasks = draft.waitingTasks.slice(called.length);
  for (const place of called) draft.agenda.push({ type: "enter", place });
}
