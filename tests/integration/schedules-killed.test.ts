import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { startTestStack, type TestStack } from "./api-stack";
import { connectSchedules } from "./schedule-client";

let test: TestStack;
let child: ChildProcess | undefined;
beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(async () => {
  child?.kill("SIGKILL");
  await test.close();
}, 30_000);

/** An API in a process of its own, on the same store, Temporal and worker. */
async function startChild(): Promise<string> {
  const hook = join(__dirname, "typescript-hook.cjs");
  const program = require.resolve("./api-child-process");
  child = spawn(process.execPath, ["-r", hook, program, test.temporal.address, test.taskQueue, test.dataDir], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("a pipe was asked for");
  const [address] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  return address;
}

it("goes on when the API that made the schedule is killed, and another one knows it", async () => {
  const address = await startChild();
  const doomed = connectSchedules(address);
  const task = await test.client.createTask({ title: "t", taskType: "noop", config: "{}" });
  await doomed.create({ id: "lives", taskId: task.id, spec: { intervals: [{ every: "1s" }] } });
  child?.kill("SIGKILL");
  if (child !== undefined) await once(child, "exit");
  doomed.close();
  const before = (await test.client.listExecutions({ subjectId: task.id })).total;
  const deadline = Date.now() + 20_000;
  const count = async () => (await test.client.listExecutions({ subjectId: task.id })).total;
  while ((await count()) < before + 3 && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await count()).toBeGreaterThanOrEqual(before + 3);
  const other = connectSchedules(test.api.address);
  const schedule = await other.get("lives");
  expect(schedule.recentActions.at(-1)).toMatchObject({ status: "COMPLETED" });
  await other.delete("lives");
  other.close();
}, 60_000);
