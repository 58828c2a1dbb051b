import { WorkflowFailedError } from "@temporalio/client";
import { CancelledFailure } from "@temporalio/common";
import { eventsOf, failureOf, isAlive, RunnersFixture, until } from "./runners-fixture";
import type { RunnerWorker } from "./runners-worker";

const QUEUE = "attempts";
let fixture: RunnersFixture;
let worker: RunnerWorker;

beforeAll(async () => {
  fixture = await RunnersFixture.start();
  worker = await fixture.startWorker(QUEUE);
});
afterAll(() => fixture?.stop());

const shell = (config: Parameters<RunnersFixture["startTask"]>[3], queue = QUEUE) =>
  fixture.startTask(worker, queue, "shell", config);

test("a shell task gives its output and streams it", async () => {
  const { handle } = await shell({ command: "cat; echo oops >&2", stdin: "hello" });
  expect(await handle.result()).toEqual({ exit_code: 0, stdout: "hello", stderr: "oops\n" });
  const events = await eventsOf(handle);
  expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
  expect(events.map(({ data }) => data)).toEqual(
    expect.arrayContaining([
      { stream: "stdout", text: "hello" },
      { stream: "stderr", text: "oops\n" },
    ]),
  );
});

test("a failing command is tried max_attempts times, and the last failure is the task's", async () => {
  const { handle, file } = await shell({
    command: 'echo x >> runs; echo "attempt $ACO_ATTEMPT broke" >&2; exit 7',
    retry: { max_attempts: 3, initial_interval: "10ms" },
  });
  expect(await failureOf(handle)).toMatchObject({
    code: "SHELL_EXIT_CODE",
    message: "exit code 7: attempt 3 broke",
    details: { exit_code: 7, stdout: "", stderr: "attempt 3 broke\n" },
  });
  expect(await file("runs")).toBe("x\nx\nx\n");
});

test("a command that succeeds at its second attempt makes the task succeed", async () => {
  const { handle } = await shell({
    command: "[ -e mark ] && echo done || { touch mark; exit 1; }",
    retry: { max_attempts: 2, initial_interval: "10ms" },
  });
  expect(await handle.result()).toMatchObject({ exit_code: 0, stdout: "done\n" });
});

test("a code named in non_retryable is not tried again", async () => {
  const { handle, file } = await shell({
    command: "echo x >> runs; exit 1",
    retry: { max_attempts: 3, initial_interval: "10ms", non_retryable: ["SHELL_EXIT_CODE"] },
  });
  expect((await failureOf(handle)).code).toBe("SHELL_EXIT_CODE");
  expect(await file("runs")).toBe("x\n");
});

test("an attempt that takes too long fails with TIMEOUT, and its whole process group is killed", async () => {
  const { handle, file } = await shell({
    command: "echo $$ > pid; sleep 60 & echo $! > child; wait",
    timeout: "500ms",
  });
  expect(await failureOf(handle)).toMatchObject({ code: "TIMEOUT", message: "the attempt took longer than 500 ms" });
  expect(await isAlive(Number(await file("pid")))).toBe(false);
  expect(await isAlive(Number(await file("child")))).toBe(false);
});

test("a cancel kills the whole process group, also of what ignores SIGTERM, and ends the run as cancelled", async () => {
  const { handle, file } = await shell({
    command: "echo $$ > pid; trap '' TERM; (trap '' TERM; sleep 60) & echo $! > child; while :; do sleep 1; done",
  });
  const [pid, child] = await until(async () => [Number(await file("pid")), Number(await file("child"))]);
  const askedAt = Date.now();
  await handle.cancel();
  const error: unknown = await handle.result().catch((error: unknown) => error);
  console.info(`cancelled after ${Date.now() - askedAt} ms`);
  expect(error instanceof WorkflowFailedError && error.cause).toBeInstanceOf(CancelledFailure);
  expect(await isAlive(pid ?? 0)).toBe(false);
  expect(await isAlive(child ?? 0)).toBe(false);
});

test("a killed worker is noticed within 15 s, its processes end, and the task runs again as attempt 2", async () => {
  const lost = "lost-worker";
  const child = await fixture.startChildWorker(lost);
  const { handle, file } = await shell(
    { command: 'echo $$ > "pid$ACO_ATTEMPT"; echo "attempt $ACO_ATTEMPT"; [ "$ACO_ATTEMPT" = 2 ] || sleep 60' },
    lost,
  );
  const pid = await until(async () => Number(await file("pid1")));
  child.kill("SIGKILL");
  const killedAt = Date.now();
  await until(async () => !(await isAlive(pid)), 5_000);
  console.info(`the process of the killed worker was gone after ${Date.now() - killedAt} ms`);
  await fixture.startWorker(lost);
  await until(() => file("pid2"));
  const noticedMs = Date.now() - killedAt;
  console.info(`the task ran again after ${noticedMs} ms`);
  expect(noticedMs).toBeLessThan(15_000);
  expect(await handle.result()).toMatchObject({ stdout: "attempt 2\n" });
});

test("failures stay counted across a lost worker", async () => {
  const lost = "lost-and-failed";
  const child = await fixture.startChildWorker(lost);
  // Attempt 1 fails, attempt 2 loses its worker, attempt 3 fails: two failures, and `max_attempts` is 2.
  const { handle, file } = await shell(
    {
      command: 'touch "ran$ACO_ATTEMPT"; [ "$ACO_ATTEMPT" = 2 ] && sleep 60; exit 1',
      retry: { max_attempts: 2, initial_interval: "10ms" },
      timeout: { heartbeat: "2s" },
    },
    lost,
  );
  await until(async () => (await file("ran2")) === "");
  child.kill("SIGKILL");
  await fixture.startWorker(lost);
  expect((await failureOf(handle)).code).toBe("SHELL_EXIT_CODE");
  expect(await file("ran3")).toBe("");
  await expect(file("ran4")).rejects.toThrow("ENOENT");
});

test("a worker that is stopped hands its task on without using up an attempt", async () => {
  const stopped = "stopped-worker";
  const child = await fixture.startChildWorker(stopped);
  const { handle, file } = await shell(
    { command: 'touch "ran$ACO_ATTEMPT"; [ "$ACO_ATTEMPT" = 2 ] || sleep 60; echo again' },
    stopped,
  );
  await until(async () => (await file("ran1")) === "");
  const stoppedAt = Date.now();
  child.kill("SIGTERM");
  await fixture.startWorker(stopped);
  expect(await handle.result()).toMatchObject({ stdout: "again\n" });
  console.info(`handed on after ${Date.now() - stoppedAt} ms`);
});

test("a config that the worker refuses fails with CONFIG_INVALID at once", async () => {
  const options = {
    ...{ maxAttempts: 3, initialIntervalMs: 10, maxIntervalMs: 10, backoff: 1, nonRetryable: [] },
    ...{ attemptTimeoutMs: 10_000, heartbeatTimeoutMs: 10_000 },
  };
  const handle = await worker.client.workflow.start("runOneTask", {
    taskQueue: QUEUE,
    workflowId: "refused",
    args: ["shell", { executionId: "0192f0c1-0000-7000-8000-000000000000", config: {}, options, signalBudget: 10 }],
  });
  expect(await failureOf(handle)).toMatchObject({ code: "CONFIG_INVALID", message: "config needs command or argv" });
});
