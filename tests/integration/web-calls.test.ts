import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import type { RunningWeb } from "../../src/api/web/start-web";
import {
  type Event,
  EventSchema,
  EventType,
  ExecutionSchema,
  ExecutionService,
} from "../../src/gen/connect/executions_pb";
import { TaskService } from "../../src/gen/connect/tasks_pb";
import { Event as GrpcEvent, Execution as GrpcExecution } from "../../src/gen/proto/executions";
import { readStream, refusal } from "./api-client";
import { startTestApi, type TestApi } from "./api-server";
import { startTestStack, type TestStack } from "./api-stack";
import { Killables } from "./killable";
import { codeOf, readWeb, startTestWeb, webClient, webRefusal } from "./web-fixture";

const UNKNOWN_ID = "0190a000-0000-7000-8000-000000000000";

let test: TestStack;
let api: TestApi;
let web: RunningWeb;
let openWatches = 0;
let processes: Killables;

beforeAll(async () => {
  test = await startTestStack();
  processes = new Killables(test);
  const { runs, store } = test;
  const watch: typeof test.streams.watch = async function* (...options) {
    openWatches += 1;
    try {
      yield* test.streams.watch(...options);
    } finally {
      openWatches -= 1;
    }
  };
  api = await startTestApi({ runs, store, streams: { ...test.streams, watch } });
  web = await startTestWeb(api.api);
}, 120_000);
afterAll(async () => {
  processes.killAll();
  await web.close();
  await api.close();
  await test.close();
}, 30_000);

