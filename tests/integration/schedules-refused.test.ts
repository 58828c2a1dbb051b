/** What schedules refuse and what they preview; nothing here is ever started. */
import { ScheduleOverlap } from "../../src/gen/proto/schedules";
import { refusal, refusedFields } from "./api-client";
import { startTestApi, temporalIsDown } from "./api-server";
import { startTestStack, type TestStack } from "./api-stack";
import { connectSchedules, type ScheduleClient } from "./schedule-client";

let test: TestStack;
let schedules: ScheduleClient;
let workflowId: string;
let taskId: string;
beforeAll(async () => {
  test = await startTestStack();
  schedules = connectSchedules(test.api.address);
  const nodes = [{ id: "n", type: "transform", config: { output: "${{ input }}" } }];
  const input_schema = { type: "object", required: ["at"], properties: { at: { type: "string" } } };
  const definition = JSON.stringify({ version: 1, nodes, edges: [], input_schema });
  workflowId = (await test.client.createWorkflow({ name: "w", definition })).id;
  taskId = (await test.client.createTask({ title: "t", taskType: "shell", config: '{"command":"true"}' })).id;
}, 120_000);
afterAll(async () => {
  schedules.close();
  await test.close();
}, 30_000);

const spec = { cron: ["0 0 1 1 * 2099"] };
const input = '{"at":"${{ schedule.time }}"}';

it("names everything that is wrong with a schedule at once, with a code where the spec or the template has one", async () => {
  const wrong = {
    id: "-x",
    workflowId,
    taskId,
    spec: {
      cron: ["61 * * * *", "* *"],
      intervals: [{ every: "0s" }, { every: "1h", offset: "2h" }],
      calendars: [{ hour: "24", dayOfWeek: "MON-SUN/0" }],
      skip: [{ month: "SMARCH" }],
      timeZone: "Mars/Olympus",
      startTime: "2027-02-30T00:00:00Z",
      endTime: "soon",
      jitter: "2d",
    },
    input: '{"a/b":"${{ schedul.time }}","n":["${{ schedule.tim }}","${{ 1 + }}","${{ x"]}',
    overlap: 99 as ScheduleOverlap,
    catchUpWindow: "9s",
    remainingActions: 0,
    note: "x".repeat(1_001),
  };
  const refused = await refusal(schedules.create(wrong));
  expect(refused.code).toBe("INVALID_ARGUMENT");
  expect(refused.violations.map(({ field }) => field).sort()).toEqual([
    "catch_up_window",
    "id",
    "input/a~1b",
    "input/n/0",
    "input/n/1",
    "input/n/2",
    "note",
    "overlap",
    "remaining_actions",
    "spec/calendars/0/day_of_week",
    "spec/calendars/0/hour",
    "spec/cron/0",
    "spec/cron/1",
    "spec/end_time",
    "spec/intervals/0/every",
    "spec/intervals/1/offset",
    "spec/jitter",
    "spec/skip/0/month",
    "spec/start_time",
    "spec/time_zone",
    "task_id",
  ]);
  const codes = refused.violations.flatMap(({ description }) => /\(([A-Z_]+)\)$/.exec(description)?.[1] ?? []);
  expect(new Set(codes)).toEqual(
    new Set([
      "SCHEDULE_CRON",
      "SCHEDULE_INTERVAL",
      "SCHEDULE_CALENDAR",
      "SCHEDULE_TIME_ZONE",
      "SCHEDULE_TIME",
      "SCHEDULE_JITTER",
      "EXPRESSION_NAME",
      "EXPRESSION_FAILED",
      "EXPRESSION_SYNTAX",
      "TEMPLATE_SYNTAX",
    ]),
  );
});

