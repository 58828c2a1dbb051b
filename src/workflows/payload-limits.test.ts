import { boundJournal, fitsPayload, MAX_JOURNAL_OUTPUT_BYTES, MAX_PAYLOAD_BYTES } from "./payload-limits";

const ofBytes = (size: number) => "x".repeat(size - 2);
const entry = (output: string) => ({ kind: "completed", nodeId: "a", nodeType: "task", output }) as const;

test("a payload fits at the limit and not one byte above", () => {
  expect(fitsPayload(ofBytes(MAX_PAYLOAD_BYTES))).toBe(true);
  expect(fitsPayload(ofBytes(MAX_PAYLOAD_BYTES + 1))).toBe(false);
});

test("the journal holds an output of 64 KiB, and the size of one that is larger", () => {
  expect(boundJournal([entry(ofBytes(65_536))])[0]).toHaveProperty("output");
  const { output: _, ...rest } = entry("");
  expect(boundJournal([entry(ofBytes(65_537))])).toEqual([{ ...rest, outputBytes: 65_537 }]);
});

test("the journal's outputs together stay below its limit", () => {
  const bounded = boundJournal(Array.from({ length: 20 }, () => entry(ofBytes(65_536))));
  const kept = bounded.filter((each) => each.output !== undefined);
  expect(kept).toHaveLength(Math.floor(MAX_JOURNAL_OUTPUT_BYTES / 65_536));
  expect(bounded.slice(kept.length).every((each) => each.outputBytes === 65_536)).toBe(true);
});
