import type { Result } from "../core/result";
import type { Problem, ValidDefinition } from "../definition/graph-types";
import { parseDefinition } from "../definition/parse-definition";
import type { WorkflowRecord } from "../store/records";

/** Definitions kept, the latest used of them, and the most nodes of one that is kept: a few megabytes in all. */
const MAX_KEPT = 100;
const MAX_NODES_KEPT = 100;

/** By content hash: the same content always parses to the same definition. */
const kept = new Map<string, ValidDefinition>();

/**
 * Parses a stored definition, or takes it from the latest: some 2 ms of a start for ten nodes. It was valid when it was stored; a
 * stricter version of the server may no longer take it.
 */
export function parseStored({
  definition,
  definitionHash,
}: Pick<WorkflowRecord, "definition" | "definitionHash">): Result<ValidDefinition, readonly Problem[]> {
  const known = kept.get(definitionHash);
  const parsed = known === undefined ? parseDefinition(definition) : { ok: true as const, value: known };
  if (parsed.ok && parsed.value.nodes.length <= MAX_NODES_KEPT) keep(definitionHash, parsed.value);
  return parsed;
}

function keep(hash: string, definition: ValidDefinition): void {
  // A map lists its keys in the order in which they were set, so the first is the one not used for longest.
  kept.delete(hash);
  kept.set(hash, definition);
  const [oldest] = kept.keys();
  if (kept.size > MAX_KEPT && oldest !== undefined) kept.delete(oldest);
}
