import { Draft } from "./draft";
import type { EngineState } from "./engine-state";
import type { NodeWaiting } from "./engine-types";
import { MAIN_FRAME } from "./frame-ids";
import { nodeBehaviour } from "./nodes/registry";
import { tableEntries } from "./table";

/** An approval that a run waits for. */
export interface OpenApproval {
  /** Instance id, which an answer names. */
  readonly nodeId: string;
  readonly name: string;
  readonly waiting: Extract<NodeWaiting, { readonly for: "approval" }>;
}

/** The approvals that would take an answer, in the order in which they began to wait. */
export function waitingApprovals(state: EngineState): readonly OpenApproval[] {
  const draft = new Draft(state, state.startedAtMs);
  const isStopping = draft.frame(MAIN_FRAME)?.ending !== undefined && state.phase === "graph";
  if (state.isFinished || isStopping) return [];
  const places = tableEntries(state.running).filter(
    ([, place]) => draft.frameOf(place).node(place.node).type === "approval",
  );
  const open = places.flatMap(([nodeId, { frame: frameId, node: position }]) => {
    const frame = draft.frame(frameId);
    const { run, enteredAt = 0 } = frame?.state(position) ?? {};
    if (frame === undefined || run?.progress === undefined || run.ending !== undefined) return [];
    const node = frame.node(position);
    const waiting = nodeBehaviour(node.type)?.waiting?.(node, run.progress);
    if (waiting?.for !== "approval") return [];
    return [{ approval: { nodeId, name: node.name ?? node.id, waiting }, enteredAt }];
  });
  return open.toSorted((a, b) => a.enteredAt - b.enteredAt).map(({ approval }) => approval);
}
