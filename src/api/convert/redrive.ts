import { type RedriveNode, RedriveAction as WireAction } from "../../gen/proto/executions";
import type { PlannedNode, RedriveAction } from "../../redrive/redrive-types";
import { enumCodec } from "./enum-codec";

export const redriveActionCodec = enumCodec<RedriveAction, WireAction>({
  REUSED: WireAction.REDRIVE_ACTION_REUSED,
  RUNS_AGAIN: WireAction.REDRIVE_ACTION_RUNS_AGAIN,
  RUNS: WireAction.REDRIVE_ACTION_RUNS,
  NEW: WireAction.REDRIVE_ACTION_NEW,
  DISAPPEARS: WireAction.REDRIVE_ACTION_DISAPPEARS,
  INJECTED: WireAction.REDRIVE_ACTION_INJECTED,
  SKIPPED: WireAction.REDRIVE_ACTION_SKIPPED,
});

export function encodeRedriveNode(node: PlannedNode): RedriveNode {
  return {
    nodeId: node.nodeId,
    nodeType: node.nodeType,
    action: redriveActionCodec.encode(node.action),
    reused: node.reused,
    again: [...node.again],
    repeatsSideEffects: node.repeatsEffects,
    reason: node.reason,
  };
}
