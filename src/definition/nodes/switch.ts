import { z } from "zod";
import type { Problem, SwitchNode } from "../graph-types";
import { MAX_CASES, MAX_WORD_LENGTH } from "../limits";
import { closedObject, listOf, oneOf } from "../types/value-type";
import { cel, nodeSchema } from "./common-fields";
import type { NodeKind } from "./node-kind";

const caseSchema = z.strictObject({
  name: z.string().min(1).max(MAX_WORD_LENGTH).describe("What edges name as their `case`."),
  when: cel("CEL; the case is picked where it is true."),
});

const config = z.strictObject({
  cases: z.array(caseSchema).min(1, "needs at least one case").max(MAX_CASES).describe("Looked at in this order."),
  mode: z.enum(["first", "all"]).optional().describe("Whether the first case that is true is picked, or all; `first`."),
});

/** Picks among the edges that leave it. */
export const switchNodeKind: NodeKind<SwitchNode> = {
  type: "switch",
  schema: nodeSchema("switch", "Picks among its outgoing edges that name a `case`.", { config }),
  conditions: ({ config: { cases } }) =>
    cases.map(({ when }, index) => ({ pointer: `/config/cases/${index}/when`, text: when, expects: "bool" })),
  check: ({ config: { cases } }) => cases.flatMap(({ name }, index) => duplicateProblem(cases, name, index)),
  output: ({ config: { cases } }) => closedObject({ cases: listOf(oneOf(cases.map(({ name }) => name))) }),
};

function duplicateProblem(
  cases: readonly { readonly name: string }[],
  name: string,
  index: number,
): readonly Problem[] {
  const first = cases.findIndex((other) => other.name === name);
  if (first === index) return [];
  const message = `'${name}' is the name of /config/cases/${first} already`;
  return [{ code: "CASE_DUPLICATE", pointer: `/config/cases/${index}/name`, message }];
}
