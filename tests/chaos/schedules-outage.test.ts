import { setTimeout as sleep } from "node:timers/promises";
import { ScheduleOverlap } from "../../src/gen/proto/schedules";
import { cleanUp, startDevProcess, temporalPid, temporaryFolder } from "../e2e/aco-process";
import { connectApi } from "../integration/api-client";
import { until } from "../integration/reaction-client";
import { connectSchedules } from "../integration/schedule-client";

jest.setTimeout(180_000);
afterEach(cleanUp);

/** Temporal's smallest, and what everything is down for beyond it. */
const CATCH_UP_MS = 10_000;
const TOO_LONG_MS = 4_000;
const JITTER_MS = 1_500;

/** Connections to a server that was just started. */
async function connect(server: ReturnType<typeof startDevProcess>) {
  const { grpc } = await server.ready;
  const [api, schedules] = [connectApi(grpc), connectSchedules(grpc)];
  return {
    api,
    schedules,
    close: () => {
      api.close();
      schedules.close();
    },
  };
}

const nominal = ({ scheduledAt }: { scheduledAt: string }) => Date.parse(scheduledAt);

it("makes up for the times of an outage within the window, counts the others as missed, and is late by the jitter only", async () => {
  const dataDir = temporaryFolder();
  const first = startDevProcess(dataDir);
  const before = await connect(first);
  const nodes = [{ id: "t", type: "transform", config: { output: "${{ input }}" } }];
  const definition = JSON.stringify({ version: 1, nodes, edges: [] });
  const { id: workflowId } = await before.api.createWorkflow({ name: "w", definition });
  await before.schedules.create({
    id: "outage",
    workflowId,
    spec: { intervals: [{ every: "1s" }] },
    input: '{"at": "${{ schedule.time }}"}',
    overlap: ScheduleOverlap.SCHEDULE_OVERLAP_ALLOW_ALL,
    catchUpWindow: `${CATCH_UP_MS / 1_000}s`,
  });
  await before.schedules.create({
    id: "jitter",
    workflowId,
    spec: { intervals: [{ every: "2s" }], jitter: `${JITTER_MS}ms` },
    input: '{"at": "${{ schedule.time }}"}',
    overlap: ScheduleOverlap.SCHEDULE_OVERLAP_ALLOW_ALL,
  });
  const { recentActions } = await until(
    () => before.schedules.get("jitter"),
    (each) => each.recentActions.length >= 4,
  );
  // Temporal tells the times with their jitter; an execution's own time is without it.
  const late = recentActions.map((action) => nominal(action) % 2_000);
  expect(Math.max(...late)).toBeLessThan(JITTER_MS);
  expect(Math.max(...late)).toBeGreaterThan(0);
  expect(new Set(late).size).toBeGreaterThan(1);
  const jittered = await before.api.getExecution(recentActions.at(-1)?.executionId ?? "");
  expect(Date.parse((JSON.parse(jittered.input) as { at: string }).at) % 2_000).toBe(0);
  await before.schedules.delete("jitter");
  before.close();

  await first.end("SIGKILL");
  const downFrom = Date.now();
  try {
    process.kill(temporalPid(dataDir), "SIGKILL");
  } catch {
    // Its guard was faster.
  }
  await sleep(CATCH_UP_MS + TOO_LONG_MS);
  const second = startDevProcess(dataDir);
  const after = await connect(second);
  const upAt = Date.now();
  // A record comes up to a second after its start.
  const timesOf = async () => {
    const { executions } = await after.api.listExecutions({ scheduleId: "outage", limit: 1_000 });
    const whole = await Promise.all(executions.map(({ id }) => after.api.getExecution(id)));
    return whole.map(({ input }) => Date.parse((JSON.parse(input) as { at: string }).at)).sort((a, b) => a - b);
  };
  const times = await until(timesOf, (all) => (all.at(-1) ?? 0) > upAt + 2_000, 40_000);
  expect((await after.schedules.get("outage")).missedCatchUp).toBeGreaterThanOrEqual(1);
  expect(new Set(times).size).toBe(times.length);
  // Of the outage, its end was made up for, each time with its own time; its beginning was not.
  const missing = times.findIndex((at, index) => index > 0 && at - (times[index - 1] ?? at) > 2_000);
  expect(times[missing]).toBeGreaterThan(downFrom);
  expect(times[missing]).toBeLessThan(upAt);
  after.close();
});
