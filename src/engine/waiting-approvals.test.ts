import { NOW_MS, run } from "../../tests/run-graph";
import type { JsonObject } from "../core/json";
import { waitingApprovals } from "./waiting-approvals";

const ask = (id: string, config: JsonObject = {}): JsonObject => ({
  id,
  type: "approval",
  config: { message: `${id}?`, ...config },
});
const graph = (...nodes: readonly JsonObject[]): JsonObject => ({ version: 1, nodes, edges: [] });

test("lists what takes an answer, also inside of bodies, in the order in which it began to wait", () => {
  const body = { nodes: [ask("inner", { timeout: "1m", on_timeout: "approve" })], edges: [] };
  const map = { id: "m", type: "map", config: { items: [1, 2], concurrency: 2, body } };
  const { state } = run(graph(ask("b"), ask("a", { approvers: ["ann"] }), map));
  const timed = { for: "approval", sinceMs: NOW_MS, untilMs: NOW_MS + 60_000, onTimeout: "approve" };
  expect(waitingApprovals(state)).toEqual([
    { nodeId: "b", name: "b", waiting: { for: "approval", message: "b?", sinceMs: NOW_MS } },
    { nodeId: "a", name: "a", waiting: { for: "approval", message: "a?", sinceMs: NOW_MS, approvers: ["ann"] } },
    { nodeId: "inner[0]", name: "inner", waiting: { ...timed, message: "inner?" } },
    { nodeId: "inner[1]", name: "inner", waiting: { ...timed, message: "inner?" } },
  ]);
});

test("leaves out what has been answered, and all of a run that ends", () => {
  const wait = { id: "w", type: "signal", config: { name: "go" } };
  const answer = { type: "answer", nodeId: "a", approved: true } as const;
  expect(waitingApprovals(run(graph(ask("a"), ask("b"), wait), [answer]).state)).toMatchObject([{ nodeId: "b" }]);
  expect(waitingApprovals(run(graph(ask("a")), [answer]).state)).toEqual([]);
  expect(waitingApprovals(run(graph(ask("a"), wait), [{ type: "cancel", reason: "no" }]).state)).toEqual([]);
});
