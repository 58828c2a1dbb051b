import { z } from "zod";
import { isJsonObject } from "../../core/json";
import type { LoopNode } from "../graph-types";
import { MAX_LOOP_ITERATIONS } from "../limits";
import { duration, MAX_TOTAL_MS, totalTimeoutSchema } from "../retry-and-timeout";
import { NULL, NUMBER, unionOf } from "../types/value-type";
import { cel, nodeSchema } from "./common-fields";
import { graphReference } from "./graph-reference";
import type { ConditionAt, ExtraVariables, GraphAt, NodeKind } from "./node-kind";

const config = z
  .strictObject({
    while: cel("CEL, looked at before each iteration; sees `iteration`, from 1, and `nodes.THIS.output`.").optional(),
    until: cel("CEL, looked at after each iteration; sees the same.").optional(),
    max_iterations: z
      .int()
      .min(1)
      .max(MAX_LOOP_ITERATIONS)
      .describe("One that would go on past it fails with `LOOP_EXHAUSTED`."),
    delay: duration("the delay", 1, MAX_TOTAL_MS).optional().describe("Duration between two iterations."),
    body: graphReference("The graph that runs again and again. Sees `iteration`."),
  })
  .refine((value) => !isJsonObject(value) || value.while !== undefined || value.until !== undefined, {
    message: "needs while or until",
    when: () => true,
  })
  .meta({ anyOf: [{ required: ["while"] }, { required: ["until"] }] });

const extra: ExtraVariables = () => ({ iteration: NUMBER });

/** Runs its body again and again. */
export const loopNodeKind: NodeKind<LoopNode> = {
  type: "loop",
  schema: nodeSchema("loop", "Runs its body again and again. Its output is the last iteration's.", {
    config,
    timeout: totalTimeoutSchema.optional(),
  }),
  conditions: ({ config: { while: before, until } }) =>
    Object.entries({ while: before, until }).flatMap(([name, text]): readonly ConditionAt[] =>
      text === undefined ? [] : [{ pointer: `/config/${name}`, text, expects: "bool", extra, seesItself: true }],
    ),
  graphs: (node) => [bodyOf(node)],
  output: (node, types) => unionOf([types.graph(bodyOf(node)), NULL]),
};

/** Its body sees `nodes.THIS.output`, the last iteration's, too. */
function bodyOf({ config: { body } }: LoopNode): GraphAt {
  return { pointer: "/config/body", graph: body, extra, seesItself: true };
}
