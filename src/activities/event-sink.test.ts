import { parseExecutionId } from "../core/ids";
import { silentLogger } from "../core/logger";
import type { RunnerEventBatch } from "../workflows/history-contract";
import { EventSink, type EventSinkOptions, MAX_ATTEMPT_BYTES } from "./event-sink";
import type { SendResult } from "./send-signal";

/** The far end of the wire: takes batches as Temporal would, as slowly or as badly as a test wants. */
class FakeTemporal {
  readonly batches: RunnerEventBatch[] = [];
  readonly startedAt: number[] = [];
  readonly blobs = new Map<string, string>();
  inFlight = 0;
  mostInFlight = 0;
  delayMs = 0;
  result: SendResult = { status: "sent" };
  storeFailures = 0;

  open(options: Partial<EventSinkOptions> = {}): EventSink {
    return new EventSink({
      send: async (batch) => {
        this.startedAt.push(Date.now());
        this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
        if (this.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, this.delayMs));
        this.inFlight -= 1;
        if (this.result.status === "sent") this.batches.push(batch);
        return this.result;
      },
      store: {
        putBlob: async ({ reference, data }) => {
          if (this.storeFailures-- > 0) throw new Error("the database is away");
          this.blobs.set(reference, Buffer.from(data).toString());
        },
      },
      logger: silentLogger,
      executionId: parseExecutionId("0192f0c1-0000-7000-8000-000000000000"),
      activityId: "task",
      nodeId: "n",
      attempt: 2,
      signalBudget: 8_000,
      use: { signals: 0, bytes: 0 },
      ...options,
    });
  }

  get events() {
    return this.batches.flatMap(({ events }) => events);
  }

  get text(): string {
    return this.events
      .filter(({ type }) => type === "OUTPUT")
      .map(({ data }) => String(data["text"] ?? this.blobs.get(String(data["reference"]))))
      .join("");
  }
}

const sleep = (durationMs: number) => new Promise((resolve) => setTimeout(resolve, durationMs));
const say = (sink: EventSink, text: string) => sink.emit("OUTPUT", { stream: "stdout", text });

test("the first event goes at once, what follows within 200 ms goes together, one signal at a time", async () => {
  const temporal = new FakeTemporal();
  temporal.delayMs = 20;
  const sink = temporal.open();
  const from = Date.now();
  for (let index = 0; index < 30; index++) {
    say(sink, `${index} `);
    await sleep(10);
  }
  await sink.close();
  expect(temporal.mostInFlight).toBe(1);
  expect(temporal.batches.length).toBeLessThanOrEqual(Math.ceil((Date.now() - from) / 200) + 2);
  expect(temporal.events[0]?.data).toEqual({ stream: "stdout", text: "0 " });
  expect(temporal.text).toBe(Array.from({ length: 30 }, (_, index) => `${index} `).join(""));
  const [first = 0, second = 0] = temporal.startedAt;
  expect(second - first).toBeGreaterThanOrEqual(195);
});

