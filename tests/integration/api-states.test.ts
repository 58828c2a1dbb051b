import { type ExecutionState, ExecutionStatus, type NodeInstance, NodeStatus } from "../../src/gen/proto/executions";
import { executionIdOf, readStream, refusal, refusedFields } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";

const UNKNOWN_ID = "0190a000-0000-7000-8000-000000000000";

let test: TestStack;
beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test.close(), 30_000);

const shell = (id: string, command: string) => ({
  id,
  type: "task",
  config: { task_type: "shell", config: { command } },
});

async function start(definition: object): Promise<string> {
  const workflow = await test.client.createWorkflow({ name: "s", definition: JSON.stringify(definition) });
  const call = test.client.workflows.executeWorkflow({ id: workflow.id, input: undefined });
  call.on("error", () => undefined);
  call.resume();
  return executionIdOf(call);
}

const state = (executionId: string, more = {}) => test.client.getExecutionState({ executionId, ...more });
const events = async (id: string) => (await readStream(test.client.executions.watchExecution({ id }))).messages;
const brief = ({ nodes }: ExecutionState) =>
  nodes.map(({ id, status }) => `${id} ${NodeStatus[status].replace("NODE_STATUS_", "").toLowerCase()}`);

describe("GetExecutionState", () => {
  it("says what each node was at any event, and what runs and waits now", async () => {
    const id = await start({
      version: 1,
      nodes: [shell("a", "echo a"), { id: "ok", type: "approval", config: { message: "go?" } }, shell("b", "exit 3")],
      edges: [
        { source: "a", target: "ok" },
        { source: "ok", target: "b" },
      ],
    });
    let now = await state(id);
    for (const deadline = Date.now() + 20_000; now.nodes[1]?.waitsFor !== "approval" && Date.now() < deadline; )
      now = await state(id);
    expect(brief(now)).toEqual(["a completed", "ok running"]);
    expect(now).toMatchObject({ status: ExecutionStatus.EXECUTION_STATUS_RUNNING, total: 2, nextPageToken: undefined });
    await test.client.answerApproval({ executionId: id, nodeId: "ok", approved: true });
    const all = await events(id);
    expect(brief(await state(id))).toEqual(["a completed", "ok completed", "b failed"]);
    const ended = await state(id);
    expect(ended.status).toBe(ExecutionStatus.EXECUTION_STATUS_FAILED);
    expect(ended.nodes[2]).toMatchObject({ errorCode: "SHELL_EXIT_CODE", attempt: 1 });
    expect(await state(id, { at: now.at })).toEqual(now);
    const first = await state(id, { at: all[1]?.offset });
    expect(brief(first)).toEqual(["a running"]);
    expect(JSON.parse(first.nodes[0]?.input?.json ?? "")).toMatchObject({ command: "echo a" });
    expect(await state(id, { at: all[0]?.offset })).toMatchObject({ nodes: [], at: all[0]?.offset });
    expect((await state(id, { at: all.at(-1)?.offset })).at).toBe(ended.at);
    expect(brief(await state(id, { status: NodeStatus.NODE_STATUS_FAILED }))).toEqual(["b failed"]);
    expect(JSON.parse((await state(id, { nodeId: "a" })).nodes[0]?.output?.json ?? "")).toMatchObject({
      stdout: "a\n",
    });
  });

  it("pages through a map's items at one moment, and gives values by node or by their size and hash", async () => {
    const id = await start({
      version: 1,
      nodes: [
        {
          id: "m",
          type: "map",
          config: {
            items: "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]",
            task: { task_type: "shell", config: { command: "head -c 5000 /dev/zero | tr '\\0' x" } },
          },
        },
      ],
      edges: [],
    });
    await events(id);
    const whole = await state(id);
    expect(whole.total).toBe(11);
    const paged: NodeInstance[] = [];
    let pageToken: string | undefined;
    do {
      const page = await state(id, { limit: 4, pageToken });
      expect([page.at, page.total]).toEqual([whole.at, 11]);
      paged.push(...page.nodes);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    expect(paged).toEqual(whole.nodes);
    const listed = whole.nodes.find((node) => node.id === "m[3]")?.output;
    expect(listed).toMatchObject({ json: undefined, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const one = await state(id, { nodeId: "m[3]" });
    expect(one.nodes.map((node) => node.id)).toEqual(["m[3]"]);
    expect(one.nodes[0]?.output).toEqual({ ...listed, json: expect.stringContaining("xxxxx") });
  });

  it("refuses what is no execution, offset, node or page of one", async () => {
    expect((await refusal(state(UNKNOWN_ID))).code).toBe("NOT_FOUND");
    expect(await refusedFields(state("7"))).toEqual(["execution_id"]);
    const [one, two] = [
      await start({ version: 1, nodes: [shell("a", "true")], edges: [] }),
      await start({ version: 1, nodes: [shell("a", "true")], edges: [] }),
    ];
    const [offset] = (await events(one)).map((event) => event.offset);
    await events(two);
    expect(await refusedFields(state(two, { at: offset }))).toEqual(["at"]);
    expect(await refusedFields(state(two, { at: "x" }))).toEqual(["at"]);
    expect(await refusedFields(state(two, { nodeId: "a b" }))).toEqual(["node_id"]);
    expect(await refusedFields(state(two, { limit: 0 }))).toEqual(["limit"]);
    expect(await refusedFields(state(two, { pageToken: "?" }))).toEqual(["page_token"]);
    expect(await refusedFields(state(two, { status: 99 as NodeStatus }))).toEqual(["status"]);
  });

  it("has nodes of no task's execution, only its status", async () => {
    const config = JSON.stringify({ command: "echo x" });
    const task = await test.client.createTask({ title: "t", taskType: "shell", config });
    const { executionId } = await readStream(test.client.tasks.executeTask({ id: task.id, configOverride: undefined }));
    expect(await state(executionId)).toMatchObject({
      nodes: [],
      total: 0,
      status: ExecutionStatus.EXECUTION_STATUS_COMPLETED,
    });
  });
});
