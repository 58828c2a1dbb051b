import type { JsonObject } from "../core/json";
import { pointerTo } from "../definition/json-pointer";
import { meantHint, nearName } from "../definition/near-name";
import type { Issues } from "./issues";

/** Tells every field of which nothing knows, so that none is dropped in silence. */
export function refuseUnknown(source: JsonObject, known: readonly string[], pointer: string, issues: Issues): void {
  for (const name of Object.keys(source)) {
    if (known.includes(name)) continue;
    const advice = meantHint(nearName(name, known));
    issues.problem(
      "NOT_MAPPED",
      pointerTo(pointer, [name]),
      `the field '${name}' has no counterpart here; take it out${advice}`,
    );
  }
}