const executions = (url = web.url) => webClient(ExecutionService, url);

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 20_000; !condition(); ) {
    if (Date.now() > deadline) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A task that says one and two, and three once `go` was called. */
async function waitingTask(): Promise<{ readonly taskId: string; readonly go: () => void }> {
  const file = join(test.folder, `go-${Math.random()}`);
  const command = `echo one; echo two; while [ ! -e ${file} ]; do sleep 0.02; done; echo three`;
  const config = JSON.stringify({ command });
  const { id: taskId } = await test.client.createTask({ title: "t", taskType: "shell", config });
  return { taskId, go: () => writeFileSync(file, "") };
}

/** The same, running. */
async function waitingExecution(): Promise<{ readonly id: string; readonly go: () => void }> {
  const { taskId, go } = await waitingTask();
  const stop = new AbortController();
  let id = "";
  const onHeader = (headers: Headers) => {
    id = headers.get("execution-id") ?? "";
  };
  const { signal } = stop;
  const stream = webClient(TaskService, web.url).executeTask({ id: taskId }, { signal, onHeader });
  await stream[Symbol.asyncIterator]().next();
  stop.abort();
  return { id, go };
}

const said = (events: readonly Event[]) => events.map(({ data }) => JSON.parse(data).text ?? "").join("");

describe("calls from a browser", () => {
  it("answers as gRPC does, byte for byte, with the same events, headers and trailers", async () => {
    const { id, go } = await waitingExecution();
    go();
    const live = await readWeb((options) => executions().watchExecution({ id }, options));
    expect(live.error).toBeNull();
    expect(said(live.messages)).toBe("one\ntwo\nthree\n");
    expect([live.header.get("execution-id"), live.trailer.get("execution-id")]).toEqual([id, id]);
    expect(live.trailer.get("last-offset")).toBe(live.messages.at(-1)?.offset);
    const grpc = await readStream(test.client.executions.watchExecution({ id, afterOffset: undefined }));
    expect(live.messages.map((event) => Buffer.from(toBinary(EventSchema, event)).toString("hex"))).toEqual(
      grpc.messages.map((event) => Buffer.from(GrpcEvent.encode(event).finish()).toString("hex")),
    );
    const unary = await executions().getExecution({ id });
    expect(Buffer.from(toBinary(ExecutionSchema, unary))).toEqual(
      Buffer.from(GrpcExecution.encode(await test.client.getExecution(id)).finish()),
    );
  });

  it("streams while the run goes on, and goes on after an offset with no gap and no repeat", async () => {
    const { id, go } = await waitingExecution();
    const seen: Event[] = [];
    const stop = new AbortController();
    const cut = await readWeb(
      (options) => executions().watchExecution({ id }, { ...options, signal: stop.signal }),
      (event) => {
        seen.push(event);
        if (said(seen).includes("two")) stop.abort();
      },
    );
    expect(cut.error?.code).toBe(Code.Canceled);
    const afterOffset = seen.at(-1)?.offset ?? "";
    const rest = readWeb((options) => executions().watchExecution({ id, afterOffset }, options));
    go();
    const all = await readWeb((options) => executions().watchExecution({ id }, options));
    expect([...seen, ...(await rest).messages]).toEqual(all.messages);
    expect(all.messages.at(-1)?.eventType).toBe(EventType.COMPLETED);
  });

  it("ends the call in the API when the browser goes away", async () => {
    const { id, go } = await waitingExecution();
    await until(() => openWatches === 0);
    const stop = new AbortController();
    const watching = readWeb((options) => executions().watchExecution({ id }, { ...options, signal: stop.signal }));
    await until(() => openWatches === 1);
    stop.abort();
    await watching;
    await until(() => openWatches === 0);
    go();
  });

  it("keeps the caller's deadline", async () => {
    const { id, go } = await waitingExecution();
    const late = await readWeb((options) => executions().watchExecution({ id }, { ...options, timeoutMs: 400 }));
    expect(late.error?.code).toBe(Code.DeadlineExceeded);
    await until(() => openWatches === 0);
    go();
  });

  it("refuses with the status, the message and the details of gRPC", async () => {
    expect(await codeOf(executions().getExecution({ id: UNKNOWN_ID }))).toBe("NotFound");
    const error = await webRefusal(executions().listExecutions({ limit: -1, offset: -2 }));
    const grpc = await refusal(test.client.listExecutions({ limit: -1, offset: -2 }));
    expect([Code[error.code], error.rawMessage]).toEqual(["InvalidArgument", grpc.message]);
    const [detail] = error.details;
    expect(detail).toMatchObject({ type: "google.rpc.BadRequest" });
    const bytes = detail !== undefined && "value" in detail ? Buffer.from(detail.value as Uint8Array).toString() : "";
    expect(grpc.violations.map(({ field }) => field)).toEqual(["limit", "offset"]);
    for (const text of grpc.violations.flatMap(({ field, description }) => [field, description]))
      expect(bytes).toContain(text);
    expect((await readWeb((options) => executions().watchExecution({ id: "x" }, options))).error?.code).toBe(
      Code.InvalidArgument,
    );
  });

  it("passes on an idempotency key, which attaches to the first call's execution", async () => {
    const { taskId, go } = await waitingTask();
    go();
    const call = () =>
      readWeb((options) =>
        webClient(TaskService, web.url).executeTask(
          { id: taskId },
          { ...options, headers: { "idempotency-key": "k" } },
        ),
      );
    const [first, again] = [await call(), await call()];
    expect(again.messages).toEqual(first.messages);
    expect(again.header.get("execution-id")).toBe(first.header.get("execution-id"));
  });

  it("has room for what gRPC has room for, and for no more", async () => {
    const title = "t".repeat(255);
    const config = (bytes: number) => JSON.stringify({ command: "cat", stdin: "x".repeat(bytes) });
    const tasks = webClient(TaskService, web.url);
    expect((await tasks.createTask({ title, taskType: "shell", config: config(900_000) })).title).toBe(title);
    expect(await codeOf(tasks.createTask({ title, taskType: "shell", config: config(5_000_000) }))).toBe(
      "ResourceExhausted",
    );
  });

  it("tells open streams where to go on when it stops, and leaves the API running", async () => {
    const { id, go } = await waitingExecution();
    const second = await startTestWeb(api.api);
    let heard = 0;
    const watching = readWeb(
      (options) => executions(second.url).watchExecution({ id }, options),
      () => {
        heard += 1;
      },
    );
    await until(() => heard > 0);
    await second.close();
    expect((await watching).error?.code).toBe(Code.Unavailable);
    go();
    expect((await executions().getExecution({ id })).id).toBe(id);
  });
});

it("loses nothing when the API is killed: a browser goes on at the next one by the last offset", async () => {
  const { id, go } = await waitingExecution();
  const first = await processes.web(0);
  const seen: Event[] = [];
  const watching = readWeb(
    (options) => executions(first.url).watchExecution({ id }, options),
    (event) => seen.push(event),
  );
  await until(() => said(seen).includes("two"));
  await first.kill();
  expect((await watching).error).not.toBeNull();
  // Started anew at the same address, as a supervisor would.
  const second = await processes.web(Number(new URL(first.url).port));
  expect(second.url).toBe(first.url);
  const afterOffset = seen.at(-1)?.offset ?? "";
  const rest = readWeb((options) => executions(second.url).watchExecution({ id, afterOffset }, options));
  go();
  const all = await readStream(test.client.executions.watchExecution({ id, afterOffset: undefined }));
  expect([...seen, ...(await rest).messages].map(({ offset }) => offset)).toEqual(
    all.messages.map(({ offset }) => offset),
  );
  await second.kill();
});
