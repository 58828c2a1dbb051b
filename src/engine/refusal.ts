import { Draft } from "./draft";
import type { EngineState } from "./engine-state";
import type { AnswerInput, MessageInput, SteerInput } from "./engine-types";
import { MAIN_FRAME } from "./frame-ids";
import { messageRefusal, type Refusal } from "./inbox";
import { nodeBehaviour } from "./nodes/registry";
import { steerRefusal } from "./steer-refusal";
import { tableEntries } from "./table";

/** Why a message, an answer or a steering would not be taken; null where it would. */
export function inputRefusal(state: EngineState, input: MessageInput | AnswerInput | SteerInput): Refusal | null {
  const draft = new Draft(state, 0);
  const isStopping = draft.frame(MAIN_FRAME)?.ending !== undefined && state.phase === "graph";
  if (state.isFinished || isStopping)
    return { code: "RUN_ENDING", message: "the run is ending and takes nothing more" };
  switch (input.type) {
    case "message":
      return messageRefusal(state, input);
    case "answer":
      return answerRefusal(draft, input);
    case "steer":
      return steerRefusal(draft, input);
  }
}

function answerRefusal(draft: Draft, answer: AnswerInput): Refusal | null {
  const place = draft.runningAt(answer.nodeId);
  const frame = place === undefined ? undefined : draft.frame(place.frame);
  if (place === undefined || frame === undefined) return noApproval(draft, answer);
  const node = frame.node(place.node);
  const run = frame.state(place.node).run ?? {};
  if (node.type !== "approval" || run.ending !== undefined) return noApproval(draft, answer);
  return (nodeBehaviour(node.type)?.refuse?.(node, run.progress ?? null, answer) ?? null) as Refusal | null;
}

function noApproval(draft: Draft, { nodeId }: AnswerInput): Refusal {
  const waiting = tableEntries(draft.before.running)
    .filter(([, place]) => draft.frameOf(place).node(place.node).type === "approval")
    .map(([instance]) => instance)
    .toSorted();
  const known = waiting.length === 0 ? "none waits" : `these wait: ${waiting.slice(0, 10).join(", ")}`;
  const message = `no approval '${nodeId.slice(0, 100)}' waits for an answer; ${known}`;
  return { code: "APPROVAL_UNKNOWN", message, details: { waiting } };
}