it("checks the target with the input as it would be rendered", async () => {
  expect(await refusedFields(schedules.create({ workflowId, spec }))).toEqual(["input"]);
  expect(await refusedFields(schedules.create({ workflowId, spec, input: '{"at":1}' }))).toEqual(["input/at"]);
  expect(await refusedFields(schedules.create({ spec }))).toEqual(["workflow_id"]);
  expect(await refusedFields(schedules.create({ workflowId: taskId, spec }))).toEqual(["workflow_id"]);
  expect(await refusedFields(schedules.create({ taskId, spec, input: '{"command":1}' }))).toEqual(["input/command"]);
  expect(await refusedFields(schedules.create({ taskId, spec, input: "1" }))).toContain("input");
  expect(await refusedFields(schedules.create({ workflowId, input }))).toEqual(["spec"]);
  const overlap = ScheduleOverlap.SCHEDULE_OVERLAP_ALLOW_ALL;
  expect(await refusedFields(schedules.create({ taskId, spec, overlap }))).toEqual(["overlap"]);
});

it("refuses an id that is taken, and says NOT_FOUND for one that is not there", async () => {
  await schedules.create({ id: "taken", workflowId, spec, input });
  expect((await refusal(schedules.create({ id: "taken", workflowId, spec, input }))).code).toBe("ALREADY_EXISTS");
  expect(await refusedFields(schedules.update({ id: "taken", input: "{}" }))).toEqual(["input"]);
  expect(await refusedFields(schedules.update({ id: "taken", spec: {}, remainingActions: -2 }))).toEqual([
    "remaining_actions",
    "spec",
  ]);
  await schedules.delete("taken");
  const range = { startTime: "2026-01-01T00:00:00Z", endTime: "2026-01-02T00:00:00Z" };
  for (const call of [
    schedules.get("taken"),
    schedules.update({ id: "taken", note: "" }),
    schedules.delete("taken"),
    schedules.pause("taken"),
    schedules.unpause("taken"),
    schedules.trigger({ id: "taken" }),
    schedules.backfill({ id: "taken", ...range }),
  ])
    expect(await refusal(call)).toMatchObject({ code: "NOT_FOUND", message: 'there is no schedule "taken"' });
  expect(await refusedFields(schedules.get(""))).toEqual(["id"]);
});

it("refuses a backfill of the future, of nothing and of too much", async () => {
  const id = "back";
  await schedules.create({ id, workflowId, spec: { intervals: [{ every: "1s" }] }, input, paused: true });
  const fields = async (startTime: string, endTime: string) =>
    await refusedFields(schedules.backfill({ id, startTime, endTime }));
  expect(await fields("", "x")).toEqual(["start_time", "end_time"]);
  expect(await fields("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z")).toEqual(["end_time"]);
  expect(await fields("2026-01-02T00:00:00Z", "2999-01-01T00:00:00Z")).toEqual(["end_time"]);
  const long = { id, startTime: "2026-01-01T00:00:00Z", endTime: "2026-01-01T00:16:40Z" };
  expect((await refusal(schedules.backfill(long))).code).toBe("RESOURCE_EXHAUSTED");
  const many = await schedules.get(id, 25);
  expect(many.nextTimes).toHaveLength(25);
  await schedules.delete(id);
});

it("lists in pages, by target, and leaves out schedules that are not ours", async () => {
  const { client } = test.connection;
  const action = { type: "startWorkflow", workflowType: "x", taskQueue: "x" } as const;
  const foreign = await client.schedule.create({ scheduleId: "aco/foreign", spec: {}, action });
  for (const id of ["one", "two", "three"]) await schedules.create({ id, workflowId, spec, input });
  await schedules.create({ id: "of-task", taskId, spec, note: "night" });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const ids = async (request: Parameters<typeof schedules.list>[0]) =>
    (await schedules.list(request)).schedules.map(({ id }) => id).sort();
  expect(await ids({})).toEqual(["of-task", "one", "three", "two"]);
  expect((await schedules.list({ taskId })).schedules).toMatchObject([{ id: "of-task", taskId, note: "night" }]);
  expect(await ids({ workflowId })).toEqual(["one", "three", "two"]);
  const first = await schedules.list({ pageSize: 2, workflowId });
  const second = await schedules.list({ pageSize: 2, workflowId, pageToken: first.nextPageToken });
  expect([...first.schedules, ...second.schedules].map(({ id }) => id).sort()).toEqual(["one", "three", "two"]);
  expect(second.nextPageToken).toBe("");
  expect(await refusedFields(schedules.list({ pageSize: 0, pageToken: "?" }))).toEqual(["page_size", "page_token"]);
  expect((await refusal(schedules.delete("foreign"))).code).toBe("NOT_FOUND");
  expect((await refusal(schedules.get("foreign"))).code).toBe("NOT_FOUND");
  await foreign.delete();
  for (const id of ["one", "two", "three", "of-task"]) await schedules.delete(id);
});

