import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseExecutionId } from "../../src/core/ids";
import type { BlobChunk, Event } from "../../src/gen/proto/executions";
import { EventType } from "../../src/gen/proto/executions";
import { type ApiClient, executionIdOf, readStream, refusal } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";

const UNKNOWN_ID = "0190a000-0000-7000-8000-000000000000";

let test: TestStack;
let files = 0;
beforeAll(async () => {
  test = await startTestStack();
}, 120_000);
afterAll(() => test.close(), 30_000);

/** An execution that prints three lines, each after `step` was called once more, and then ends. */
async function steppedExecution(): Promise<{ id: string; taskId: string; step: () => void }> {
  files += 1;
  const prefix = join(test.folder, `step-${files}`);
  const wait = (n: number) => `while [ ! -e ${prefix}-${n} ]; do sleep 0.02; done; echo line ${n}`;
  const config = JSON.stringify({ command: [1, 2, 3].map(wait).join("; ") });
  const task = await test.client.createTask({ title: "steps", taskType: "shell", config });
  const call = test.client.tasks.executeTask({ id: task.id, configOverride: undefined });
  call.on("error", () => undefined);
  call.resume();
  let steps = 0;
  const step = () => {
    steps += 1;
    writeFileSync(`${prefix}-${steps}`, "");
  };
  return { id: await executionIdOf(call), taskId: task.id, step };
}

async function finishedExecution(command = "echo a; echo b >&2"): Promise<string> {
  const task = await test.client.createTask({ title: "t", taskType: "shell", config: JSON.stringify({ command }) });
  return (await readStream(test.client.tasks.executeTask({ id: task.id, configOverride: undefined }))).executionId;
}

const watch = (id: string, afterOffset?: string, client: ApiClient = test.client) =>
  client.executions.watchExecution({ id, afterOffset });
const offsets = (events: readonly Event[]) => events.map(({ offset }) => offset);
const text = (events: readonly Event[]) => events.map(({ data }) => JSON.parse(data).text ?? "").join("");

