import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exportRuns } from "../../src/temporal/export-runs";
import { aco } from "../e2e/aco-command";
import { executionIdOf, readStream } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";
import { graphInput } from "./runs-fixture";
import { temporalCommand } from "./temporal-command";

let test: TestStack;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "aco-exports-"));
  test = await startTestStack();
}, 120_000);
afterAll(async () => {
  await test.close();
  await rm(folder, { recursive: true, force: true });
}, 60_000);

interface Line {
  readonly type: string;
  readonly reference?: string;
  readonly text?: string;
  readonly base64?: string;
  readonly secrets_removed?: number;
}

async function exported(executionId: string): Promise<{ readonly text: string; readonly lines: readonly Line[] }> {
  const { messages, code } = await readStream(test.client.executions.exportExecution({ executionId }));
  expect(code).toBe("OK");
  const text = Buffer.concat(messages.map(({ data }) => data)).toString();
  return {
    text,
    lines: text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line),
  };
}

/** Decides the same, in a process that has no server. Gives how many runs it was. */
async function replayed(executionId: string): Promise<number> {
  const file = join(folder, `${executionId}.jsonl`);
  await writeFile(file, (await exported(executionId)).text);
  const { code, stdout, stderr } = await aco(["replay", file, "--format", "json"], { env: { HOME: folder } });
  const report = JSON.parse(stdout || "{}");
  expect({ code, stderr, differences: report.differences }).toEqual({ code: 0, stderr: "", differences: [] });
  return report.runs;
}

const shell = (id: string, command: string) => ({
  id,
  type: "task",
  config: { task_type: "shell", config: { command } },
});
const go = { id: "go", type: "signal", config: { name: "go" } };

async function started(definition: object, input?: object): Promise<string> {
  const workflow = await test.client.createWorkflow({ name: "w", definition: JSON.stringify(definition) });
  const request = { id: workflow.id, input: input === undefined ? undefined : JSON.stringify(input) };
  const call = test.client.workflows.executeWorkflow(request);
  call.on("error", () => undefined);
  const id = await executionIdOf(call);
  call.cancel();
  return id;
}

async function eventually(look: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 40_000; !(await look()); await sleep(100))
    if (Date.now() > deadline) throw new Error("it did not come to that");
}

const waitsAtGo = async (id: string) =>
  (await test.client.getExecutionState({ executionId: id })).nodes.some((node) => node.id === "go");
const ended = async (id: string) => (await test.client.getExecution(id)).completedAt !== undefined;

it("replays a run that goes on, the same after it was reset from Temporal, and after its end", async () => {
  const id = await started({
    version: 1,
    nodes: [shell("a", "echo a"), go, shell("b", "echo b")],
    edges: [
      { source: "a", target: "go" },
      { source: "go", target: "b" },
    ],
  });
  await eventually(() => waitsAtGo(id));
  expect(await replayed(id)).toBe(1);
  const { temporalWorkflowId } = await test.client.getExecution(id);
  await test.client.pauseExecution({ executionId: id, by: "alice" });
  const before = await test.client.getExecutionState({ executionId: id });
  await temporalCommand(
    test.temporal,
    ...["workflow", "reset", "-w", temporalWorkflowId, "--type", "FirstWorkflowTask", "--reason", "again"],
  );
  await eventually(async () => (await test.client.getExecutionState({ executionId: id })).at !== before.at);
  // The reset does again what was asked of the run after its place.
  await eventually(async () => (await test.client.getExecution(id)).pausedBy === "alice");
  expect(await replayed(id)).toBe(2);
  await test.client.resumeExecution({ executionId: id });
  await eventually(() => waitsAtGo(id));
  await test.client.signalExecution({ executionId: id, name: "go" });
  await eventually(() => ended(id));
  expect(await replayed(id)).toBe(2);
}, 120_000);

it("replays all runs of a chain that continued as new", async () => {
  const loop = {
    id: "l",
    type: "loop",
    config: {
      while: "iteration < 12",
      max_iterations: 20,
      body: { nodes: [shell("s", "echo x")], edges: [] },
    },
  };
  const definition = { version: 1, nodes: [loop], edges: [] } as unknown as Parameters<typeof graphInput>[0];
  const input = graphInput(definition, {}, { continueAfterEvents: 40 });
  await test.runs.startGraph(input, "hash");
  await eventually(async () => await ended(input.executionId).catch(() => false));
  expect(await replayed(input.executionId)).toBeGreaterThan(1);
  const { temporalWorkflowId, temporalRunId } = await test.client.getExecution(input.executionId);
  const reference = { executionId: input.executionId, temporalWorkflowId, temporalRunId };
  const read = async (maxBytes?: number) => {
    for await (const run of exportRuns(test.connection.client, reference, maxBytes)) expect(run.items).not.toEqual([]);
  };
  await read();
  await expect(read(20_000)).rejects.toMatchObject({
    code: "RESOURCE_EXHAUSTED",
    message: expect.stringContaining("more than 20000 bytes"),
  });
}, 120_000);

it("replays the run of a task, and keeps bulk output byte for byte, without the secrets in it", async () => {
  const secret = "hunter2-correct-horse";
  const inCommand = "in-the-command-4242";
  const command = `for i in $(seq 1 2000); do printf 'line %s of ${"x".repeat(200)}\\n' $i; done; echo "$PASSWORD"; API_TOKEN=${inCommand} true`;
  const config = JSON.stringify({ command, env: { PASSWORD: secret } });
  const task = await test.client.createTask({ title: "t", taskType: "shell", config });
  const stream = await readStream(test.client.tasks.executeTask({ id: task.id, configOverride: undefined }));
  const id = stream.executionId;
  expect(await replayed(id)).toBe(1);
  const blobs = (await exported(id)).lines.filter(({ type }) => type === "blob");
  expect(blobs.length).toBeGreaterThan(0);
  expect(blobs.every(({ text }) => text !== undefined)).toBe(true);
  // As a task type keeps it that has bytes to keep.
  const [{ reference = "" } = {}] = blobs;
  const bytes = Buffer.concat([randomBytes(100), Buffer.from([0xff, 0x00]), Buffer.from(secret), randomBytes(100)]);
  await test.store.putBlob({ reference, executionId: id as never, data: bytes });
  const { lines, text } = await exported(id);
  const kept = Buffer.from(lines.find((line) => line.reference === reference)?.base64 ?? "", "base64");
  expect(kept).toHaveLength(bytes.length);
  expect([kept.subarray(0, 102), kept.subarray(-100)]).toEqual([bytes.subarray(0, 102), bytes.subarray(-100)]);
  expect(kept.includes(secret)).toBe(false);
  const decoded = text.replaceAll(/[A-Za-z0-9+/]{16,}={0,2}/g, (base64) => Buffer.from(base64, "base64").toString());
  for (const each of [secret, inCommand]) expect(text + decoded).not.toContain(each);
  expect(lines[0]?.secrets_removed).toBe(2);
}, 120_000);
