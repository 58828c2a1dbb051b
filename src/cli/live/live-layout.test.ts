import { fc } from "../../../tests/property";
import type { JsonObject } from "../../core/json";
import type { ExecutionEvent } from "../../events/event-types";
import { ASCII_GLYPHS, UNICODE_GLYPHS } from "./glyphs";
import { LiveFold } from "./live-fold";
import { layoutLive, type Size } from "./live-layout";
import { FIRST_UI, type LiveUi, pressKey } from "./live-ui";
import { type RetryState, rowsOf } from "./rows";
import { skeletonOf } from "./skeleton";
import { columnsOfLine, textOfLine } from "./span";

const NOW_MS = Date.parse("2026-01-01T00:01:00Z");

let events = 0;

function event(type: ExecutionEvent["type"], nodeId: string | undefined, data: JsonObject = {}): ExecutionEvent {
  events += 1;
  const timestamp = new Date(NOW_MS - 30_000 + (events % 20_000)).toISOString();
  return {
    offset: String(events).padStart(9, "0"),
    type,
    timestamp,
    data: { execution_id: "e", ...data },
    ...(nodeId === undefined ? {} : { nodeId }),
  };
}

const definition = {
  timeout: "30m",
  nodes: [
    { id: "build", type: "task", config: { task_type: "shell", config: { command: "make" } } },
    {
      id: "shards",
      type: "map",
      config: {
        items: "[1, 2, 3]",
        body: { nodes: [{ id: "test", type: "task", config: { task_type: "shell", config: { command: "t" } } }] },
      },
    },
    { id: "release", type: "approval", config: { message: "Release?" } },
  ],
  edges: [
    { source: "build", target: "shards" },
    { source: "shards", target: "release" },
  ],
};

const record = {
  executionId: "0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
  name: "ship it",
  of: "workflow v1",
  links: ["team=web"],
};

interface Shown {
  readonly events: readonly ExecutionEvent[];
  readonly ui?: Partial<LiveUi>;
  readonly retries?: ReadonlyMap<string, RetryState>;
  readonly isAscii?: boolean;
  readonly definition?: unknown;
}

function sourceOf({ events: given, ui: change = {}, retries = new Map(), isAscii = false, ...rest }: Shown) {
  const fold = new LiveFold();
  for (const one of given) fold.add(one);
  const model = fold.model();
  const skeleton = skeletonOf("definition" in rest ? rest.definition : definition);
  const ui = { ...FIRST_UI, ...change };
  const rows = rowsOf({ model, skeleton, retries }, ui);
  const glyphs = isAscii ? ASCII_GLYPHS : UNICODE_GLYPHS;
  return {
    model,
    skeleton,
    retries,
    rows,
    ui,
    record,
    connection: { state: "connected" } as const,
    glyphs,
    isInside: false,
  };
}

function screenOf(shown: Shown, size: Size): readonly string[] {
  return layoutLive(sourceOf(shown), size, NOW_MS, 0).lines.map((one) => textOfLine(one).trimEnd());
}

const STARTED = () => event("STARTED", undefined, { definition_hash: "h", input: {} });
const entered = (id: string, type = "task", input: JsonObject = {}) =>
  event("NODE_ENTERED", id, { node_type: type, input });
const completed = (id: string, type = "task", data: JsonObject = {}) =>
  event("NODE_COMPLETED", id, { node_type: type, status: "completed", duration_ms: 1_200, ...data });
const output = (id: string, text: string) => event("OUTPUT", id, { stream: "stdout", text, attempt: 1, sequence: 1 });

const IN_THE_MIDDLE = () => [
  STARTED(),
  entered("build"),
  output("build", "compiling\nlinking\n"),
  completed("build", "task", { output: { usage: { input_tokens: 1_000, output_tokens: 234, cost_usd: 0.5 } } }),
  entered("shards", "map", { items: 3 }),
  entered("test[0]"),
  entered("test[1]"),
  output("test[1]", "half a li"),
  event("NODE_COMPLETED", "test[0]", { node_type: "task", status: "failed", code: "X", duration_ms: 5 }),
  entered("release", "approval", { message: "Release it?", approvers: ["ann"], schema: { type: "object" } }),
];

