import { z } from "zod";
import type { WorkflowNode } from "../graph-types";
import { MAX_WORD_LENGTH } from "../limits";
import { totalTimeoutSchema } from "../retry-and-timeout";
import { ANY } from "../types/value-type";
import { nodeSchema, template } from "./common-fields";
import type { NodeKind } from "./node-kind";

const config = z.strictObject({
  workflow_id: z
    .string()
    .min(1, "must be the id of a stored workflow")
    .max(MAX_WORD_LENGTH, "must be the id of a stored workflow")
    .describe("Id of the stored workflow; its definition is the one that stands when the run is started."),
  input: template("Template of its input; `{}` where absent."),
});

/** Another stored workflow, as a run of its own. */
export const workflowNodeKind: NodeKind<WorkflowNode> = {
  type: "workflow",
  schema: nodeSchema("workflow", "Another stored workflow, as a run of its own that is cancelled with this one.", {
    config,
    timeout: totalTimeoutSchema.optional(),
  }),
  templates: ({ config: { workflow_id, input = {} } }) => [
    { pointer: "/config/input", value: input, expects: { inputOf: workflow_id } },
  ],
  output: () => ANY,
};
