import { randomUUID } from "node:crypto";
import { temporal as proto } from "@temporalio/proto";
import type { Definition } from "../../src/definition/graph-types";
import { MESSAGE_SIGNAL } from "../../src/workflows/history-contract";
import { chainOf, expectWhole, nodeOf, stateOf } from "./runs-chain";
import { collect, type RunsFixture, scripted, startGraph, startRunsFixture } from "./runs-fixture";
import { startTestTemporal, type TestTemporal } from "./temporal-server";

const { WorkflowTaskFailedCause } = proto.api.enums.v1;

let temporal: TestTemporal;
let fixture: RunsFixture;
beforeAll(async () => {
  temporal = await startTestTemporal();
  fixture = await startRunsFixture(temporal.address);
}, 120_000);
afterAll(async () => {
  await fixture?.close();
  await temporal?.stop();
});

const graph = (...nodes: Definition["nodes"]): Definition => ({ version: 1, nodes, edges: [] });
const lastOf = async (run: Parameters<typeof collect>[1]) => (await collect(fixture.streams, run)).at(-1);
const requestId = () => randomUUID();

test("waits by a timer that the Web UI can tell", async () => {
  const run = await startGraph(
    fixture,
    graph({ id: "w", name: "A while", type: "wait", config: { duration: "300ms" } }),
  );
  const events = await collect(fixture.streams, run);
  expect(events.map(({ type }) => type)).toEqual(["STARTED", "NODE_ENTERED", "NODE_COMPLETED", "COMPLETED"]);
  const [history = []] = await chainOf(fixture, run);
  const timer = history.find((event) => event.timerStartedEventAttributes);
  expect(Buffer.from(timer?.userMetadata?.summary?.data ?? []).toString()).toContain("A while");
});

test("takes messages that come before somebody waits for them, oldest first, by signal and by update", async () => {
  const definition: Definition = {
    ...graph(
      { id: "wait", type: "wait", config: { duration: "1s" } },
      { id: "first", type: "signal", config: { name: "go" } },
      { id: "second", type: "signal", config: { name: "go", schema: { type: "number" } } },
    ),
    edges: [
      { source: "wait", target: "first" },
      { source: "first", target: "second" },
    ],
    output: ["${{ nodes.first.output }}", "${{ nodes.second.output }}"],
  };
  const run = await startGraph(fixture, definition);
  const handle = fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId);
  await handle.signal(MESSAGE_SIGNAL, { name: "go", payload: "by signal" });
  await handle.signal(MESSAGE_SIGNAL, "not a message");
  const message = { name: "go", payload: 7, requestId: requestId() };
  expect(await fixture.runs.sendMessage(run, message)).toEqual({ status: "taken" });
  expect(await lastOf(run)).toMatchObject({ type: "COMPLETED", data: { output: ["by signal", 7] } });
  expect(await fixture.runs.sendMessage(run, { ...message, requestId: requestId() })).toEqual({ status: "ended" });
});

test("refuses an answer that nobody waits for or that does not match, and says why", async () => {
  const schema = { type: "object", required: ["n"], properties: { n: { type: "number" } } };
  const run = await startGraph(
    fixture,
    graph({ id: "ask", type: "approval", config: { message: "Go?", schema, approvers: ["ann"] } }),
  );
  await nodeOf(fixture, run, "ask");
  const answer = (more: object) =>
    fixture.runs.answerApproval(run, {
      nodeId: "ask",
      approved: true,
      by: "ann",
      form: { n: 1 },
      requestId: requestId(),
      ...more,
    });
  expect(await answer({ nodeId: "other" })).toMatchObject({
    status: "refused",
    failure: { code: "APPROVAL_UNKNOWN", details: { waiting: ["ask"] } },
  });
  expect(await answer({ by: "bob" })).toMatchObject({ status: "refused", failure: { code: "APPROVER_REFUSED" } });
  expect(await answer({ form: { n: "x" } })).toMatchObject({ status: "refused", failure: { code: "INPUT_INVALID" } });
  expect(await answer({ approved: "yes" })).toMatchObject({ status: "refused", failure: { code: "INPUT_INVALID" } });
  const updates = (await chainOf(fixture, run))
    .flat()
    .filter((each) => each.workflowExecutionUpdateAcceptedEventAttributes);
  expect(updates).toEqual([]);
  expect(await answer({ comment: "fine" })).toEqual({ status: "taken" });
  const end = await lastOf(run);
  expect(end).toMatchObject({
    type: "COMPLETED",
    data: { output: { ask: { approved: true, by: "ann", comment: "fine", form: { n: 1 } } } },
  });
});