describe("the screen", () => {
  test("cuts ids that take too much of a narrow terminal, so that states stand below each other", () => {
    const nodes = ["short", "an_id_of_thirty_two_characters__"].map((id) => ({
      id,
      type: "transform",
      config: { output: 1 },
    }));
    const lines = screenOf({ events: [STARTED()], definition: { nodes, edges: [] } }, { columns: 60, rows: 24 });
    const [short = "", long = ""] = lines.filter((one) => one.includes(" pending"));
    expect(long).toContain("an_id_of_thirty_two_cha… pending");
    expect(short.indexOf(" pending")).toBe(long.indexOf(" pending"));
  });

  test("shows each node with its state, what it waits for and what it said last", () => {
    const lines = screenOf({ events: IN_THE_MIDDLE(), ui: { selected: "release" } }, { columns: 100, rows: 24 });
    expect(lines[0]).toMatch(/^ship it {2}RUNNING {2}\S+ +out of time in 29m/);
    expect(lines[1]).toMatch(/^2 running {2}1 waiting {2}1 failed {2}1 completed +1,234 tokens {2}\$0\.5000$/);
    expect(lines[2]).toMatch(/^workflow v1 +0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f$/);
    expect(lines[3]).toBe("team=web");
    expect(lines[4]).toMatch(/^ ✓ {3}build +task +completed +1\.2s {2}linking$/);
    expect(lines[5]).toMatch(/^ ⠋ ▾ shards +map +running .* 3 items$/);
    expect(lines[6]).toMatch(/^ ⠋ {3}▸ test +task +running .* 0\/3 done, 1 running, 1 failed {2}half a li$/);
    expect(lines[7]).toMatch(/^› ?◆ {3}release +approval {2}waiting .* approval {2}Release it\?$/);
    expect(lines).toContain("a answers it, with a form; may answer: ann");
    expect(lines.at(-1)).toContain("? help  q detach  p pause  a answer");
  });

  test("follows what happens, until something is selected", () => {
    const following = screenOf(
      { events: [STARTED(), entered("build"), entered("shards", "map")] },
      { columns: 80, rows: 24 },
    );
    expect(following.find((one) => one.startsWith("›"))).toContain("shards");
    const chosen = screenOf(
      { events: [STARTED(), entered("build"), entered("shards", "map")], ui: { selected: "build" } },
      { columns: 80, rows: 24 },
    );
    expect(chosen.find((one) => one.startsWith("›"))).toContain("build");
  });

  test("says when the next attempt begins, and why there is one", () => {
    const retries = new Map([
      ["build", { attempt: 3, maxAttempts: 5, nextAtMs: NOW_MS + 4_200, error: "exit code 7" }],
    ]);
    const lines = screenOf({ events: [STARTED(), entered("build")], retries }, { columns: 90, rows: 24 });
    expect(lines.some((one) => /build +task +retrying .* attempt 3 of 5 in 4\.2s {2}exit code 7/.test(one))).toBe(true);
    expect(lines).toContain("the last attempt failed: exit code 7");
  });

  test("says that it is paused, by whom, and where", () => {
    const control = (fields: JsonObject) => event("PROGRESS", undefined, { control: fields, message: "x" });
    const paused = screenOf(
      { events: [STARTED(), control({ action: "pause", by: "alice" })] },
      { columns: 80, rows: 12 },
    );
    expect(paused[0]).toContain("PAUSED by alice");
    expect(paused.at(-1)).toContain("p resume  s step");
    const stopped = screenOf(
      { events: [STARTED(), control({ action: "break", node_id: "build" })] },
      { columns: 80, rows: 12 },
    );
    expect(stopped[0]).toContain("PAUSED before build");
    const resumed = [control({ action: "pause" }), control({ action: "resume" })];
    expect(screenOf({ events: [STARTED(), ...resumed] }, { columns: 80, rows: 12 })[0]).toContain("RUNNING");
    const moved = control({ action: "update", deadline: new Date(NOW_MS + 90_000).toISOString() });
    expect(screenOf({ events: [STARTED(), moved] }, { columns: 80, rows: 12 })[0]).toMatch(/out of time in 1m30s$/);
  });

  test("tells how it ended, and where it failed", () => {
    const failed = {
      ...event("FAILED", undefined, { code: "SHELL_EXIT_CODE", node_id: "build" }),
      error: "exit code 1",
    };
    const [title] = screenOf({ events: [STARTED(), entered("build"), failed] }, { columns: 80, rows: 24 });
    expect(title).toMatch(/^ship it {2}FAILED at build: SHELL_EXIT_CODE/);
  });

  test("shows the execution of a task as one node", () => {
    const started = event("STARTED", undefined, { task_type: "shell", input: {} });
    const said = event("OUTPUT", undefined, { stream: "stdout", text: "hello\n", attempt: 1, sequence: 1 });
    const lines = screenOf({ events: [started, said], definition: {} }, { columns: 80, rows: 12 });
    expect(lines.some((one) => /task +shell +running .* hello$/.test(one))).toBe(true);
    const ended = event("COMPLETED", undefined, { output: { exit_code: 0 } });
    const done = screenOf({ events: [started, said, ended], definition: {} }, { columns: 80, rows: 12 });
    expect(done[0]).toContain("COMPLETED");
    expect(done.some((one) => /✓ +task +shell +completed/.test(one))).toBe(true);
  });

  test("tells of a node that it was reused from another execution", () => {
    const given = [STARTED(), completed("build", "task", { reused_from: "0194f1c0", output: 1 })];
    const lines = screenOf({ events: given }, { columns: 80, rows: 24 });
    expect(lines.some((one) => /✓ +build +task +completed .* reused from 0194f1c0$/.test(one))).toBe(true);
  });

  test("is in ASCII where the terminal shows no more", () => {
    const lines = screenOf({ events: IN_THE_MIDDLE(), isAscii: true }, { columns: 100, rows: 24 });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is the range of ASCII.
    expect(lines.filter((one) => !/^[\u0000-\u007f]*$/.test(one))).toEqual([]);
  });

  test("lets nothing that a node prints move the cursor", () => {
    const said = output("build", "\u001b[2J\u001b]0;owned\u0007text\tafter\n");
    const lines = screenOf({ events: [STARTED(), entered("build"), said] }, { columns: 80, rows: 24 });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
    expect(lines.filter((one) => /[\u0000-\u001f\u007f-\u009f]/.test(one))).toEqual([]);
    expect(lines).toContain("text    after");
  });
});

