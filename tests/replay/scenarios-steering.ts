import { randomUUID } from "node:crypto";
import type { Definition } from "../../src/definition/graph-types";
import type { SteerAction } from "../../src/engine/engine-types";
import type { StartedRun } from "../../src/temporal/runs-port";
import { gate } from "../integration/runs-activities";
import { nodeOf } from "../integration/runs-chain";
import { type RunsFixture, scripted, startGraph } from "../integration/runs-fixture";

type Scenario = (fixture: RunsFixture) => Promise<StartedRun>;

const inRow = (...nodes: Definition["nodes"]): Definition => ({
  version: 1,
  nodes,
  edges: nodes.slice(1).map(({ id: target }, index) => ({ source: nodes[index]?.id ?? "", target })),
});

const steer = (fixture: RunsFixture, run: StartedRun, action: SteerAction) =>
  fixture.runs.steer(run, { ...action, by: "alice", requestId: randomUUID() });
const held = (fixture: RunsFixture, run: StartedRun, id: string) =>
  nodeOf(fixture, run, id, ({ isHeld }) => isHeld === true);

/** What a person does to a run. */
export const STEERING_SCENARIOS: Readonly<Record<string, Scenario>> = {
  "graph-paused": async (fixture) => {
    const wait = { id: "w", type: "wait", config: { duration: "300ms" } } as const;
    const definition = { ...inRow(scripted("a", "wait paused"), scripted("b", "say b"), wait), timeout: "1h" };
    const run = await startGraph(fixture, definition);
    await nodeOf(fixture, run, "a");
    await steer(fixture, run, { action: "pause" });
    gate("paused").open();
    await held(fixture, run, "b");
    await steer(fixture, run, { action: "update", timeoutAtMs: Date.now() + 3_600_000 });
    await steer(fixture, run, { action: "resume" });
    return run;
  },

  "graph-stepped": async (fixture) => {
    const breakpoints = { at: ["b"] };
    const run = await startGraph(
      fixture,
      inRow(...["a", "b", "c"].map((id) => scripted(id, "say x"))),
      {},
      { breakpoints },
    );
    await held(fixture, run, "b");
    await steer(fixture, run, { action: "resume", step: true });
    await held(fixture, run, "c");
    await steer(fixture, run, { action: "resume" });
    return run;
  },

  "graph-steered": async (fixture) => {
    const never = ["a", "b", "c"].map((id) => scripted(id, "wait never"));
    const run = await startGraph(fixture, {
      version: 1,
      nodes: [...never, scripted("d", "say d"), scripted("e", "say e")],
      edges: [
        { source: "a", target: "d" },
        { source: "b", target: "e" },
        { source: "c", target: "e", error: "CANCELLED" },
      ],
    });
    for (const id of ["a", "b", "c"]) await nodeOf(fixture, run, id);
    await steer(fixture, run, { action: "set_output", nodeId: "d", output: { n: 1 } });
    await steer(fixture, run, { action: "skip", nodeId: "a" });
    await steer(fixture, run, { action: "set_output", nodeId: "b", output: { n: 2 } });
    await steer(fixture, run, { action: "cancel_node", nodeId: "c" });
    return run;
  },
};