describe("PreviewSchedule", () => {
  const times = async (request: Parameters<typeof schedules.preview>[0]) => (await schedules.preview(request)).times;

  it("leaves out a local time that summer time skips, and counts one that comes twice once", async () => {
    const daily = { cron: ["30 2 * * *"], timeZone: "Europe/Berlin" };
    expect(await times({ spec: daily, from: "2027-03-27T00:00:00Z", count: 3 })).toEqual([
      "2027-03-27T01:30:00.000Z",
      "2027-03-29T00:30:00.000Z",
      "2027-03-30T00:30:00.000Z",
    ]);
    expect(await times({ spec: daily, from: "2027-10-30T00:00:00Z", count: 3 })).toEqual([
      "2027-10-30T00:30:00.000Z",
      "2027-10-31T01:30:00.000Z",
      "2027-11-01T01:30:00.000Z",
    ]);
  });

  it("tells calendars, exceptions, offsets and ends, and times that are years apart", async () => {
    const from = "2027-01-01T00:00:00Z";
    const office = { calendars: [{ hour: "9-17/8", dayOfWeek: "MON-FRI" }], skip: [{ dayOfMonth: "4", hour: "*" }] };
    expect(await times({ spec: office, from, count: 4 })).toEqual([
      "2027-01-01T09:00:00.000Z",
      "2027-01-01T17:00:00.000Z",
      "2027-01-05T09:00:00.000Z",
      "2027-01-05T17:00:00.000Z",
    ]);
    const ends = { intervals: [{ every: "1h", offset: "15m" }], startTime: from, endTime: "2027-01-01T02:00:00Z" };
    expect(await times({ spec: ends })).toEqual(["2027-01-01T00:15:00.000Z", "2027-01-01T01:15:00.000Z"]);
    expect(await times({ spec: { cron: ["0 0 29 2 *"] }, from, count: 5 })).toEqual([
      "2028-02-29T00:00:00.000Z",
      "2032-02-29T00:00:00.000Z",
      "2036-02-29T00:00:00.000Z",
    ]);
    expect(await times({ spec: { cron: ["0 0 30 2 *"] }, from })).toEqual([]);
    expect(await times({ spec: { intervals: [{ every: "1s" }] }, from, count: 1_000 })).toHaveLength(1_000);
  });

  it("leaves nothing behind, and refuses what a schedule would refuse", async () => {
    const left: string[] = [];
    for await (const { scheduleId } of test.connection.client.schedule.list()) left.push(scheduleId);
    expect(left.filter((id) => id.includes("preview"))).toEqual([]);
    expect(await refusedFields(schedules.preview({ spec: { cron: ["x"] }, count: 1_001, from: "x" }))).toEqual([
      "spec/cron/0",
      "count",
      "from",
    ]);
  });
});

it("says UNAVAILABLE while Temporal is down", async () => {
  const down = await startTestApi(temporalIsDown);
  const client = connectSchedules(down.api.address);
  expect((await refusal(client.get("x"))).code).toBe("UNAVAILABLE");
  expect((await refusal(client.preview({ spec }))).code).toBe("UNAVAILABLE");
  client.close();
  await down.close();
});
