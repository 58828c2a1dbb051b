import type { JsonObject } from "../../core/json";
import { columnsOf } from "../../core/text-columns";
import type { EventType, ExecutionEvent } from "../../events/event-types";
import { liveLines } from "./live-lines";
import { PlainLines } from "./plain-lines";
import { type Progress, ProgressFold } from "./progress";

const START = new Date(2026, 10, 22, 12, 0, 0).getTime();

/** An event so many milliseconds after the start. */
function event(
  ms: number,
  type: EventType,
  nodeId: string | undefined,
  data: JsonObject,
  error?: string,
): ExecutionEvent {
  return {
    offset: String(ms),
    type,
    timestamp: new Date(START + ms).toISOString(),
    data: { execution_id: "e1", ...data },
    ...(nodeId === undefined ? {} : { nodeId }),
    ...(error === undefined ? {} : { error }),
  };
}

const GRAPH: readonly ExecutionEvent[] = [
  event(0, "STARTED", undefined, { definition_hash: "h", input: {} }),
  event(10, "NODE_ENTERED", "build", { node_type: "task" }),
  event(11, "NODE_ENTERED", "lint", { node_type: "task" }),
  event(200, "OUTPUT", "build", { stream: "stdout", text: "compiling\nlink", attempt: 1, sequence: 1 }),
  event(300, "OUTPUT", "build", { stream: "stdout", text: "ing\n", attempt: 1, sequence: 2 }),
  event(400, "OUTPUT", "lint", { stream: "stderr", text: "\u001b[31mwarning\u001b[0m", attempt: 2, sequence: 1 }),
  event(500, "NODE_COMPLETED", "lint", { node_type: "task", status: "failed", duration_ms: 489 }, "exit code 1"),
  event(1_210, "NODE_COMPLETED", "build", { node_type: "task", status: "completed", duration_ms: 1_200, output: 1 }),
  event(1_215, "CHECKPOINT", undefined, { run_id: "r", event_id: 9, completed: ["build"] }),
  event(1_300, "FAILED", undefined, { code: "SHELL_EXIT_CODE", node_id: "lint" }, "exit code 1"),
];

function fold(events: readonly ExecutionEvent[]): Progress {
  const folded = new ProgressFold();
  for (const each of events) folded.add(each);
  return folded.progress();
}

const style = { columns: 80, rows: 20, color: false, label: "task" };

describe("the live view", () => {
  test("has a line for each node with state, duration, attempt and last line", () => {
    expect(liveLines(fold(GRAPH.slice(0, 6)), style, START + 1_010, 0)).toEqual([
      "⠋ build  running      1.0s  ing",
      "⠋ lint   running     999ms  attempt 2  warning",
    ]);
    expect(liveLines(fold(GRAPH), style, START + 9_000, 0)).toEqual([
      "✓ build  completed    1.2s  ing",
      "✗ lint   failed      489ms  attempt 2  exit code 1",
    ]);
  });

  test("is never wider than the terminal", () => {
    for (let columns = 4; columns < 60; columns += 1) {
      const lines = liveLines(fold(GRAPH), { ...style, columns }, START, 3);
      for (const line of lines) expect(columnsOf(line)).toBeLessThan(columns);
    }
  });

  test("shows what runs or failed when not all nodes fit", () => {
    const many = Array.from({ length: 30 }, (_, index) => [
      event(index, "NODE_ENTERED", `n${index}`, { node_type: "task" }),
      ...(index === 4 ? [] : [event(index, "NODE_COMPLETED", `n${index}`, { status: "completed", duration_ms: 1 })]),
    ]).flat();
    const lines = liveLines(fold(many), { ...style, rows: 4 }, START + 100, 0);
    expect(lines.map((line) => line.split(/\s+/)[1])).toEqual(["n4", "n28", "n29", "and"]);
    expect(lines[3]).toBe("  and 27 more");
  });

  test("colours only the sign, and only where colours are welcome", () => {
    const [line] = liveLines(fold(GRAPH), { ...style, color: true }, START, 0);
    expect(line).toBe("\u001b[32m✓\u001b[0m build  completed    1.2s  ing");
  });

  test("shows a task's execution under its title", () => {
    const progress = fold([
      event(0, "STARTED", undefined, { task_type: "shell", input: {} }),
      event(5, "PROGRESS", undefined, { attempt: 2, percent: 50.4, message: "half" }),
      event(2_000, "COMPLETED", undefined, { output: { exit_code: 0 } }),
    ]);
    expect(liveLines(progress, { ...style, label: "hello" }, START, 0)).toEqual([
      "✓ hello  completed    2.0s  attempt 2  50% half",
    ]);
    expect(progress.outcome).toEqual({ status: "completed", output: { exit_code: 0 }, outputBytes: undefined });
  });

  test("shows no duration for what was skipped", () => {
    const progress = fold([event(10, "NODE_COMPLETED", "load", { status: "skipped", duration_ms: 0 })]);
    expect(liveLines(progress, style, START + 9_000, 0)).toEqual(["- load  skipped"]);
    expect(progress.nodes[0]?.durationMs).toBe(0);
  });

  test("marks what was stopped along with the run", () => {
    const progress = fold([
      ...GRAPH.slice(0, 3),
      event(900, "FAILED", undefined, { code: "CANCELLED" }, "cancelled by a client"),
    ]);
    expect(progress.nodes.map(({ state }) => state)).toEqual(["cancelled", "cancelled"]);
    expect(progress.outcome).toMatchObject({ status: "cancelled", error: "cancelled by a client" });
  });
});

