import type { EndNode } from "../../definition/graph-types";
import { renderFailure } from "../failures";
import type { NodeBehaviour } from "./node-behaviour";

/** Ends its graph early, with an output of its own. */
export const endBehaviour: NodeBehaviour<EndNode> = {
  type: "end",
  enter: ({ config }, context) => {
    const output = context.render(config.output ?? null, "/config/output");
    return output.ok
      ? { type: "end_graph", output: output.value }
      : { type: "fail", failure: renderFailure(output.error) };
  },
};
