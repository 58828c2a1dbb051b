import { compensationCommand } from "./compensation";
import { Draft } from "./draft";
import type { EngineState, Place } from "./engine-state";
import type { EngineCommand } from "./engine-types";
import { RUN_TIMER, timerId } from "./frame-ids";
import { contextOf } from "./node-context";
import { nodeBehaviour } from "./nodes/registry";
import { tableEntries } from "./table";

/**
 * What has to be issued again where a run goes on as a new one: its open timers, its children, and its tasks, which are
 * rendered anew. What was being cancelled is started again as well, and cancelled at once.
 */
export function outstanding(state: EngineState): readonly EngineCommand[] {
  if (state.isFinished) return [];
  const draft = new Draft(state, state.startedAtMs);
  const { timeoutAtMs, steering } = state;
  if (timeoutAtMs !== undefined && !hasFired(state, RUN_TIMER))
    draft.commands.add({ type: "start_timer", timerId: RUN_TIMER, dueAtMs: timeoutAtMs, summary: "run timeout" });
  const places = tableEntries(state.running)
    .map(([, place]) => place)
    .toSorted((a, b) => enteredAt(draft, a) - enteredAt(draft, b));
  for (const place of places) issueAgain(draft, place);
  const undoing =
    state.phase === "compensating" && steering?.holdsCompensation === undefined
      ? state.compensations.at(-1)
      : undefined;
  const command = undoing === undefined ? undefined : compensationCommand(draft, undoing);
  if (command?.ok) draft.commands.add(command.value);
  if (state.hasYielded) draft.commands.add({ type: "yield" });
  return draft.commands.all();
}

/** A timer that fired while the run was paused is not started again: it is heard when the run is resumed. */
function hasFired({ steering }: EngineState, timer: string): boolean {
  return steering?.heldTimers?.includes(timer) === true;
}

function enteredAt(draft: Draft, place: Place): number {
  return draft.frameOf(place).state(place.node).enteredAt ?? 0;
}

function issueAgain(draft: Draft, place: Place): void {
  const frame = draft.frameOf(place);
  const node = frame.node(place.node);
  const { run } = frame.state(place.node);
  const instance = frame.instance(place.node);
  const summary = node.name ?? node.id;
  for (const [name, dueAtMs] of Object.entries(run?.ending === undefined ? (run?.timers ?? {}) : {}))
    if (!hasFired(draft.before, timerId(instance, name)))
      draft.commands.add({ type: "start_timer", timerId: timerId(instance, name), dueAtMs, summary });
  if (run?.child !== undefined)
    draft.commands.add({ type: "start_child", childId: instance, nodeId: node.id, summary, ...run.child });
  const action = run?.hasTask ? nodeBehaviour(node.type)?.enter(node, contextOf(draft, frame, place.node)) : undefined;
  if (action?.type === "run")
    draft.commands.add({ type: "run_task", activityId: instance, nodeId: node.id, summary, ...action.command });
}
