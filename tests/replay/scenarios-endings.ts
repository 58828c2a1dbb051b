import { setTimeout as sleep } from "node:timers/promises";
import type { Definition } from "../../src/definition/graph-types";
import type { StartedRun } from "../../src/temporal/runs-port";
import { collect, type RunsFixture, scripted, startGraph } from "../integration/runs-fixture";

type Scenario = (fixture: RunsFixture) => Promise<StartedRun>;

const graph = (...nodes: Definition["nodes"]): Definition => ({ version: 1, nodes, edges: [] });

/** Lanes, priorities, and all that comes after a graph has ended. */
export const ENDING_SCENARIOS: Readonly<Record<string, Scenario>> = {
  "graph-fast-lane": (fixture) =>
    startGraph(fixture, {
      ...graph(
        scripted("a", "sleep 1", { lane: "fast" }),
        scripted("b", "fail HTTP_STATUS", { lane: "fast", catch: {} }),
        scripted("c", "say c", { priority: 1 }),
      ),
      edges: [
        { source: "a", target: "b" },
        { source: "b", target: "c" },
      ],
    }),

  "graph-compensated": (fixture) =>
    startGraph(fixture, {
      ...graph(
        scripted("a", "say a", { compensate: { task_type: "shell", config: { command: "say undo-a" } } }),
        scripted("b", "say b", { compensate: { task_type: "shell", config: { command: "say undo-b" } } }),
        { id: "f", type: "fail", config: { code: "NOT_GOOD", message: "no" } },
      ),
      edges: [
        { source: "a", target: "b" },
        { source: "b", target: "f" },
      ],
      on_failure: { nodes: [scripted("tell", "say ${{ error.code }}")], edges: [] },
      finally: { nodes: [scripted("tidy", "say tidy")], edges: [] },
    }),

  "graph-timed-out": (fixture) => startGraph(fixture, { ...graph(scripted("a", "wait never")), timeout: "300ms" }),
};

export async function cancelled(fixture: RunsFixture, run: StartedRun): Promise<StartedRun> {
  // Long enough for the tasks to be running, so that the cancel travels through them.
  await sleep(500);
  await fixture.runs.cancel(run, "as recorded");
  return run;
}

/** Waits for the end; gives the last run of the chain. */
export async function lastRunOf(fixture: RunsFixture, run: StartedRun): Promise<StartedRun> {
  await collect(fixture.streams, run);
  const { runId } = await fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId).describe();
  return { ...run, temporalRunId: runId };
}
