import type { OpenApproval } from "../engine/waiting-approvals";
import { boundApprovals } from "./bound-approvals";

const open = (nodeId: string, message: string, more: object = {}): OpenApproval => ({
  nodeId,
  name: nodeId,
  waiting: { for: "approval", message, sinceMs: 1, ...more },
});

test("gives all of what fits, without the word that it is an approval", () => {
  const schema = { type: "object" };
  expect(boundApprovals([open("a", "Go?", { schema, untilMs: 5, onTimeout: "approve" })], 10_000)).toEqual({
    total: 1,
    approvals: [{ nodeId: "a", name: "a", message: "Go?", sinceMs: 1, schema, untilMs: 5, onTimeout: "approve" }],
  });
});

test("counts what does not fit, and leaves it out", () => {
  const many = Array.from({ length: 100 }, (_, index) => open(`a[${index}]`, "x".repeat(100)));
  const { total, approvals } = boundApprovals(many, 2_000);
  expect(total).toBe(100);
  expect(approvals.length).toBeGreaterThan(5);
  expect(JSON.stringify(approvals).length).toBeLessThanOrEqual(2_000);
  expect(approvals.map(({ nodeId }) => nodeId)).toEqual(many.slice(0, approvals.length).map(({ nodeId }) => nodeId));
});

test("briefs one that would push out all others", () => {
  const large = { schema: { description: "é".repeat(1_000) }, approvers: ["ann"] };
  const { approvals } = boundApprovals([open("a", "x".repeat(300), large), open("b", "Go?")], 4_000);
  expect(approvals).toEqual([
    { nodeId: "a", name: "a", message: "x".repeat(200), sinceMs: 1, isBrief: true },
    { nodeId: "b", name: "b", message: "Go?", sinceMs: 1 },
  ]);
});
