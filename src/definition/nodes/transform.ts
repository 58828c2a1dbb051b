import { z } from "zod";
import type { TransformNode } from "../graph-types";
import { nodeSchema } from "./common-fields";
import type { NodeKind } from "./node-kind";

const config = z.strictObject({ output: z.unknown().describe("Template; rendered, it is the node's output.") });

/** Makes a value of others, without a task. */
export const transformNodeKind: NodeKind<TransformNode> = {
  type: "transform",
  schema: nodeSchema("transform", "Makes a value of others, without a task.", { config }),
  templates: ({ config: { output } }) => [{ pointer: "/config/output", value: output }],
  check: ({ config: { output } }) =>
    output === undefined ? [{ code: "FIELD_REQUIRED", pointer: "/config/output", message: "is required" }] : [],
  output: ({ config: { output } }, types) => types.template(output),
};