describe("WatchExecution", () => {
  it("replays a finished execution from after any of its offsets, and says which execution it is", async () => {
    const id = await finishedExecution();
    const all = await readStream(watch(id));
    expect([all.code, all.executionId, all.trailers.get("execution-id")]).toEqual(["OK", id, [id]]);
    expect(new Set(offsets(all.messages)).size).toBe(all.messages.length);
    expect(all.messages.at(-1)?.eventType).toBe(EventType.EVENT_TYPE_COMPLETED);
    for (const [index, { offset }] of all.messages.entries()) {
      const rest = await readStream(watch(id, offset));
      expect(rest.messages).toEqual(all.messages.slice(index + 1));
    }
    expect((await readStream(watch(id, ""))).messages).toEqual(all.messages);
  });

  it("goes on in the middle of a run with no gap and no repeat", async () => {
    const { id, step } = await steppedExecution();
    const whole = readStream(watch(id));
    step();
    const cut = watch(id);
    const seen: Event[] = [];
    await new Promise<void>((resolve) => {
      cut.on("error", () => undefined);
      cut.on("data", (event: Event) => {
        seen.push(event);
        if (event.eventType === EventType.EVENT_TYPE_OUTPUT) resolve();
      });
    });
    cut.cancel();
    step();
    const rest = readStream(watch(id, seen.at(-1)?.offset));
    step();
    const [all, others] = await Promise.all([whole, rest]);
    expect([...seen, ...others.messages]).toEqual(all.messages);
    expect(text(all.messages)).toBe("line 1\nline 2\nline 3\n");
  });

  it("refuses an unknown execution, what is no id, and an offset of another execution", async () => {
    expect((await readStream(watch(UNKNOWN_ID))).code).toBe("NOT_FOUND");
    expect((await readStream(watch("7"))).error?.violations.map(({ field }) => field)).toEqual(["id"]);
    const [one, two] = [await finishedExecution(), await finishedExecution()];
    const { messages } = await readStream(watch(one));
    for (const wrong of [messages[1]?.offset, "x", "x".repeat(1_001), "\0"]) {
      expect((await readStream(watch(two, wrong))).code).toBe("INVALID_ARGUMENT");
    }
  });

  it("refuses an offset of an expired history for one that runs", async () => {
    const { id, step } = await steppedExecution();
    expect((await readStream(watch(id, "expired-1"))).code).toBe("INVALID_ARGUMENT");
    for (let line = 1; line <= 3; line++) step();
    expect((await readStream(watch(id))).code).toBe("OK");
  });

  it("gives the start and the end from the record when Temporal no longer has the history", async () => {
    const id = await finishedExecution("echo kept; exit 4");
    const before = await readStream(watch(id));
    const { temporalWorkflowId: workflowId, temporalRunId: runId } = await test.client.getExecution(id);
    const { client } = test.connection;
    await client.workflowService.deleteWorkflowExecution({
      namespace: test.temporal.namespace,
      workflowExecution: { workflowId, runId },
    });
    const gone = () => client.workflow.getHandle(workflowId, runId).describe();
    await expect(untilItFails(gone)).resolves.toBe("failed");
    const after = await readStream(watch(id));
    expect(after.code).toBe("OK");
    expect(after.messages.map(({ eventType }) => eventType)).toEqual([
      EventType.EVENT_TYPE_STARTED,
      EventType.EVENT_TYPE_FAILED,
    ]);
    const [started, ended] = after.messages.map(({ data }) => JSON.parse(data));
    expect(started).toMatchObject({ execution_id: id, task_type: "shell", history: "expired" });
    expect(ended).toMatchObject({ execution_id: id, code: "SHELL_EXIT_CODE", history: "expired" });
    expect(after.messages[1]?.error).toBe(before.messages.at(-1)?.error);
    for (const [index, { offset }] of after.messages.entries()) {
      expect((await readStream(watch(id, offset))).messages).toEqual(after.messages.slice(index + 1));
    }
    // Who was in the middle of the true stream still hears of the end.
    expect((await readStream(watch(id, before.messages[0]?.offset))).messages).toEqual([after.messages[1]]);
  });
});

