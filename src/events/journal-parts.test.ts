import { jsonBytes } from "../core/json-size";
import type { JournalEntry } from "../engine/engine-types";
import { journalParts, MAX_JOURNAL_BYTES, MAX_MESSAGE_LENGTH } from "./journal-parts";

const ofBytes = (size: number) => "x".repeat(size - 2);
const entry = (more: Partial<JournalEntry>): JournalEntry => ({
  kind: "completed",
  nodeId: "a",
  nodeType: "task",
  ...more,
});
const only = (more: Partial<JournalEntry>) => journalParts([entry(more)])[0]?.entries[0];

test("nothing is no part", () => {
  expect(journalParts([])).toEqual([]);
});

test("holds values of 64 KiB, and the size of those that are larger", () => {
  expect(only({ output: ofBytes(65_536), input: ofBytes(65_536) })).toEqual(
    entry({ output: ofBytes(65_536), input: ofBytes(65_536) }),
  );
  expect(only({ output: ofBytes(65_537), input: ofBytes(65_538) })).toEqual(
    entry({ outputBytes: 65_537, inputBytes: 65_538 }),
  );
});

test("shortens what a failure says", () => {
  const failure = { code: "X", message: "m".repeat(MAX_MESSAGE_LENGTH + 1), details: ofBytes(65_537) };
  expect(only({ failure })).toEqual(entry({ failure: { code: "X", message: "m".repeat(MAX_MESSAGE_LENGTH) } }));
  const small = { code: "X", message: "m", details: { a: 1 } };
  expect(only({ failure: small })).toEqual(entry({ failure: small }));
});

test("loses no entry: what does not fit one upsert goes into the next, in order", () => {
  const entries = Array.from({ length: 20_000 }, (_, at) => entry({ nodeId: `n${at}`, output: { at } }));
  const parts = journalParts(entries);
  expect(parts.flatMap((part) => part.entries)).toEqual(entries);
  for (const { entries, bytes } of parts) {
    expect(jsonBytes(entries as never)).toBeLessThanOrEqual(bytes);
    expect(bytes).toBeLessThanOrEqual(MAX_JOURNAL_BYTES);
  }
  expect(parts).toHaveLength(2);
});
