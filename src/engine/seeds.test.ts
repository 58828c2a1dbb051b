import { EXECUTION, NOW_MS, snapshotOf, task } from "../../tests/run-graph";
import type { JsonValue } from "../core/json";
import { type EngineState, outstanding, start } from "./engine";
import type { EngineCommand } from "./engine-types";
import type { SeedInput } from "./seeds";

const CALLED = "01900000-0000-7000-8000-0000000000cc";
const child = snapshotOf({ nodes: [task("x")], edges: [] });
const parent = snapshotOf({
  nodes: [{ id: "c", type: "workflow", config: { workflow_id: CALLED, input: { n: "${{ input.n }}" } } }],
  edges: [],
});
const snapshot = {
  ...parent,
  workflows: { [CALLED]: { name: "child", version: 1, hash: "1", definition: child.definition } },
};
const OF_CHILD: SeedInput = { from: "old-child", ends: [{ nodeId: "x", status: "completed", output: 1 }] };
const SEEDS: SeedInput = { from: "old", ends: [], children: [{ nodeId: "c", input: { n: 1 }, seeds: OF_CHILD }] };

const begin = (input: JsonValue) => start(snapshot, input, EXECUTION, NOW_MS, {}, SEEDS);
const seedsOfChildren = (commands: readonly EngineCommand[]) =>
  commands.flatMap((command) => (command.type === "start_child" ? [command.seeds] : []));

test("a child run goes on from an earlier one, also where its parent continues as new before it was started", () => {
  const { commands, state } = begin({ n: 1 });
  expect(seedsOfChildren(commands)).toEqual([OF_CHILD]);
  expect(state.seeds).toBeUndefined();
  const next = JSON.parse(JSON.stringify(state)) as EngineState;
  expect(seedsOfChildren(outstanding({ ...next, snapshot }))).toEqual([OF_CHILD]);
});

test("a child run with another input than the earlier one begins anew", () => {
  const { commands, state } = begin({ n: 2 });
  expect(seedsOfChildren(commands)).toEqual([undefined]);
  expect(state.seeds).toBeUndefined();
});
