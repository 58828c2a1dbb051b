import type { JsonValue } from "../core/json";
import type { Step } from "./project";
import type { ProjectionState } from "./projection-state";
import { parseSlotWord, waitingText } from "./slot-word";

/** PROGRESS of an execution that has to wait for its turn, and of its turn when it comes. A turn at once is no news. */
export function projectSlot(state: ProjectionState, argument: JsonValue): Step {
  const word = parseSlotWord(argument);
  switch (word?.status) {
    case "queued": {
      const { holder, ahead } = word;
      const data = { message: waitingText(holder, ahead), holder, ahead };
      return { state: { ...state, isQueued: true }, drafts: [{ type: "PROGRESS", data }] };
    }
    case "granted": {
      if (!state.isQueued) return { state, drafts: [] };
      return {
        state: { ...state, isQueued: false },
        drafts: [{ type: "PROGRESS", data: { message: "its turn has come" } }],
      };
    }
    // The end of the execution says it.
    case "rejected":
    case undefined:
      return { state, drafts: [] };
  }
}
