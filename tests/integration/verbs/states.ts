import { ExecutionStatus } from "../../../src/gen/proto/executions";
import { executionIdOf } from "../api-client";
import type { TestStack } from "../api-stack";

const shell = (id: string, command: string, config: object = {}) => ({
  id,
  type: "task",
  config: { task_type: "shell", config: { command } },
  ...config,
});

/** Stays at `work`, `gate`, `go` and the first of the items; `later` comes last. */
const GRAPH = {
  version: 1,
  nodes: [
    { id: "first", type: "task", config: { task_type: "noop", config: {} } },
    shell("work", "sleep 600"),
    { id: "gate", type: "approval", config: { message: "Go on?" } },
    { id: "go", type: "signal", config: { name: "go" } },
    {
      id: "items",
      type: "map",
      config: {
        items: "[1, 2, 3]",
        concurrency: 1,
        body: { nodes: [{ id: "rest", type: "wait", config: { duration: "1h" } }], edges: [] },
      },
    },
    { id: "later", type: "transform", config: { output: 1 } },
  ],
  edges: [
    ...["work", "gate", "go", "items"].map((target) => ({ source: "first", target })),
    { source: "work", target: "later" },
  ],
};

const definitions = {
  graph: GRAPH,
  failing: { ...GRAPH, nodes: GRAPH.nodes.map((node) => (node.id === "work" ? shell("work", "exit 3") : node)) },
  finishing: {
    version: 1,
    nodes: [GRAPH.nodes[0], shell("work", "true"), { id: "later", type: "transform", config: { output: 1 } }],
    edges: [
      { source: "first", target: "work" },
      { source: "work", target: "later" },
    ],
  },
  retrying: {
    ...GRAPH,
    nodes: GRAPH.nodes.map((node) =>
      node.id === "work"
        ? shell("work", "echo tried; exit 3", { retry: { max_attempts: 5, initial_interval: "1h" } })
        : node,
    ),
  },
  waiting: {
    ...GRAPH,
    nodes: GRAPH.nodes.map((node) =>
      node.id === "work" ? { id: "work", type: "signal", config: { name: "w" } } : node,
    ),
  },
  alone: { ...GRAPH, concurrency: { key: "one", on_conflict: "queue" } },
};

/** Brings executions into each of the states that a person may meet one in. */
export class States {
  readonly #test: TestStack;
  readonly #workflows = new Map<string, Promise<string>>();

  constructor(test: TestStack) {
    this.#test = test;
  }

  async running(): Promise<string> {
    return await this.#reaching("graph", "work", "gate", "go", "items");
  }

  async paused(): Promise<string> {
    const id = await this.running();
    await this.#test.client.pauseExecution({ executionId: id });
    return id;
  }

  /** `work` has failed once and waits for its backoff. */
  async retrying(): Promise<string> {
    const id = await this.#reaching("retrying", "work", "gate", "go", "items");
    const run = await this.#runOf(id);
    await this.#until(async () => (await this.#test.runs.attemptOf(run, "work"))?.isWaiting === true);
    return id;
  }

  /** Nothing of it runs: it waits for people, for messages and for a time. */
  async waiting(): Promise<string> {
    return await this.#reaching("waiting", "work", "gate", "go", "items");
  }

  async failed(): Promise<string> {
    return await this.#ending("failing");
  }

  async finished(): Promise<string> {
    return await this.#ending("finishing");
  }

  async cancelled(): Promise<string> {
    const id = await this.running();
    await this.#test.client.cancelExecution({ id });
    await this.#ends(id);
    return id;
  }

  async terminated(): Promise<string> {
    const id = await this.running();
    const { temporalWorkflowId } = await this.#test.client.getExecution(id);
    await this.#test.connection.client.workflow.getHandle(temporalWorkflowId).terminate("by hand");
    return id;
  }

  /** Behind one that runs. */
  async queued(): Promise<string> {
    await this.#start("alone");
    const id = await this.#start("alone");
    await this.#until(async () => {
      const { queuedBehind } = await this.#test.client.getExecutionState({ executionId: id });
      return queuedBehind !== undefined;
    });
    return id;
  }

  /** All that run, or wait, with the same concurrency key. */
  async aheadOf(id: string): Promise<readonly string[]> {
    const { subjectId } = await this.#test.client.getExecution(id);
    const statuses = [ExecutionStatus.EXECUTION_STATUS_RUNNING];
    const { executions } = await this.#test.client.listExecutions({ subjectId, statuses, limit: 1_000 });
    return executions.map((execution) => execution.id).filter((other) => other !== id);
  }

  /** A run that goes on in place of another, which was reset to the end of `first`. */
  async reset(): Promise<string> {
    const id = await this.running();
    const { client, connection } = this.#test;
    const { temporalWorkflowId: workflowId } = await client.getExecution(id);
    const { events } = await connection.client.workflow.getHandle(workflowId).fetchHistory();
    const first = events?.find(({ workflowTaskCompletedEventAttributes: done }) => Number(done?.startedEventId) > 5);
    const before = await client.getExecutionState({ executionId: id });
    await connection.client.workflowService.resetWorkflowExecution({
      namespace: connection.client.options.namespace,
      workflowExecution: { workflowId },
      reason: "by hand",
      requestId: id,
      ...(first?.eventId === undefined ? {} : { workflowTaskFinishEventId: first.eventId }),
    });
    await this.#until(async () => {
      const { at, nodes } = await client.getExecutionState({ executionId: id });
      return at !== before.at && nodes.some((node) => node.id === "work");
    });
    return id;
  }

  async task(): Promise<string> {
    const task = await this.#test.client.createTask({
      title: "rests",
      taskType: "shell",
      config: JSON.stringify({ command: "sleep 600" }),
    });
    const call = this.#test.client.tasks.executeTask({ id: task.id, configOverride: undefined });
    return await idOf(call);
  }

  async #reaching(definition: keyof typeof definitions, ...nodes: readonly string[]): Promise<string> {
    const id = await this.#start(definition);
    await this.#until(async () => {
      const state = await this.#test.client.getExecutionState({ executionId: id });
      return nodes.every((node) => state.nodes.some((one) => one.id === node));
    });
    return id;
  }

  async #ending(definition: keyof typeof definitions): Promise<string> {
    const id = await this.#start(definition);
    await this.#ends(id);
    return id;
  }

  async #ends(id: string): Promise<void> {
    await this.#until(async () => (await this.#test.client.getExecution(id)).completedAt !== undefined);
  }

  async #start(definition: keyof typeof definitions): Promise<string> {
    const { client } = this.#test;
    const made =
      this.#workflows.get(definition) ??
      client
        .createWorkflow({ name: definition, definition: JSON.stringify(definitions[definition]) })
        .then(({ id }) => id);
    this.#workflows.set(definition, made);
    return await idOf(client.workflows.executeWorkflow({ id: await made, input: undefined }));
  }

  async #runOf(executionId: string) {
    const { temporalWorkflowId, temporalRunId } = await this.#test.client.getExecution(executionId);
    return { executionId, temporalWorkflowId, temporalRunId };
  }

  async #until(look: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
      if (await look()) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("it did not come to that");
  }
}

/** The id of the execution that a call started; its stream is not read. */
async function idOf(call: Parameters<typeof executionIdOf>[0]): Promise<string> {
  call.on("error", () => undefined);
  const id = await executionIdOf(call);
  call.cancel();
  return id;
}
