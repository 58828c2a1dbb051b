import { allNodes } from "../definition/bodies";
import { meantHint, nearName } from "../definition/near-name";
import type { Draft } from "./draft";
import type { SteerInput } from "./engine-types";
import type { Refusal } from "./inbox";
import { MAX_PLANNED } from "./limits";
import { locateNode } from "./locate-node";
import { outputSize } from "./output";

/** Why a steering would not be taken now; null where it would. Whether the run takes anything at all is not its question. */
export function steerRefusal(draft: Draft, input: SteerInput): Refusal | null {
  const isPaused = draft.steering?.pause !== undefined;
  switch (input.action) {
    case "pause":
      return isPaused ? unfit("the run is paused already") : null;
    case "resume":
      return isPaused ? null : unfit("the run is not paused");
    case "skip":
    case "set_output":
    case "cancel_node":
    case "retry":
      return nodeRefusal(draft, input);
    case "update":
      return updateRefusal(draft, input);
  }
}

type NodeInput = Extract<SteerInput, { readonly nodeId: string }>;

function nodeRefusal(draft: Draft, input: NodeInput): Refusal | null {
  const { action, nodeId } = input;
  const found = locateNode(draft, nodeId);
  switch (found.status) {
    case "unknown": {
      const { message, suggestion } = found;
      return { code: "NODE_UNKNOWN", message, ...(suggestion === undefined ? {} : { details: { suggestion } }) };
    }
    case "over":
      return unfit(found.message);
    case "running": {
      const { run } = found.frame.state(found.place.node);
      if (run?.ending !== undefined || found.frame.ending !== undefined)
        return unfit(`'${nodeId}' is being stopped already`);
      if (action === "retry" && run?.hasTask !== true) return unfit(`'${nodeId}' is no task, and has no attempts`);
      if (action === "retry" && !input.isWaiting) return unfit(nothingToHurry(input));
      break;
    }
    case "pending":
      if (action === "cancel_node") return unfit(`'${nodeId}' has not been entered; it can be skipped`);
      if (action === "retry") return unfit(`'${nodeId}' has not been entered, so there is nothing to try again`);
      if ((draft.steering?.planned?.length ?? 0) >= MAX_PLANNED)
        return unfit(`the ends of ${MAX_PLANNED} nodes that have not been entered are decided already`);
      break;
  }
  if (action !== "set_output") return null;
  const size = outputSize(input.output, draft.fuel);
  return size.ok ? null : { code: "MESSAGE_TOO_LARGE", message: size.error.message };
}

function nothingToHurry({ nodeId, attempt }: Extract<SteerInput, { readonly action: "retry" }>): string {
  if (attempt === undefined) return `'${nodeId}' has not been given to a worker yet, so there is nothing to try again`;
  return `attempt ${attempt} of '${nodeId}' is under way; only one that waits for its backoff can be made now`;
}

function updateRefusal(
  draft: Draft,
  { timeoutAtMs, concurrency = {} }: Extract<SteerInput, { readonly action: "update" }>,
): Refusal | null {
  if (timeoutAtMs !== undefined && draft.phase !== "graph")
    return unfit("the graph has ended, and what runs after it has no deadline");
  const nodes = allNodes(draft.before.snapshot.definition).map(({ node }) => node);
  for (const nodeId of Object.keys(concurrency)) {
    const node = nodes.find(({ id }) => id === nodeId);
    if (node === undefined) {
      const ids = nodes.map(({ id }) => id);
      const message = `there is no node '${nodeId.slice(0, 100)}'${meantHint(nearName(nodeId, ids))}`;
      return { code: "NODE_UNKNOWN", message };
    }
    if (node.type !== "map") return unfit(`'${nodeId}' is of type ${node.type}; only a map has a concurrency`);
  }
  return null;
}

function unfit(message: string): Refusal {
  return { code: "STATE_UNFIT", message };
}
