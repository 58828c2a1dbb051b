import { randomUUID } from "node:crypto";
import type { Definition } from "../../src/definition/graph-types";
import type { NodeSeed } from "../../src/engine/seeds";
import type { StartedRun } from "../../src/temporal/runs-port";
import { type RunsFixture, scripted, startGraph } from "../integration/runs-fixture";

const undo = { task_type: "shell", config: { command: "say undone" } };

/** A graph of which half is taken over, in every way that there is, and which fails in the end. */
const DEFINITION: Definition = {
  version: 1,
  nodes: [
    scripted("a", "say a", { compensate: undo }),
    { id: "s", type: "switch", config: { cases: [{ name: "go", when: "nodes.a.output.exit_code == 7" }] } },
    scripted("bad", "say bad"),
    scripted("mend", "say mend"),
    scripted("left", "say left"),
    {
      id: "m",
      type: "map",
      config: { items: "[0, 1, 2, 3]", concurrency: 1, body: { nodes: [scripted("t", "say t")], edges: [] } },
    },
    { id: "whole", type: "map", config: { items: "[1]", task: { task_type: "noop", config: {} } } },
    scripted("z", "say ${{ size(nodes.m.output.outputs) }}; fail HTTP_STATUS"),
  ],
  edges: [
    { source: "a", target: "s" },
    { source: "s", target: "bad", case: "go" },
    { source: "bad", target: "mend", on: "error" },
    { source: "a", target: "left" },
    { source: "mend", target: "m" },
    { source: "left", target: "m" },
    { source: "m", target: "whole" },
    { source: "whole", target: "z" },
  ],
};

const SEEDS: readonly NodeSeed[] = [
  { nodeId: "a", status: "completed", output: { exit_code: 7 }, isUndoable: true },
  { nodeId: "bad", status: "failed", failure: { code: "HTTP_STATUS", message: "it was bad" } },
  { nodeId: "mend", status: "completed", output: "given", isInjected: true },
  { nodeId: "left", status: "skipped" },
  { nodeId: "t[0]", status: "completed", output: { x: 0 } },
  { nodeId: "t[2]", status: "completed", output: { x: 2 } },
  { nodeId: "whole", status: "completed", output: { outputs: [1], failed: [] } },
];

/** Runs that go on from where another one was. */
export const REDRIVE_SCENARIOS: Readonly<Record<string, (fixture: RunsFixture) => Promise<StartedRun>>> = {
  "graph-redriven": (fixture) =>
    startGraph(fixture, DEFINITION, {}, { redriven: { executionId: randomUUID(), ends: SEEDS } }),
};
