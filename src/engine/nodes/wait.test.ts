import { nodeContext } from "../../../tests/node-context";
import { NOW_MS, outcome, run } from "../../../tests/run-graph";
import type { WaitNode } from "../../definition/graph-types";
import { waitBehaviour } from "./wait";

const nodeWith = (config: WaitNode["config"]): WaitNode => ({ id: "w", type: "wait", config });
const enter = (config: WaitNode["config"], input = {}) => waitBehaviour.enter(nodeWith(config), nodeContext({ input }));

test("waits by a timer for a rendered duration, and then gives null", () => {
  const entered = enter({ duration: "${{ input.days }}d" }, { days: 30 });
  const untilMs = NOW_MS + 30 * 86_400_000;
  expect(entered).toEqual({
    type: "wait",
    progress: { untilMs },
    effects: [{ type: "start_timer", name: "wait", dueAtMs: untilMs }],
    input: { until: "2026-01-31T00:00:00.000Z" },
  });
  const node = nodeWith({ duration: "30d" });
  expect(waitBehaviour.waiting?.(node, { untilMs })).toEqual({ for: "time", untilMs });
  const fired = { type: "timer_fired", name: "wait" } as const;
  expect(waitBehaviour.resume?.(node, nodeContext(), { untilMs }, fired)).toEqual({ type: "complete", output: null });
});

test("waits until a time, whatever its offset from UTC", () => {
  expect(enter({ until: "2026-01-01T02:00:00+01:00" })).toMatchObject({ progress: { untilMs: NOW_MS + 3_600_000 } });
});

test.each([[{ duration: "0s" }], [{ until: "2025-12-31T23:59:59Z" }], [{ until: "2026-01-01T00:00:00Z" }]])(
  "%j is no wait",
  (config) => expect(enter(config)).toEqual({ type: "complete", output: null }),
);

test.each([
  [{ duration: "soon" }, "/config/duration: must be a duration such as"],
  [{ duration: "${{ input.n }}" }, "/config/duration: must be text, but is 3"],
  [{ until: "tomorrow" }, "/config/until: must be a time such as"],
  [{ until: "2026-02-31" }, "/config/until: must be a time such as"],
  [{ until: "2026-02-31T00:00:00Z" }, "/config/until: must be a time such as"],
  [{ until: "2036-01-01T00:00:00Z" }, "/config/until: must be at most ten years from now"],
])("%j fails with CONFIG_INVALID", (config, message) => {
  expect(enter(config, { n: 3 })).toMatchObject({
    type: "fail",
    failure: { code: "CONFIG_INVALID", message: expect.stringContaining(message) },
  });
});

test("an expression that fails, fails it", () => {
  expect(enter({ duration: "${{ input.days.x }}" })).toMatchObject({ failure: { code: "EXPRESSION_FAILED" } });
});

test("goes on waiting whatever else happens", () => {
  const progress = { untilMs: 5 };
  const other = { type: "message" } as const;
  expect(waitBehaviour.resume?.(nodeWith({ duration: "1s" }), nodeContext(), progress, other)).toEqual({
    type: "wait",
    progress,
  });
});

test("in a run, its timer ends it", () => {
  const definition = { nodes: [{ id: "w", type: "wait", config: { duration: "1h" } }] };
  const { commands } = run(definition);
  expect(commands).toMatchObject([{ type: "start_timer", timerId: "w/wait", dueAtMs: NOW_MS + 3_600_000 }]);
  const ended = run(definition, [{ type: "timer_fired", timerId: "w/wait" }]);
  expect(outcome(ended)).toEqual({ status: "completed", output: { w: null } });
});
