import { Draft } from "./draft";
import type { EngineState } from "./engine-state";
import { MAIN_FRAME } from "./frame-ids";
import { nodeBehaviour } from "./nodes/registry";
import { tableEntries } from "./table";

/** What a run that has begun can wait for from outside. */
export type OutsideWait = "approval" | "signal" | "timer" | "pause";

/** A child run tells of its own waits. */
const KIND_OF = { approval: "approval", message: "signal", time: "timer", child: undefined } as const;

/** All that the run waits for now. `counts`: whether to tell of a wait that ends then. */
export function waitKinds(state: EngineState, counts: (untilMs: number) => boolean): ReadonlySet<OutsideWait> {
  const kinds = new Set<OutsideWait>();
  const draft = new Draft(state, state.startedAtMs);
  const isStopping = draft.frame(MAIN_FRAME)?.ending !== undefined && state.phase === "graph";
  if (state.isFinished || isStopping) return kinds;
  if (state.steering?.pause !== undefined) kinds.add("pause");
  for (const [, { frame: frameId, node: position }] of tableEntries(state.running)) {
    const frame = draft.frame(frameId);
    const run = frame?.state(position).run;
    if (frame === undefined || run?.progress === undefined || run.ending !== undefined) continue;
    const node = frame.node(position);
    const waiting = nodeBehaviour(node.type)?.waiting?.(node, run.progress);
    const kind = waiting === undefined ? undefined : KIND_OF[waiting.for];
    if (kind !== undefined && (waiting?.for !== "time" || counts(waiting.untilMs))) kinds.add(kind);
  }
  return kinds;
}