test("batches say whose they are, and sequences count from 1 without a gap", async () => {
  const temporal = new FakeTemporal();
  const sink = temporal.open();
  sink.emit("TOOL_CALL", { call_id: "1", tool: "t", arguments: {} });
  sink.emit("PROGRESS", { message: "m" });
  await sleep(20);
  sink.emit("TOOL_RESULT", { call_id: "1", tool: "t", result: 1, duration_ms: 2 });
  await sink.close();
  expect(temporal.batches.map(({ activityId, nodeId, attempt }) => [activityId, nodeId, attempt])).toEqual([
    ["task", "n", 2],
    ["task", "n", 2],
  ]);
  expect(temporal.events.map(({ type, sequence }) => [type, sequence])).toEqual([
    ["TOOL_CALL", 1],
    ["PROGRESS", 2],
    ["TOOL_RESULT", 3],
  ]);
  expect(temporal.events[0]?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test("32 KiB of text goes inline, and one byte more to the store", async () => {
  for (const [length, blobs] of [
    [32 * 1024, 0],
    [32 * 1024 + 1, 1],
  ] as const) {
    const temporal = new FakeTemporal();
    const sink = temporal.open();
    say(sink, "x".repeat(length));
    await sink.close();
    expect(temporal.blobs.size).toBe(blobs);
    expect(temporal.text).toBe("x".repeat(length));
    if (blobs === 1) expect(temporal.events[0]?.data).toMatchObject({ stream: "stdout", bytes: length });
  }
});

test("a store that is away for a while loses nothing", async () => {
  const temporal = new FakeTemporal();
  temporal.storeFailures = 2;
  const sink = temporal.open();
  say(sink, "x".repeat(100_000));
  await sink.close();
  expect(temporal.text).toHaveLength(100_000);
});

test("a runner is asked to wait while Temporal is slow, and goes on when there is room", async () => {
  const temporal = new FakeTemporal();
  temporal.delayMs = 300;
  const sink = temporal.open();
  say(sink, "start");
  await sleep(20);
  expect(say(sink, "x".repeat(1_000_000))).toBe(true);
  expect(say(sink, "x".repeat(100_000))).toBe(false);
  await sink.drained();
  expect(say(sink, "more")).toBe(true);
  await sink.close();
  expect(temporal.text).toHaveLength(1_100_009);
});

test("a runner that does not wait loses what is too much, and the stream says how much", async () => {
  const temporal = new FakeTemporal();
  temporal.delayMs = 200;
  const sink = temporal.open();
  for (let index = 0; index < 100; index++) say(sink, "x".repeat(100_000));
  await sink.close();
  const notice = temporal.events.filter(({ type }) => type === "PROGRESS").at(-1);
  expect(Number(notice?.data["dropped_bytes"])).toBeGreaterThan(0);
  expect(temporal.text.length + Number(notice?.data["dropped_bytes"])).toBe(10_000_000);
});

test("one attempt's text is kept up to 64 MiB, and not a byte beyond", async () => {
  const temporal = new FakeTemporal();
  const sink = temporal.open();
  for (let left = MAX_ATTEMPT_BYTES; left > 0; left -= 1024 * 1024) {
    say(sink, "x".repeat(1024 * 1024));
    await sink.drained();
  }
  say(sink, "y");
  await sink.close();
  expect(temporal.text).toBe("x".repeat(MAX_ATTEMPT_BYTES));
  expect(temporal.events.at(-1)).toMatchObject({ type: "PROGRESS", data: { dropped_bytes: 1 } });
});

test("big data that is not text is sent in several signals and does not stall the rest", async () => {
  const temporal = new FakeTemporal();
  const sink = temporal.open();
  for (let index = 0; index < 4; index++)
    sink.emit("TOOL_RESULT", { call_id: `${index}`, result: "r".repeat(200_000) });
  say(sink, "after");
  await sink.close();
  expect(temporal.events.map(({ type }) => type)).toEqual([...Array(4).fill("TOOL_RESULT"), "OUTPUT"]);
  expect(temporal.batches.length).toBeGreaterThanOrEqual(4);
});

test("a run that has closed ends the sink quietly", async () => {
  const temporal = new FakeTemporal();
  temporal.result = { status: "closed" };
  const sink = temporal.open();
  say(sink, "a");
  await sleep(20);
  say(sink, "b");
  await sink.close();
  expect(temporal.startedAt).toHaveLength(1);
});

test("an activity whose budget is used up is silent until its end, and then says everything at once", async () => {
  const temporal = new FakeTemporal();
  const sink = temporal.open({ signalBudget: 10, use: { signals: 10, bytes: 0 } });
  say(sink, "a");
  await sleep(20);
  for (let index = 0; index < 20; index++) {
    say(sink, `${index} `);
    await sleep(20);
  }
  expect(temporal.batches).toHaveLength(1);
  await sink.close();
  expect(temporal.batches).toHaveLength(2);
  expect(sink.use.signals).toBe(12);
  expect(temporal.text).toContain("18 19 ");
});
