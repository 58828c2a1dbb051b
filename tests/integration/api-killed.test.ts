import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Metadata } from "@grpc/grpc-js";
import type { Event } from "../../src/gen/proto/executions";
import { TaskStatus } from "../../src/gen/proto/tasks";
import { executionIdOf, readStream } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";
import { Killables } from "./killable";

let test: TestStack;
let processes: Killables;
beforeAll(async () => {
  test = await startTestStack();
  processes = new Killables(test);
}, 120_000);
afterAll(async () => {
  processes.killAll();
  await test.close();
}, 30_000);

it("loses nothing when the API is killed: the run goes on, and a watch goes on elsewhere without gap or repeat", async () => {
  const go = join(test.folder, "go-killed");
  const command = `echo one; echo two; while [ ! -e ${go} ]; do sleep 0.02; done; echo three`;
  const task = await test.client.createTask({ title: "t", taskType: "shell", config: JSON.stringify({ command }) });
  const first = await processes.api();
  const metadata = new Metadata();
  metadata.set("idempotency-key", "survives");
  const execute = first.client.tasks.executeTask({ id: task.id, configOverride: undefined }, metadata);
  const executed = readStream(execute);
  const id = await executionIdOf(execute);
  const seen: Event[] = [];
  const watched = first.client.executions.watchExecution({ id, afterOffset: undefined });
  const cut = readStream(watched, (event) => seen.push(event));
  while (!seen.some(({ data }) => data.includes("one"))) await new Promise((resolve) => setTimeout(resolve, 10));
  await first.kill();
  expect([(await cut).code, (await executed).code]).toEqual(["UNAVAILABLE", "UNAVAILABLE"]);
  expect((await test.client.getTask(task.id)).status).toBe(TaskStatus.TASK_STATUS_RUNNING);

  // Started anew, as a supervisor would; the client repeats its call, and another goes on watching.
  const second = await processes.api();
  const repeated = readStream(second.client.tasks.executeTask({ id: task.id, configOverride: undefined }, metadata));
  const rest = readStream(second.client.executions.watchExecution({ id, afterOffset: seen.at(-1)?.offset }));
  writeFileSync(go, "");
  const all = await readStream(test.client.executions.watchExecution({ id, afterOffset: undefined }));
  expect([...seen, ...(await rest).messages]).toEqual(all.messages);
  expect((await repeated).executionId).toBe(id);
  expect((await repeated).messages.map(({ data }) => JSON.parse(data ?? "").offset)).toEqual(
    all.messages.map(({ offset }) => offset),
  );
  expect((await test.client.listExecutions({ subjectId: task.id })).total).toBe(1);
  expect((await second.client.getTask(task.id)).status).toBe(TaskStatus.TASK_STATUS_COMPLETED);
  await second.kill();
});

it("keeps the labels of a start whose API was killed before it could record it", async () => {
  const task = await test.client.createTask({ title: "t", taskType: "shell", config: '{"command":"sleep 0.2"}' });
  const first = await processes.api();
  const metadata = new Metadata();
  metadata.set("aco-label", "fate=killed");
  metadata.set("aco-display-name", "Survivor");
  const executed = readStream(first.client.tasks.executeTask({ id: task.id, configOverride: undefined }, metadata));
  // As soon as Temporal has the run, and before its record is written, which the API puts off a little.
  const handle = test.connection.client.workflow.getHandle(`task/${task.id}`);
  while (!(await handle.describe().catch(() => null))) await new Promise((resolve) => setTimeout(resolve, 1));
  await first.kill();
  await executed;
  await handle.result();
  const { executions } = await test.client.listExecutions({ labels: { fate: "killed" } });
  expect(executions).toMatchObject([{ subjectId: task.id, displayName: "Survivor", labels: { fate: "killed" } }]);
});
