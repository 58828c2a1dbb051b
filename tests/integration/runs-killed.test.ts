import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Definition } from "../../src/definition/graph-types";
import { MESSAGE_SIGNAL } from "../../src/workflows/history-contract";
import { chainOf, expectWhole } from "./runs-chain";
import { collect, graphInput, type RunsFixture, scripted, startRunsFixture } from "./runs-fixture";
import { startChildWorker } from "./streams-child-process";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

let temporal: TestTemporal;
let fixture: RunsFixture;
let worker: Awaited<ReturnType<typeof startChildWorker>> | undefined;
beforeAll(async () => {
  temporal = await startTestTemporal();
  fixture = await startRunsFixture(temporal.address, { worker: false });
}, 120_000);
afterAll(async () => {
  worker?.kill("SIGKILL");
  await fixture?.close();
  await temporal?.stop();
});

const quick = { timeout: { heartbeat: "2s" } };
const sizeOf = "${{ size(nodes.m.output.outputs) }}";

/** Timers, tasks in both lanes, child runs, an approval and messages, all of it at once. */
const everything: Definition = {
  version: 1,
  nodes: [
    {
      id: "m",
      type: "map",
      config: {
        items: "input",
        concurrency: 5,
        body: {
          nodes: [
            scripted("t", "say x; sleep 100", quick),
            scripted("f", "sleep 10", { lane: "fast" }),
            { id: "c", type: "workflow", config: { workflow_id: "child" } },
          ],
          edges: [
            { source: "t", target: "f" },
            { source: "f", target: "c" },
          ],
        },
      },
    },
    {
      id: "l",
      type: "loop",
      config: {
        until: "iteration == 40",
        max_iterations: 40,
        delay: "50ms",
        body: { nodes: [{ id: "s", type: "signal", config: { name: "n" } }], edges: [] },
      },
    },
    { id: "ask", type: "approval", config: { message: "Go?" } },
  ],
  edges: [],
  output: { items: sizeOf, last: "${{ nodes.l.output.s }}", by: "${{ nodes.ask.output.by }}" },
};

test("goes on over workers that are killed again and again, with nothing lost and nothing twice", async () => {
  const child = graphInput({ version: 1, nodes: [scripted("x", "sleep 50", quick)], edges: [] }).snapshot.definition;
  const input = graphInput(
    everything,
    Array.from({ length: 40 }, (_, at) => at),
    { continueAfterEvents: 150 },
  );
  const workflows = { child: { name: "A child", version: 1, definition: child, hash: "c".repeat(64) } };
  worker = await startChildWorker(temporal.address);
  const run = await fixture.runs.startGraph({ ...input, snapshot: { ...input.snapshot, workflows } }, "hash");
  const whole = collect(fixture.streams, run);
  const handle = fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId);
  for (let n = 1; n <= 40; n++) {
    await handle.signal(MESSAGE_SIGNAL, { name: "n", payload: n, requestId: `n${n}` });
    await handle.signal(MESSAGE_SIGNAL, { name: "n", payload: n, requestId: `n${n}` });
    if (n % 13 === 0) {
      worker.kill("SIGKILL");
      worker = await startChildWorker(temporal.address);
      await sleep(2_000);
    }
  }
  const answer = { nodeId: "ask", approved: true, by: "ann", requestId: randomUUID() };
  expect(await fixture.runs.answerApproval(run, answer)).toEqual({ status: "taken" });
  const events = await whole;
  expectWhole(events);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: { items: 40, last: 40, by: "ann" } } });
  expect(await collect(fixture.streams, run)).toEqual(events);
  expect((await chainOf(fixture, run)).length).toBeGreaterThan(1);
}, 240_000);

test("a run that goes on from another one keeps what it took over when its worker is killed, and runs none of it", async () => {
  const items = Array.from({ length: 6 }, (_, at) => at);
  const definition: Definition = {
    version: 1,
    nodes: [
      scripted("a", "say a"),
      {
        id: "m",
        type: "map",
        config: { items, concurrency: 1, body: { nodes: [scripted("t", "say x; sleep 300", quick)], edges: [] } },
      },
    ],
    edges: [{ source: "a", target: "m" }],
    output: ["${{ nodes.a.output }}", "${{ nodes.m.output.outputs }}"],
  };
  const reused = ["a", "t[0]", "t[2]", "t[5]"];
  const ends = reused.map((nodeId) => ({ nodeId, status: "completed" as const, output: `old ${nodeId}` }));
  const executionId = randomUUID();
  worker?.kill("SIGKILL");
  const input = graphInput(definition, {}, { redriven: { executionId, ends }, continueAfterEvents: 20 });
  const run = await fixture.runs.startGraph(input, "hash");
  const whole = collect(fixture.streams, run);
  for (let kills = 0; kills < 3; kills += 1) {
    worker = await startChildWorker(temporal.address);
    await sleep(400);
    worker.kill("SIGKILL");
  }
  worker = await startChildWorker(temporal.address);
  const events = await whole;
  const entered = events.flatMap(({ type, nodeId }) => (type === "NODE_ENTERED" ? [nodeId] : []));
  expect(entered.toSorted()).toEqual(["m", "t[1]", "t[3]", "t[4]"]);
  const taken = events.filter(({ data }) => data["reused_from"] === executionId).map(({ nodeId }) => nodeId);
  expect(taken.toSorted()).toEqual(reused);
  const ran = { t: { attempt: expect.any(Number) } };
  const output = ["old a", [{ t: "old t[0]" }, ran, { t: "old t[2]" }, ran, ran, { t: "old t[5]" }]];
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output } });
}, 120_000);
