import type { GraphRunInput } from "../../src/workflows/history-contract";
import { readStream, refusal } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";

const UNKNOWN_ID = "0190a000-0000-7000-8000-000000000000";

/** What runs were started with. */
const started: GraphRunInput[] = [];

let test: TestApi;
beforeAll(async () => {
  const startGraph = async (input: GraphRunInput, requestHash: string) => {
    started.push(input);
    const { executionId } = input;
    return { executionId, temporalWorkflowId: "w", temporalRunId: "r", attached: false, requestHash };
  };
  test = await startTestApi({ streams: temporalIsDown.streams, runs: { ...temporalIsDown.runs, startGraph } });
});
afterAll(() => test.close());
beforeEach(() => {
  started.length = 0;
});

const inline = (id = "inline") => ({ id, type: "task", config: { task_type: "noop", config: {} } });
const stored = (id: string, taskId: string) => ({ id, type: "task", config: { task_id: taskId } });
const calls = (id: string, workflowId: string) => ({ id, type: "workflow", config: { workflow_id: workflowId } });
const text = (...nodes: readonly object[]) => JSON.stringify({ version: 1, nodes, edges: [] });

async function newWorkflow(name: string, ...nodes: readonly object[]): Promise<string> {
  return (await test.client.createWorkflow({ name, definition: text(...nodes) })).id;
}

const update = (id: string, ...nodes: readonly object[]) =>
  test.client.updateWorkflow({ id, definition: text(...nodes) });

async function newTask(): Promise<string> {
  return (await test.client.createTask({ title: "t", taskType: "noop", config: "{}" })).id;
}

const run = (id: string, input = "{}") => readStream(test.client.workflows.executeWorkflow({ id, input }));

describe("a definition that names workflows", () => {
  it("is refused where one does not exist, at every place that names it", async () => {
    const known = await newWorkflow("known", inline());
    const map = {
      id: "m",
      type: "map",
      config: { items: "[1]", body: { nodes: [calls("x", UNKNOWN_ID)], edges: [] } },
    };
    const definition = text(calls("a", known), calls("b", UNKNOWN_ID), calls("c", "no-id"), map);
    const { code, violations } = await refusal(test.client.createWorkflow({ name: "w", definition }));
    expect(code).toBe("INVALID_ARGUMENT");
    const reason = "WORKFLOW_REFERENCE";
    const description = `there is no workflow "${UNKNOWN_ID}"`;
    expect(violations).toEqual([
      { field: "definition/nodes/1/config/workflow_id", description, reason },
      { field: "definition/nodes/2/config/workflow_id", description: 'there is no workflow "no-id"', reason },
      { field: "definition/nodes/3/config/body/nodes/0/config/workflow_id", description, reason },
    ]);
  });

  it("is refused where they would run each other for ever", async () => {
    const first = await newWorkflow("first", inline());
    const second = await newWorkflow("second", calls("a", first));
    const third = await newWorkflow("third", calls("a", second));
    for (const [name, path] of [
      [first, "this workflow -> this workflow"],
      [third, `this workflow -> "third" (${third}) -> "second" (${second}) -> this workflow`],
    ] as const) {
      expect(await refusal(update(first, inline(), calls("x", name)))).toMatchObject({
        code: "INVALID_ARGUMENT",
        violations: [
          {
            field: "definition/nodes/1/config/workflow_id",
            description: `workflows must not run each other: ${path}`,
          },
        ],
      });
    }
  });

  it("is taken 8 levels deep, and refused at the ninth", async () => {
    let id = await newWorkflow("level 0", inline());
    for (let level = 1; level <= 8; level++) id = await newWorkflow(`level ${level}`, calls("a", id), calls("b", id));
    const definition = text(calls("a", id));
    const { code, violations } = await refusal(test.client.createWorkflow({ name: "level 9", definition }));
    expect(code).toBe("INVALID_ARGUMENT");
    expect(violations).toMatchObject([{ field: "definition/nodes/0/config/workflow_id" }]);
    expect(violations[0]?.description).toMatch(
      /^workflows may run each other 8 levels deep: this workflow -> "level 8"/,
    );
    await run(id);
    expect(Object.keys(started[0]?.snapshot.workflows ?? {})).toHaveLength(8);
  });

  it("keeps those from being deleted, and says which one names them", async () => {
    const called = await newWorkflow("called", inline());
    const caller = await newWorkflow("caller", calls("a", called));
    expect(await refusal(test.client.deleteWorkflow(called))).toMatchObject({
      code: "FAILED_PRECONDITION",
      message: `workflow ${called} is named by the workflow "caller" (${caller}); change or delete that first`,
    });
    await update(caller, inline());
    expect(await test.client.deleteWorkflow(called)).toEqual({ success: true });
  });
});

describe("a run", () => {
  it("pins the workflows that it may start, those that they may start, and the tasks of all", async () => {
    const [own, below, undo] = [await newTask(), await newTask(), await newTask()];
    const deep = await newWorkflow("deep", { ...stored("t", below), compensate: { task_id: undo } });
    const middle = await newWorkflow("middle", calls("d", deep), inline());
    const id = await newWorkflow("top", stored("t", own), calls("m", middle), calls("d", deep.toUpperCase()));
    await run(id);
    const { snapshot } = started[0] ?? {};
    expect(Object.keys(snapshot?.tasks ?? {}).sort()).toEqual([own, below, undo].sort());
    expect(Object.keys(snapshot?.workflows ?? {}).sort()).toEqual([deep, middle, deep.toUpperCase()].sort());
    expect(snapshot?.workflows?.[middle]).toMatchObject({ name: "middle", version: 1 });
    const { definitionHash } = await test.client.getWorkflowVersion({ workflowId: middle });
    expect(snapshot?.workflows?.[middle]?.hash).toBe(definitionHash);

    await update(middle, inline());
    await run(id);
    expect(started[1]?.snapshot.workflows?.[middle]).toMatchObject({ version: 2 });
  });

  it("has no workflows in its snapshot where it starts none", async () => {
    await run(await newWorkflow("alone", inline()));
    expect(started[0]?.snapshot).not.toHaveProperty("workflows");
  });

  it("is refused where a workflow below it was changed so that it cannot be run", async () => {
    const leaf = await newWorkflow("leaf", inline());
    const caller = await newWorkflow("caller", calls("a", leaf));
    let below = leaf;
    for (let level = 1; level <= 8; level++) {
      const next = await newWorkflow(`below ${level}`, inline());
      await update(below, calls("a", next));
      below = next;
    }
    const { error } = await run(caller);
    expect(error).toMatchObject({
      code: "FAILED_PRECONDITION",
      violations: [{ field: "definition/nodes/0/config/workflow_id" }],
    });
    expect(started).toEqual([]);
  });

  it("is refused where all that it takes is more than Temporal does, and says what takes the room", async () => {
    const large = { id: "t", type: "transform", config: { output: "x".repeat(700_000) } };
    const called = await newWorkflow("large", large);
    const id = await newWorkflow("large too", large, calls("a", called));
    const { error } = await run(id, JSON.stringify("y".repeat(700_000)));
    expect(error).toMatchObject({
      code: "RESOURCE_EXHAUSTED",
      message: expect.stringMatching(/the definition 70\d{4}, the tasks 2, the workflows 70\d{4}, the input 700002/),
    });
  });
});
