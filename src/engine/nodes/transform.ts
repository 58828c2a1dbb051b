import type { TransformNode } from "../../definition/graph-types";
import { renderFailure } from "../failures";
import type { NodeBehaviour } from "./node-behaviour";

/** Renders a template and is done. */
export const transformBehaviour: NodeBehaviour<TransformNode> = {
  type: "transform",
  enter: ({ config }, context) => {
    const output = context.render(config.output, "/config/output");
    return output.ok
      ? { type: "complete", output: output.value }
      : { type: "fail", failure: renderFailure(output.error) };
  },
};
