import { jsonBytes } from "../core/json-size";
import type { JsonValue } from "../core/json";
import type { JournalEntry } from "../engine/engine-types";
import { MAX_OUTPUT_BYTES } from "../engine/limits";
import { MAX_INLINE_BYTES } from "../events/event-draft";

/** Largest JSON that a run puts into one payload; the engine keeps node outputs and configs to the same. */
export const MAX_PAYLOAD_BYTES = MAX_OUTPUT_BYTES;

/**
 * Most bytes of activity inputs in one workflow task. Temporal's frontend refuses gRPC messages over 4 MiB, and a workflow
 * task that is refused so is tried again for ever.
 */
export const MAX_COMMANDS_BYTES = 3_000_000;

/** Most bytes of outputs in one upsert of the journal: a memo may hold 2 MiB (`limit.memoSize.error`), with its entries. */
export const MAX_JOURNAL_OUTPUT_BYTES = 1_000_000;

/** True where the value fits one payload. */
export function fitsPayload(value: JsonValue): boolean {
  return jsonBytes(value) <= MAX_PAYLOAD_BYTES;
}

/** The journal as it is written to the memo: large outputs give way to their size. */
export function boundJournal(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  let total = 0;
  return entries.map((entry) => {
    if (entry.output === undefined) return entry;
    const outputBytes = jsonBytes(entry.output);
    if (outputBytes <= MAX_INLINE_BYTES && total + outputBytes <= MAX_JOURNAL_OUTPUT_BYTES) {
      total += outputBytes;
      return entry;
    }
    const { output: _, ...rest } = entry;
    return { ...rest, outputBytes };
  });
}
