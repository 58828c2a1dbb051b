import type { ExecutionEvent } from "../../events/event-types";
import { LiveFold } from "./live-fold";
import { FIRST_UI, type LiveUi, pressKey, selectedIndex } from "./live-ui";
import { rowsOf } from "./rows";
import { EMPTY_SKELETON } from "./skeleton";

function eventsOf(
  ...given: readonly (readonly [ExecutionEvent["type"], string | undefined, object])[]
): ExecutionEvent[] {
  return given.map(([type, nodeId, data], index) => ({
    offset: String(index).padStart(4, "0"),
    type,
    timestamp: "2026-01-01T00:00:00.000Z",
    data: { execution_id: "e", ...data },
    ...(nodeId === undefined ? {} : { nodeId }),
  }));
}

const GRAPH = eventsOf(
  ["STARTED", undefined, { definition_hash: "h" }],
  ["NODE_ENTERED", "a", { node_type: "task" }],
  ["NODE_ENTERED", "b[0]", { node_type: "task" }],
  ["NODE_ENTERED", "b[1]", { node_type: "task" }],
  ["NODE_ENTERED", "ask", { node_type: "approval", input: { message: "?" } }],
  ["NODE_ENTERED", "c", { node_type: "task" }],
);

function typing(keys: readonly string[], given: readonly ExecutionEvent[] = GRAPH) {
  const fold = new LiveFold();
  for (const one of given) fold.add(one);
  const model = fold.model();
  const source = { model, skeleton: EMPTY_SKELETON, retries: new Map() };
  let ui: LiveUi = FIRST_UI;
  const requests: unknown[] = [];
  for (const key of keys) {
    const answer = pressKey(ui, key, { rows: rowsOf(source, ui), model, height: 10 });
    ui = answer.ui;
    if (answer.request !== undefined) requests.push(answer.request);
  }
  const rows = rowsOf(source, ui);
  return {
    ui,
    requests,
    rows,
    labels: rows.map(({ label }) => label),
    selected: rows[selectedIndex(ui, rows, model)]?.label,
  };
}

describe("keys", () => {
  test("move, and stop at both ends", () => {
    expect(typing([]).selected).toBe("c");
    expect(typing(["home", "down"]).selected).toBe("b");
    expect(typing(["home", "up"]).selected).toBe("a");
    expect(typing(["end", "down"]).selected).toBe("c");
    expect(typing(["home", "."]).selected).toBe("c");
  });

  test("unfold and fold a node that has several runs", () => {
    expect(typing([]).labels).toEqual(["a", "b", "ask", "c"]);
    const open = typing(["home", "down", "right"]);
    expect(open.labels).toEqual(["a", "b", "b[0]", "b[1]", "ask", "c"]);
    expect(typing(["home", "down", "right", "down", "left"]).selected).toBe("b");
    expect(typing(["home", "down", "right", "left"]).labels).toEqual(["a", "b", "ask", "c"]);
    expect(typing(["home", "down", "space"]).labels).toEqual(open.labels);
  });

  test("show what matches, and all again", () => {
    expect(typing(["/", "b", "[", "1"]).labels).toEqual(["b[1]"]);
    expect(typing(["/", "b", "x", "backspace", "return"]).labels).toEqual(["b[0]", "b[1]"]);
    expect(typing(["/", "b", "return", "escape"]).labels).toEqual(["a", "b", "ask", "c"]);
    expect(typing(["f", "f"]).labels).toEqual([]);
  });

  test("steer the execution, and ask before what cannot be taken back", () => {
    expect(typing(["p"]).requests).toEqual([{ type: "pause" }]);
    expect(typing(["home", "R"]).requests).toEqual([{ type: "retry", nodeId: "a" }]);
    expect(typing(["home", "S"]).requests).toEqual([]);
    expect(typing(["home", "S"]).ui.question?.text).toBe("skip a?");
    expect(typing(["home", "S", "y"]).requests).toEqual([{ type: "skip", nodeId: "a" }]);
    expect(typing(["home", "S", "n"])).toMatchObject({ requests: [], ui: { question: null, notice: "left as it is" } });
    expect(typing(["home", "X", "y"]).requests).toEqual([{ type: "cancel_node", nodeId: "a" }]);
    expect(typing(["C", "y"]).requests).toEqual([{ type: "cancel" }]);
    expect(typing(["s"])).toMatchObject({ requests: [], ui: { notice: expect.stringContaining("not paused") } });
  });

  test("answer the approval that waits, whatever is selected", () => {
    expect(typing(["home", "a"])).toMatchObject({ requests: [{ type: "answer", nodeId: "ask" }], selected: "ask" });
    const none = eventsOf(["STARTED", undefined, {}], ["NODE_ENTERED", "a", { node_type: "task" }]);
    expect(typing(["a"], none)).toMatchObject({ requests: [], ui: { notice: "no approval waits" } });
  });

  test("resume what is paused, and take a step", () => {
    const paused = [...GRAPH, ...eventsOf(["PROGRESS", undefined, { control: { action: "pause", by: "alice" } }])];
    expect(typing(["p"], paused).requests).toEqual([{ type: "resume" }]);
    expect(typing(["s"], paused).requests).toEqual([{ type: "step" }]);
  });

  test("steer nothing that has ended", () => {
    const ended = [...GRAPH, ...eventsOf(["COMPLETED", undefined, { output: 1 }])];
    for (const key of ["p", "a", "R", "S", "X", "C"])
      expect(typing([key], ended)).toMatchObject({
        requests: [],
        ui: { notice: expect.stringContaining("has ended") },
      });
  });

  test("leave from wherever one is, and go back one step with Escape", () => {
    expect(typing(["q"]).requests).toEqual([{ type: "quit" }]);
    expect(typing(["/", "q", "ctrl-c"]).requests).toEqual([{ type: "quit" }]);
    expect(typing(["?", "q"])).toMatchObject({ requests: [], ui: { isHelp: false } });
    expect(typing(["return", "escape"])).toMatchObject({ requests: [], ui: { isZoomed: false } });
    expect(typing(["ctrl-z"]).requests).toEqual([{ type: "suspend" }]);
  });
});
