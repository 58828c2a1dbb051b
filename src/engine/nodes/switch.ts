import type { SwitchNode } from "../../definition/graph-types";
import { renderFailure } from "../failures";
import type { NodeBehaviour } from "./node-behaviour";

/** Picks the first case that holds, or all of them. A case that is neither true nor false fails the node. */
export const switchBehaviour: NodeBehaviour<SwitchNode> = {
  type: "switch",
  enter: ({ config: { cases, mode = "first" } }, context) => {
    const picked: string[] = [];
    for (const [position, { name, when }] of cases.entries()) {
      const pointer = `/config/cases/${position}/when`;
      const holds = context.evaluate(when, pointer);
      if (!holds.ok) return { type: "fail", failure: renderFailure(holds.error) };
      if (typeof holds.value !== "boolean") {
        const message = `${pointer}: must be true or false, but is ${JSON.stringify(holds.value).slice(0, 100)}`;
        return { type: "fail", failure: { code: "EXPRESSION_FAILED", message, details: { pointer } } };
      }
      if (holds.value) picked.push(name);
      if (holds.value && mode === "first") break;
    }
    return { type: "complete", output: { cases: picked }, cases: picked };
  },
};
