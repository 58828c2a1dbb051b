import type { Metadata } from "@grpc/grpc-js";
import { allNodes } from "../../definition/bodies";
import type { Definition } from "../../definition/graph-types";
import { meantHint, nearName } from "../../definition/near-name";
import type { Breakpoints } from "../../engine/steering";
import { MAX_BREAKPOINTS, MAX_INSTANCE_ID_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";

/** Request metadata of ExecuteWorkflow: a node before which the run is paused, as often as there are some; a comma between several. */
export const BREAK_AT = "aco-break-at";
/** `true`: the run is paused before each node. */
export const STEP = "aco-step";

/** Where the run that is about to start is to be paused; undefined where nothing was said. Throws INVALID_ARGUMENT. */
export function decodeBreakpoints(metadata: Metadata): Breakpoints | undefined {
  const check = new RequestCheck();
  const at = metadata
    .get(BREAK_AT)
    .flatMap((value) => String(value).split(","))
    .map((id) => id.trim());
  if (at.length > MAX_BREAKPOINTS)
    check.add(BREAK_AT, `must name at most ${MAX_BREAKPOINTS} nodes; names ${at.length}`);
  for (const id of at) check.requiredText(BREAK_AT, id, MAX_INSTANCE_ID_LENGTH);
  const step = metadata.get(STEP).map(String).at(0);
  if (step !== undefined && step !== "true" && step !== "false") check.add(STEP, "must be true or false");
  check.finish();
  if (at.length === 0 && step !== "true") return undefined;
  return { ...(at.length === 0 ? {} : { at: [...new Set(at)] }), ...(step === "true" ? { step: true } : {}) };
}

/** Each must be of a node that there is, in whatever graph. */
export function checkBreakpoints(definition: Definition, { at = [] }: Breakpoints): void {
  const ids = new Set(allNodes(definition).map(({ node }) => node.id));
  const check = new RequestCheck();
  for (const name of at) {
    const [id = ""] = name.split(/[[#]/);
    if (!ids.has(id)) check.add(BREAK_AT, `there is no node '${name.slice(0, 100)}'${meantHint(nearName(id, ids))}`);
  }
  check.finish();
}