test("takes only one of two answers that come at the same moment", async () => {
  const run = await startGraph(
    fixture,
    graph(
      { id: "ask", type: "approval", config: { message: "Go?", on_reject: "continue" } },
      scripted("long", "wait never"),
    ),
  );
  await nodeOf(fixture, run, "ask");
  const answers = await Promise.all(
    [true, false].map((approved) =>
      fixture.runs.answerApproval(run, { nodeId: "ask", approved, requestId: requestId() }),
    ),
  );
  expect(answers.map(({ status }) => status).toSorted()).toEqual(["refused", "taken"]);
  await fixture.runs.cancel(run, "enough");
  await collect(fixture.streams, run);
});

test("keeps approvals, signals, messages and request ids over many runs of one chain", async () => {
  const definition: Definition = {
    version: 1,
    nodes: [
      { id: "ask", type: "approval", config: { message: "Go?" } },
      { id: "go", type: "signal", config: { name: "go" } },
      { id: "late", type: "wait", config: { duration: "6s" } },
      { id: "early", type: "signal", config: { name: "early" } },
      {
        id: "l",
        type: "loop",
        config: {
          until: "iteration == 60",
          max_iterations: 60,
          body: { nodes: [{ id: "w", type: "wait", config: { duration: "20ms" } }], edges: [] },
        },
      },
    ],
    edges: [
      { source: "l", target: "early" },
      { source: "late", target: "early" },
    ],
    output: {
      ask: "${{ nodes.ask.output.comment }}",
      go: "${{ nodes.go.output }}",
      early: "${{ nodes.early.output }}",
    },
  };
  const run = await startGraph(fixture, definition, {}, { continueAfterEvents: 60 });
  const message = { name: "early", payload: 1, requestId: requestId() };
  expect(await fixture.runs.sendMessage(run, message)).toEqual({ status: "taken" });
  await nodeOf(fixture, run, "l", ({ status }) => status === "completed");
  expect((await chainOf(fixture, run)).length).toBeGreaterThan(3);
  // The id is known though Temporal itself forgot it with the first run.
  expect(await fixture.runs.sendMessage(run, message)).toEqual({ status: "taken" });
  expect((await stateOf(fixture, run)).nodes.find(({ id }) => id === "ask")).toMatchObject({
    status: "running",
    waiting: { for: "approval", message: "Go?" },
  });
  await fixture.runs.answerApproval(run, { nodeId: "ask", approved: true, comment: "ok", requestId: requestId() });
  await fixture.runs.sendMessage(run, { name: "go", payload: "gone", requestId: requestId() });
  const events = await collect(fixture.streams, run);
  expectWhole(events);
  expect(events.at(-1)).toMatchObject({ type: "COMPLETED", data: { output: { ask: "ok", go: "gone", early: 1 } } });
  const [first, last] = [events[0], events.at(-1)].map((event) => Date.parse(event?.timestamp ?? ""));
  expect((last ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(6_000);
  const { startedAt } = fixture.started.find(({ executionId }) => executionId === run.executionId) ?? {};
  // The first run's start, not that of a later one.
  expect(Math.abs(Date.parse(startedAt ?? "") - (first ?? 0))).toBeLessThan(5_000);
}, 120_000);

test("loses none of the messages that come while runs follow one another", async () => {
  const definition: Definition = {
    version: 1,
    nodes: [
      {
        id: "l",
        type: "loop",
        config: {
          until: "iteration == 150",
          max_iterations: 150,
          body: { nodes: [{ id: "s", type: "signal", config: { name: "n" } }], edges: [] },
        },
      },
    ],
    edges: [],
  };
  const run = await startGraph(fixture, definition, {}, { continueAfterEvents: 40 });
  const handle = fixture.temporal.client.workflow.getHandle(run.temporalWorkflowId);
  const sent = Array.from({ length: 150 }, (_, n) => n);
  for (let at = 0; at < sent.length; at += 6)
    await Promise.all(
      sent
        .slice(at, at + 6)
        .map((n) =>
          n % 2 === 0
            ? handle.signal(MESSAGE_SIGNAL, { name: "n", payload: n })
            : fixture.runs.sendMessage(run, { name: "n", payload: n, requestId: requestId() }),
        ),
    );
  const events = await collect(fixture.streams, run);
  expectWhole(events);
  const taken = events.filter(({ type, nodeId }) => type === "NODE_COMPLETED" && nodeId?.startsWith("s"));
  expect(taken.map(({ data }) => data["output"]).toSorted((a, b) => Number(a) - Number(b))).toEqual(sent);
  const chain = await chainOf(fixture, run);
  expect(chain.length).toBeGreaterThan(3);
  const failed = chain
    .flat()
    .flatMap(({ workflowTaskFailedEventAttributes }) => workflowTaskFailedEventAttributes ?? []);
  // Temporal does a workflow task again that would have ended a run which has just got something.
  const { WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND } = WorkflowTaskFailedCause;
  expect(failed.filter(({ cause }) => cause !== WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND)).toEqual([]);
}, 120_000);