async function untilItFails(look: () => Promise<unknown>): Promise<string> {
  // Temporal waits before it deletes, so that nothing is written to a run that is gone.
  for (const deadline = Date.now() + 40_000; Date.now() < deadline; ) {
    try {
      await look();
    } catch {
      return "failed";
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  return "still there";
}

describe("many readers", () => {
  it("gives 50 subscribers of one run the same events, late ones included", async () => {
    const { id, taskId, step } = await steppedExecution();
    const readers = Array.from({ length: 25 }, () => readStream(watch(id)));
    step();
    step();
    readers.push(...Array.from({ length: 24 }, () => readStream(watch(id))));
    const attached = readStream(test.client.tasks.executeTask({ id: taskId, configOverride: undefined }));
    await executionReaches(id, "line 2");
    step();
    const ended = await Promise.all(readers);
    for (const { code, messages } of ended) {
      expect(code).toBe("OK");
      expect(messages).toEqual(ended[0]?.messages);
    }
    expect((await attached).executionId).toBe(id);
  });

  it("does not let a reader that stands still stall the others or the run", async () => {
    // 60 events of 60 KB: several times what HTTP/2 and the streams hold between server and client.
    const nodes = Array.from({ length: 60 }, (_, n) => ({
      id: `n${n}`,
      type: "task",
      config: { task_type: "shell", config: { command: "head -c 60000 /dev/zero | tr '\\0' x" } },
    }));
    const definition = JSON.stringify({ version: 1, nodes, edges: [], output: "done" });
    const workflow = await test.client.createWorkflow({ name: "large", definition });
    const call = test.client.workflows.executeWorkflow({ id: workflow.id, input: undefined });
    const running = readStream(call);
    const id = await executionIdOf(call);
    const still = watch(id);
    still.on("error", () => undefined);
    still.pause();
    expect((await running).code).toBe("OK");
    const { messages, code } = await readStream(watch(id));
    expect(code).toBe("OK");
    expect(messages.at(-1)?.eventType).toBe(EventType.EVENT_TYPE_COMPLETED);
    const late = readStream(still);
    still.resume();
    expect((await late).messages).toEqual(messages);
  });
});

async function executionReaches(id: string, line: string, client = test.client): Promise<void> {
  const call = watch(id, undefined, client);
  await new Promise<void>((resolve) => {
    call.on("error", () => undefined);
    call.on("data", ({ data }: Event) => {
      if (data.includes(line)) resolve();
    });
  });
  call.cancel();
}

describe("an API that stops", () => {
  it("ends its streams with UNAVAILABLE and the execution's id, and another goes on with no gap or repeat", async () => {
    const { id, taskId, step } = await steppedExecution();
    step();
    const stopping = await test.startAnother();
    const attachedCall = stopping.client.tasks.executeTask({ id: taskId, configOverride: undefined });
    const attached = readStream(attachedCall);
    const seen: Event[] = [];
    const cut = readStream(watch(id, undefined, stopping.client), (event) => seen.push(event));
    await executionIdOf(attachedCall);
    await executionReaches(id, "line 1", stopping.client);
    const closing = Date.now();
    await stopping.api.close();
    expect(Date.now() - closing).toBeLessThan(10_000);
    stopping.client.close();
    for (const { code, trailers } of [await cut, await attached]) {
      expect([code, trailers.get("execution-id")]).toEqual(["UNAVAILABLE", [id]]);
    }
    expect((await cut).trailers.get("last-offset")).toEqual([seen.at(-1)?.offset]);
    const rest = readStream(watch(id, seen.at(-1)?.offset));
    step();
    step();
    const all = await readStream(watch(id));
    expect([...seen, ...(await rest).messages]).toEqual(all.messages);
    // ExecuteTask has no field for offsets, so they stand in its data.
    const last: string = JSON.parse((await attached).messages.at(-1)?.data ?? "").offset;
    const afterExecute = await readStream(watch(id, last));
    expect([
      ...(await attached).messages.map(({ data }) => JSON.parse(data ?? "").offset),
      ...offsets(afterExecute.messages),
    ]).toEqual(offsets(all.messages));
  });
});

describe("ReadBlob", () => {
  it("streams a blob in order, in chunks of at most 64 KiB", async () => {
    const executionId = parseExecutionId(await finishedExecution("true"));
    const data = randomBytes(200_000);
    await test.store.putBlob({ reference: "b/1", executionId, data });
    const { messages, code } = await readStream<BlobChunk>(test.client.executions.readBlob({ reference: "b/1" }));
    expect(code).toBe("OK");
    expect(messages.map((chunk) => chunk.data.length)).toEqual([65_536, 65_536, 65_536, 3_392]);
    expect(Buffer.concat(messages.map((chunk) => chunk.data)).equals(data)).toBe(true);
  });

  it("refuses an unknown reference and an empty one", async () => {
    const read = (reference: string) => readStream(test.client.executions.readBlob({ reference }));
    expect((await read("nothing")).code).toBe("NOT_FOUND");
    expect((await read("")).error?.violations.map(({ field }) => field)).toEqual(["reference"]);
  });
});

describe("GetExecution", () => {
  it("returns the whole record, and refuses an unknown id", async () => {
    const id = await finishedExecution();
    const execution = await test.client.getExecution(id);
    expect(JSON.parse(execution.output ?? "")).toMatchObject({ exit_code: 0, stdout: "a\n", stderr: "b\n" });
    expect(execution.outputBytes).toBe(Buffer.byteLength(execution.output ?? ""));
    expect((await refusal(test.client.getExecution(UNKNOWN_ID))).code).toBe("NOT_FOUND");
  });
});
