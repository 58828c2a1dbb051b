import { startTestStack, type TestStack } from "./api-stack";
import { Killables } from "./killable";
import { connectSchedules } from "./schedule-client";

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

it("goes on when the API that made the schedule is killed, and another one knows it", async () => {
  const api = await processes.api();
  const doomed = connectSchedules(api.address);
  const task = await test.client.createTask({ title: "t", taskType: "noop", config: "{}" });
  await doomed.create({ id: "lives", taskId: task.id, spec: { intervals: [{ every: "1s" }] } });
  await api.kill();
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
