import { nodeContext } from "../../../tests/node-context";
import { NOW_MS, outcome, run, statuses } from "../../../tests/run-graph";
import type { JsonObject } from "../../core/json";
import type { SignalNode } from "../../definition/graph-types";
import { signalBehaviour } from "./signal";

const schema = { type: "object", required: ["amount"] };
const node: SignalNode = { id: "s", type: "signal", config: { name: "paid", schema, timeout: "1h" } };
const good = { name: "paid", payload: { amount: 3 } };

test("takes a message that came before it was entered", () => {
  const messages = [{ name: "other", payload: 1 }, { name: "paid", payload: "no object" }, good];
  expect(signalBehaviour.enter(node, nodeContext({ messages }))).toEqual({ type: "complete", output: good.payload });
  expect(messages).toHaveLength(2);
});

test("waits for a message that its schema admits", () => {
  const untilMs = NOW_MS + 3_600_000;
  const entered = signalBehaviour.enter(node, nodeContext());
  expect(entered).toEqual({
    type: "wait",
    progress: { untilMs },
    effects: [{ type: "start_timer", name: "timeout", dueAtMs: untilMs }],
    input: { name: "paid", until: "2026-01-01T01:00:00.000Z" },
  });
  expect(signalBehaviour.waiting?.(node, { untilMs })).toEqual({ for: "message", name: "paid", untilMs });
  const told = { type: "message" } as const;
  const bad = nodeContext({ messages: [{ name: "paid", payload: {} }] });
  expect(signalBehaviour.resume?.(node, bad, { untilMs }, told)).toEqual({ type: "wait", progress: { untilMs } });
  expect(signalBehaviour.resume?.(node, nodeContext({ messages: [good] }), { untilMs }, told)).toEqual({
    type: "complete",
    output: good.payload,
  });
});

test("fails with SIGNAL_TIMEOUT when none comes in time", () => {
  const fired = { type: "timer_fired", name: "timeout" } as const;
  expect(signalBehaviour.resume?.(node, nodeContext(), {}, fired)).toEqual({
    type: "fail",
    failure: { code: "SIGNAL_TIMEOUT", message: "no message 'paid' came within 1h", details: { name: "paid" } },
  });
});

test("waits for ever without a timeout", () => {
  const patient: SignalNode = { id: "s", type: "signal", config: { name: "paid" } };
  expect(signalBehaviour.enter(patient, nodeContext())).toEqual({
    type: "wait",
    progress: {},
    effects: [],
    input: { name: "paid" },
  });
  expect(signalBehaviour.waiting?.(patient, {})).toEqual({ for: "message", name: "paid" });
});

test("in a run, the first message that its schema admits ends it and its timer", () => {
  const definition = { nodes: [{ id: "s", type: "signal", config: node.config as JsonObject }] };
  const bad = { type: "message", name: "paid", payload: 3 } as const;
  expect(statuses(run(definition, [bad]).state)).toEqual({ s: "running" });
  const ended = run(definition, [bad, { type: "message", ...good }]);
  expect(outcome(ended)).toEqual({ status: "completed", output: { s: good.payload } });
  expect(ended.commands).toContainEqual({ type: "cancel_timer", timerId: "s/timeout" });
});
