import type { Failure } from "../core/errors";
import { jsonBytes, utf8Bytes } from "../core/json-size";
import type { JournalEntry } from "../engine/engine-types";
import type { Journal } from "../workflows/history-contract";
import { MAX_INLINE_BYTES } from "./event-draft";

/** Most bytes of one upsert of the journal: a memo may hold 2 MiB (`limit.memoSize.error`) together with all else in it. */
export const MAX_JOURNAL_BYTES = 1_000_000;

/** Longest message of a failure in the journal, in UTF-16 units. */
export const MAX_MESSAGE_LENGTH = 10_000;

/** Comma and brackets around an entry. */
const SEPARATOR_BYTES = 2;

/** One upsert's worth of entries. */
export interface JournalPart {
  readonly entries: Journal;
  readonly bytes: number;
}

/** The journal as it is written to the memo, in as many parts as it takes: every entry is in one of them. */
export function journalParts(entries: readonly JournalEntry[]): readonly JournalPart[] {
  const parts: { entries: JournalEntry[]; bytes: number }[] = [];
  for (const entry of entries.map(boundEntry)) {
    const bytes = utf8Bytes(JSON.stringify(entry)) + SEPARATOR_BYTES;
    const last = parts.at(-1);
    if (last === undefined || last.bytes + bytes > MAX_JOURNAL_BYTES) parts.push({ entries: [entry], bytes });
    else {
      last.entries.push(entry);
      last.bytes += bytes;
    }
  }
  return parts;
}

/** Large values give way to their size, as they do in events. */
function boundEntry(entry: JournalEntry): JournalEntry {
  const { input, output, failure, ...rest } = entry;
  const inputBytes = input === undefined ? 0 : jsonBytes(input);
  const outputBytes = output === undefined ? 0 : jsonBytes(output);
  return {
    ...rest,
    ...(input === undefined ? {} : inputBytes <= MAX_INLINE_BYTES ? { input } : { inputBytes }),
    ...(output === undefined ? {} : outputBytes <= MAX_INLINE_BYTES ? { output } : { outputBytes }),
    ...(failure === undefined ? {} : { failure: boundFailure(failure) }),
  };
}

function boundFailure({ code, message, details }: Failure): Failure {
  const isSmall = details !== undefined && jsonBytes(details) <= MAX_INLINE_BYTES;
  return { code, message: message.slice(0, MAX_MESSAGE_LENGTH), ...(isSmall ? { details } : {}) };
}