describe("plain lines", () => {
  test("say what happens, one line each, and put lines of output together", () => {
    const plain = new PlainLines();
    expect(GRAPH.flatMap((each) => plain.lines(each))).toEqual([
      "12:00:00 started e1",
      "12:00:00 build  started",
      "12:00:00 lint   started",
      "12:00:00 build  | compiling",
      "12:00:00 build  | linking",
      "12:00:00 lint   ! warning",
      "12:00:00 lint   failed 489ms: exit code 1",
      "12:00:01 build  completed 1.2s",
      "12:00:01 failed at lint 1.3s: exit code 1",
    ]);
  });

  test("say no duration of what was skipped", () => {
    const skipped = event(10, "NODE_COMPLETED", "load", { status: "skipped", duration_ms: 0 });
    expect(new PlainLines().lines(skipped)).toEqual(["12:00:00 load  skipped"]);
  });

  test("name tools, retracted attempts and bulk output", () => {
    const plain = new PlainLines();
    const events = [
      event(0, "TOOL_CALL", "ask", { call_id: "1", tool: "search", arguments: { q: "x" } }),
      event(0, "TOOL_RESULT", "ask", { call_id: "1", tool: "search", result: [], duration_ms: 20 }),
      event(0, "TOOL_RESULT", "ask", { call_id: "1", tool: "search", error: "no", duration_ms: 20 }),
      event(0, "PROGRESS", "ask", { retracted_attempt: 1, attempt: 2 }),
      event(0, "OUTPUT", "ask", { stream: "stdout", reference: "b/1", bytes: 100_000 }),
    ];
    expect(events.flatMap((each) => plain.lines(each))).toEqual([
      '12:00:00 ask  calls search {"q":"x"}',
      "12:00:00 ask  search answered 20ms",
      '12:00:00 ask  search failed 20ms: "no"',
      "12:00:00 ask  attempt 1 no longer counts",
      "12:00:00 ask  | (100000 bytes: b/1)",
    ]);
  });

  test("show a line that never ends when it gets long", () => {
    const plain = new PlainLines();
    expect(plain.lines(event(0, "OUTPUT", "a", { stream: "stdout", text: "x".repeat(8_192) }))).toEqual([]);
    expect(plain.lines(event(0, "OUTPUT", "a", { stream: "stdout", text: "y" }))).toEqual([
      `12:00:00 a  | ${"x".repeat(8_192)}y`,
    ]);
  });
});