const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 120 }),
  fc.constant("漢字".repeat(60)),
  fc.constant("a\nb\r\n\tc\u001b[2J"),
);
const anyId = fc.constantFrom(
  "build",
  "shards",
  "test[0]",
  "test[1]",
  "test[2]",
  "release",
  "other",
  "other#2",
  undefined,
);
const anyEvent = fc
  .record({
    type: fc.constantFrom(
      "NODE_ENTERED",
      "NODE_COMPLETED",
      "OUTPUT",
      "PROGRESS",
      "TOOL_CALL",
      "TOOL_RESULT",
      "CHECKPOINT",
      "FAILED",
    ),
    nodeId: anyId,
    text: anyText,
    nodeType: fc.constantFrom("task", "map", "approval", "signal", "wait"),
    status: fc.constantFrom("completed", "failed", "skipped", "cancelled"),
    action: fc.constantFrom("pause", "resume", "break", "update", "skip"),
  })
  .map(({ type, nodeId, text, nodeType, status, action }) => {
    const control = nodeId === undefined && type === "PROGRESS" ? { control: { action, by: text, node_id: text } } : {};
    const input = { message: text, name: text, until: "2026-01-01T01:00:00Z", items: 3 };
    const data = {
      node_type: nodeType,
      status,
      text,
      message: text,
      tool: text,
      input,
      output: { text },
      code: text,
      attempt: 2,
    };
    return { ...event(type as ExecutionEvent["type"], nodeId, { ...data, ...control }), error: text };
  });
const anyKey = fc.constantFrom(
  ...["up", "down", "left", "right", "pageup", "pagedown", "home", "end", "return", "escape", "space", "backspace"],
  ...["?", "/", "f", ".", "p", "s", "a", "S", "R", "X", "C", "o", "y", "n", "x", "t", "e"],
);

test("is never wider or taller than the terminal, whatever happened and whatever was typed", () => {
  const size = fc.record({ columns: fc.integer({ min: 0, max: 130 }), rows: fc.integer({ min: 0, max: 40 }) });
  fc.assert(
    fc.property(
      fc.array(anyEvent, { maxLength: 30 }),
      fc.array(anyKey, { maxLength: 12 }),
      size,
      fc.boolean(),
      (given, keys, { columns, rows }, isAscii) => {
        let source = sourceOf({ events: [STARTED(), ...given], isAscii });
        for (const key of keys) {
          const { ui } = pressKey(source.ui, key, { rows: source.rows, model: source.model, height: 5 });
          source = { ...source, ui, rows: rowsOf(source, ui) };
        }
        const { lines, top } = layoutLive(source, { columns, rows }, NOW_MS, 3);
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const one of lines) expect(columnsOfLine(one)).toBeLessThanOrEqual(columns);
        for (const one of lines)
          expect(["\n", "\t", "\u001b"].some((mark) => textOfLine(one).includes(mark))).toBe(false);
        expect(top).toBeGreaterThanOrEqual(0);
        const shownNodes = lines.filter(({ isSelected }) => isSelected === true).length;
        expect(shownNodes).toBeLessThanOrEqual(1);
      },
    ),
  );
});

test("shows the selected node wherever it is, among two thousand", () => {
  const nodes = Array.from({ length: 2_000 }, (_, index) => ({
    id: `n${index}`,
    type: "transform",
    config: { output: index },
  }));
  const shown = [
    STARTED(),
    ...nodes.flatMap(({ id }) => [entered(id, "transform"), output(id, `${id}\n`), completed(id, "transform")]),
  ];
  const fold = new LiveFold();
  for (const one of shown) fold.add(one);
  const source = { ...sourceOf({ events: [], definition: { nodes } }), model: fold.model() };
  for (const selected of [..."0123456789"].flatMap((digit) => [`n${digit}`, `n199${digit}`])) {
    const ui = { ...FIRST_UI, selected };
    const rows = rowsOf({ ...source, model: fold.model() }, ui);
    const { lines } = layoutLive({ ...source, rows, ui }, { columns: 80, rows: 24 }, NOW_MS, 1);
    expect(
      lines
        .find(({ isSelected }) => isSelected === true)
        ?.spans.map(({ text }) => text)
        .join(""),
    ).toContain(selected);
    expect(rows).toHaveLength(2_000);
  }
});
