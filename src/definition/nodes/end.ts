import { z } from "zod";
import type { EndNode } from "../graph-types";
import { nodeSchema, template } from "./common-fields";
import type { NodeKind } from "./node-kind";

const config = z.strictObject({ output: template("Template of the graph's output; null where absent.") });

/** Ends its graph early. */
export const endNodeKind: NodeKind<EndNode> = {
  type: "end",
  schema: nodeSchema("end", "Ends its graph early: what runs is cancelled, and the graph's output is this one.", {
    config,
  }),
  templates: ({ config: { output } }) => (output === undefined ? [] : [{ pointer: "/config/output", value: output }]),
  output: ({ config: { output } }, types) => types.template(output ?? null),
};
