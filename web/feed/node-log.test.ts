import type { JsonObject } from "../../src/core/json";
import type { EventType, ExecutionEvent } from "../../src/events/event-types";
import { NodeLogs, WHOLE } from "./node-log";

let count = 0;
function said(type: EventType, data: JsonObject, nodeId?: string): ExecutionEvent {
  count += 1;
  const timestamp = new Date(1_000 * count).toISOString();
  return { offset: String(count), type, timestamp, data, ...(nodeId === undefined ? {} : { nodeId }) };
}
const output = (text: string, { attempt = 1, stream = "stdout", nodeId = "a" } = {}) =>
  said("OUTPUT", { attempt, stream, text }, nodeId);

function logsOf(...events: readonly ExecutionEvent[]): NodeLogs {
  const logs = new NodeLogs();
  for (const event of events) logs.add(event);
  return logs;
}

describe("what a node says", () => {
  it("is one text where a line came in pieces, and parted where the stream or the attempt changed", () => {
    const logs = logsOf(
      output("on"),
      output("e\n"),
      output("bad", { stream: "stderr" }),
      output("two", { attempt: 2 }),
    );
    expect(logs.of("a")?.entries.map(({ kind, text }) => [kind, text])).toEqual([
      ["stdout", "one\n"],
      ["stderr", "bad"],
      ["stdout", "two"],
    ]);
    expect(logs.attemptsOf("a").map(({ attempt }) => attempt)).toEqual([1, 2]);
  });

  it("keeps the end of much output, and counts what is gone", () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => output(`line ${index} ${"x".repeat(90)}\n`));
    const log = logsOf(...lines).of("a");
    const text = log?.entries.map((entry) => entry.text).join("") ?? "";
    expect(text.length).toBeLessThanOrEqual(64 * 1024);
    expect(text.endsWith(`line 2999 ${"x".repeat(90)}\n`)).toBe(true);
    expect(text.length + (log?.dropped ?? 0)).toBe(
      lines.map(({ data }) => String(data["text"]).length).reduce((a, b) => a + b),
    );
  });

  it("cuts one piece that is larger than all that is kept", () => {
    const log = logsOf(output(`${"a".repeat(70_000)}end`)).of("a");
    expect([log?.entries.length, log?.entries[0]?.text.length, log?.entries[0]?.text.endsWith("end")]).toEqual([
      1,
      65_536,
      true,
    ]);
  });

  it("forgets who spoke first when all of them say too much, and not who speaks", () => {
    const logs = new NodeLogs();
    for (let node = 0; node < 400; node += 1) logs.add(output("y".repeat(60_000), { nodeId: `n${node}` }));
    expect(logs.of("n0")).toMatchObject({ entries: [], dropped: 60_000 });
    expect(logs.of("n399")?.entries[0]?.text.length).toBe(60_000);
  });

  it("tells of tools, progress, retracted attempts and bulk output, and of nothing else", () => {
    const logs = logsOf(
      said("TOOL_CALL", { attempt: 1, call_id: "1", tool: "search", arguments: { q: "x" } }, "a"),
      said("TOOL_RESULT", { attempt: 1, call_id: "1", tool: "search", result: [1], duration_ms: 7 }, "a"),
      said("PROGRESS", { attempt: 1, percent: 40 }, "a"),
      said("PROGRESS", { attempt: 2, retracted_attempt: 1 }, "a"),
      said("OUTPUT", { attempt: 2, stream: "stdout", reference: "r", bytes: 99 }, "a"),
      said("NODE_COMPLETED", { status: "completed", attempt: 2 }, "a"),
      said("CHECKPOINT", {}),
    );
    const log = logs.of("a");
    expect(log?.entries.map(({ text }) => text)).toEqual([
      '→ search {"q":"x"}',
      "← search [1] (7 ms)",
      "attempt 1 no longer counts; attempt 2 speaks",
      "stdout",
    ]);
    expect([log?.percent, log?.entries.at(-1)?.reference, logs.of(WHOLE)]).toEqual([40, "r", undefined]);
  });
});
