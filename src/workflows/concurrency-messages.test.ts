import { parseSlotClaim, parseSlotLeave } from "./concurrency-messages";

const CLAIM = {
  executionId: "e",
  temporalWorkflowId: "workflow/w/e",
  startedAtMs: 1,
  onConflict: "queue",
  ancestors: ["workflow/w/d"],
};

test("reads a claim and a leave", () => {
  expect(parseSlotClaim({ ...CLAIM, later: 1 })).toEqual(CLAIM);
  expect(parseSlotLeave({ executionId: "e", later: 1 })).toEqual({ executionId: "e" });
});

test.each([
  null,
  7,
  [],
  {},
  { ...CLAIM, executionId: 1 },
  { ...CLAIM, temporalWorkflowId: null },
  { ...CLAIM, startedAtMs: "1" },
  { ...CLAIM, onConflict: "wait" },
  { ...CLAIM, ancestors: "x" },
])("%j is no claim", (argument) => {
  expect(parseSlotClaim(argument)).toBeNull();
});

test.each([null, 7, {}, { executionId: 1 }])("%j is no leave", (argument) => {
  expect(parseSlotLeave(argument)).toBeNull();
});
