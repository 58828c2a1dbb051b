import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { WorkflowSnapshot } from "../../src/definition/graph-types";
import type { StartedRun } from "../../src/temporal/runs-port";
import { MESSAGE_SIGNAL, STATE_QUERY } from "../../src/workflows/history-contract";
import type { StateView } from "../../src/workflows/state-view";
import { nodeOf } from "../integration/runs-chain";
import { graphInput, type RunsFixture, scripted, startGraph } from "../integration/runs-fixture";
import { cancelled } from "./scenarios-endings";

type Scenario = (fixture: RunsFixture) => Promise<StartedRun>;

async function startParent(fixture: RunsFixture, command: string): Promise<StartedRun> {
  const { definition } = graphInput({ version: 1, nodes: [scripted("t", command)], edges: [] }).snapshot;
  const child: WorkflowSnapshot = { name: "A child", version: 2, definition, hash: "c".repeat(64) };
  const input = graphInput({
    version: 1,
    nodes: [{ id: "c", type: "workflow", config: { workflow_id: "child" } }],
    edges: [],
  });
  const snapshot = { ...input.snapshot, workflows: { child } };
  return await fixture.runs.startGraph({ ...input, snapshot }, "hash");
}

/** Timers, messages, answers and child runs. */
export const WAITING_SCENARIOS: Readonly<Record<string, Scenario>> = {
  "graph-timers": (fixture) =>
    startGraph(fixture, {
      version: 1,
      nodes: [
        { id: "short", type: "wait", config: { duration: "100ms" } },
        { id: "long", type: "wait", config: { duration: "1h" } },
        { id: "none", type: "signal", config: { name: "none", timeout: "200ms" }, catch: { output: "late" } },
        { id: "first", type: "transform", config: { output: 1 }, join: "any", join_rest: "cancel" },
      ],
      edges: [
        { source: "short", target: "none" },
        { source: "none", target: "first" },
        { source: "long", target: "first" },
      ],
    }),

  "graph-messages": async (fixture) => {
    const run = await startGraph(fixture, {
      version: 1,
      nodes: [
        { id: "go", type: "signal", config: { name: "go" } },
        { id: "more", type: "signal", config: { name: "go", timeout: "1h" } },
        { id: "ask", type: "approval", config: { message: "Go?", timeout: "1h" } },
      ],
      edges: [
        { source: "go", target: "more" },
        { source: "more", target: "ask" },
      ],
    });
    await fixture.temporal.client.workflow
      .getHandle(run.temporalWorkflowId)
      .signal(MESSAGE_SIGNAL, { name: "go", payload: 1 });
    await fixture.runs.sendMessage(run, { name: "go", payload: 2, requestId: randomUUID() });
    await nodeOf(fixture, run, "ask");
    await fixture.runs.answerApproval(run, { nodeId: "ask", approved: true, requestId: randomUUID() });
    return run;
  },

  "graph-approvals": async (fixture) => {
    const run = await startGraph(fixture, {
      version: 1,
      nodes: [
        { id: "a", type: "approval", config: { message: "One?" } },
        { id: "b", type: "approval", config: { message: "Two?", approvers: ["ann"] } },
        { id: "c", type: "wait", config: { duration: "50ms" } },
        { id: "d", type: "approval", config: { message: "Three?" } },
      ],
      edges: [
        { source: "a", target: "c" },
        { source: "b", target: "c" },
        { source: "c", target: "d" },
      ],
    });
    for (const nodeId of ["a", "b", "d"]) {
      await nodeOf(fixture, run, nodeId);
      await fixture.runs.answerApproval(run, { nodeId, approved: true, by: "ann", requestId: nodeId });
    }
    return run;
  },

  "graph-announced": async (fixture) => {
    const run = await startGraph(fixture, {
      version: 1,
      nodes: [
        { id: "go", type: "signal", config: { name: "go" } },
        { id: "ask", type: "approval", config: { message: "Go?" } },
        { id: "long", type: "wait", config: { duration: "1h" } },
        { id: "first", type: "transform", config: { output: 1 }, join: "any", join_rest: "cancel" },
      ],
      edges: [
        { source: "go", target: "ask" },
        { source: "ask", target: "first" },
        { source: "long", target: "first" },
      ],
    });
    await nodeOf(fixture, run, "long");
    for (const action of ["pause", "resume"] as const)
      await fixture.runs.steer(run, { action, requestId: randomUUID() });
    await fixture.runs.sendMessage(run, { name: "go", payload: 1, requestId: randomUUID() });
    await nodeOf(fixture, run, "ask");
    await fixture.runs.answerApproval(run, { nodeId: "ask", approved: true, requestId: randomUUID() });
    return run;
  },

  "graph-queued": async (fixture) => {
    const nodes = [{ id: "go", type: "signal", config: { name: "go" } }] as const;
    const definition = { version: 1, nodes, edges: [], concurrency: { key: "k", on_conflict: "queue" } } as const;
    const workflowId = randomUUID();
    const start = () => fixture.runs.startGraph({ ...graphInput(definition), workflowId }, "hash");
    const [first, second] = [await start(), await start()];
    const handle = fixture.temporal.client.workflow.getHandle(second.temporalWorkflowId);
    while ((await handle.query<StateView>(STATE_QUERY)).waitsForTurn === undefined) await sleep(20);
    const message = { name: "go", payload: 1, requestId: randomUUID() };
    await fixture.runs.sendMessage(second, message);
    await fixture.runs.sendMessage(first, message);
    return second;
  },

  "graph-child": (fixture) => startParent(fixture, "say x"),

  "graph-child-cancelled": async (fixture) => cancelled(fixture, await startParent(fixture, "wait never")),
};
