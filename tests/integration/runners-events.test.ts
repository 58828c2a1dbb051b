import { writeFile } from "node:fs/promises";
import { batchesOf, eventsOf, failureOf, RunnersFixture, textOf, until } from "./runners-fixture";
import type { RunnerWorker } from "./runners-worker";

const QUEUE = "events";
let fixture: RunnersFixture;
let worker: RunnerWorker;

beforeAll(async () => {
  fixture = await RunnersFixture.start();
  worker = await fixture.startWorker(QUEUE);
});
afterAll(() => fixture?.stop());

const shell = (config: Parameters<RunnersFixture["startTask"]>[3], extra = {}) =>
  fixture.startTask(worker, QUEUE, "shell", config, extra);

/** At most 5 a second; the first of a burst and the last flush come on top. */
const mostSignals = (durationMs: number) => Math.ceil(durationMs / 200) + 2;

const lines = (count: number) => Array.from({ length: count }, (_, index) => `${index + 1}\n`).join("");

test("10,000 lines in a burst arrive in order and without loss, in a few signals", async () => {
  const { handle } = await shell({ command: "i=1; while [ $i -le 10000 ]; do echo $i; i=$((i+1)); done" });
  const startedAt = Date.now();
  expect(await handle.result()).toMatchObject({ stdout: lines(10_000) });
  expect(await textOf(handle, worker)).toBe(lines(10_000));
  const batches = await batchesOf(handle);
  console.info(`10,000 lines in ${batches.length} signals`);
  expect(batches.length).toBeLessThanOrEqual(mostSignals(Date.now() - startedAt));
  const sequences = batches.flatMap(({ events }) => events.map(({ sequence }) => sequence));
  expect(sequences).toEqual(sequences.map((_, index) => index + 1));
});

test("lines that come slowly are told at once", async () => {
  const { handle, path } = await shell({ command: "echo one; while [ ! -e go ]; do sleep 0.1; done; echo two" });
  const [first] = await until(async () => {
    const events = await eventsOf(handle);
    return events.length > 0 ? events : undefined;
  });
  expect(first?.data).toEqual({ stream: "stdout", text: "one\n" });
  expect((await handle.describe()).status.name).toBe("RUNNING");
  await writeFile(path("go"), "");
  await handle.result();
});

test("a burst that lasts sends at most 5 signals a second", async () => {
  const { handle } = await shell({ command: "i=0; while [ $i -lt 40 ]; do echo $i; sleep 0.05; i=$((i+1)); done" });
  const startedAt = Date.now();
  await handle.result();
  const durationMs = Date.now() - startedAt;
  const count = (await batchesOf(handle)).length;
  console.info(`${count} signals in ${durationMs} ms`);
  expect(count).toBeLessThanOrEqual(mostSignals(durationMs));
  expect(count).toBeGreaterThan(5);
});

test("both streams' text in quick turns is told in few events, each stream in its own order", async () => {
  const { handle } = await shell({
    command: "i=1; while [ $i -le 2000 ]; do echo $i; echo $i >&2; i=$((i+1)); done",
  });
  await handle.result();
  expect(await textOf(handle, worker, "stdout")).toBe(lines(2_000));
  expect(await textOf(handle, worker, "stderr")).toBe(lines(2_000));
});

test("bulk output goes to the store, and the event says where and how much", async () => {
  const { handle, executionId } = await shell({ command: "head -c 300000 /dev/zero | tr '\\0' x" });
  const output = (await handle.result()) as { stdout: string; stdout_truncated: boolean };
  expect(output).toMatchObject({ exit_code: 0, stdout: "x".repeat(64 * 1024), stdout_truncated: true });
  expect(await textOf(handle, worker)).toBe("x".repeat(300_000));
  const references = (await eventsOf(handle)).filter(({ data }) => "reference" in data);
  expect(references.length).toBeGreaterThan(0);
  for (const { data } of references)
    expect(data).toEqual({ stream: "stdout", reference: expect.any(String), bytes: expect.any(Number) });
  expect(executionId).toBeDefined();
});

test("more than 64 MiB of output costs bounded memory, and the stream says what was dropped", async () => {
  let peakBytes = 0;
  const timer = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
  }, 50);
  const beforeBytes = process.memoryUsage().rss;
  const { handle } = await shell({ command: "head -c 400000000 /dev/zero | tr '\\0' y" });
  const startedAt = Date.now();
  await handle.result();
  clearInterval(timer);
  console.info(`400 MB in ${Date.now() - startedAt} ms, ${Math.round((peakBytes - beforeBytes) / 1e6)} MB more memory`);
  const events = await eventsOf(handle);
  const kept = events.reduce((sum, { data }) => sum + Number(data["bytes"] ?? String(data["text"] ?? "").length), 0);
  const notice = events.filter(({ type }) => type === "PROGRESS").at(-1);
  expect(kept + Number(notice?.data["dropped_bytes"])).toBe(400_000_000);
  expect(kept).toBeGreaterThan(60 * 1024 * 1024);
  expect(peakBytes - beforeBytes).toBeLessThan(300e6);
});

test("a task with a small signal budget slows down and still tells everything", async () => {
  const { handle } = await shell(
    { command: "i=0; while [ $i -lt 60 ]; do echo $i; sleep 0.05; i=$((i+1)); done" },
    { signalBudget: 6 },
  );
  await handle.result();
  expect((await batchesOf(handle)).length).toBeLessThanOrEqual(7);
  expect((await textOf(handle, worker)).trimEnd().split("\n")).toHaveLength(60);
});

test("what a failing attempt said is told before it fails, under its attempt's number", async () => {
  const { handle } = await shell({
    command: 'echo "attempt $ACO_ATTEMPT"; exit 1',
    retry: { max_attempts: 2, initial_interval: "10ms" },
  });
  await failureOf(handle);
  const batches = await batchesOf(handle);
  expect(batches.map(({ attempt, events }) => [attempt, events[0]?.data["text"]])).toEqual([
    [1, "attempt 1\n"],
    [2, "attempt 2\n"],
  ]);
});

test("a run that was terminated ends its task quietly, and the process with it", async () => {
  const { handle, file } = await shell({
    command: "echo $$ > pid; while :; do echo tick; sleep 0.1; done",
    timeout: { heartbeat: "2s" },
  });
  const pid = await until(async () => Number(await file("pid")));
  await handle.terminate("gone");
  await until(() => {
    try {
      return !process.kill(pid, 0);
    } catch {
      return true;
    }
  });
});

test("characters that a pipe cuts in two stay whole, and bytes that are no text are replaced", async () => {
  const { handle } = await shell({
    command: "printf '\\342\\202'; sleep 0.3; printf '\\254 ok \\377\\n'",
  });
  expect(await handle.result()).toMatchObject({ stdout: "€ ok \uFFFD\n" });
  expect(await textOf(handle, worker)).toBe("€ ok \uFFFD\n");
});
