import fs from "node:fs";
import path from "node:path";
import type { Definition, Edge, GraphNode } from "../graph-types";
import { EVENTS } from "./costs";
import { worstCase } from "./worst-case";

const run = (id: string, more: Partial<GraphNode> = {}): GraphNode =>
  ({ id, type: "task", config: { task_type: "shell", config: { command: "true" } }, ...more }) as GraphNode;
const edge = (source: string, target: string, more: Partial<Edge> = {}): Edge => ({ source, target, ...more });

function definition(nodes: readonly GraphNode[], edges: readonly Edge[] = [], more: Partial<Definition> = {}) {
  return { version: 1, nodes, edges, ...more } satisfies Definition;
}

const rowsOf = (source: Definition) => new Map(worstCase(source).nodes.map((row) => [`${row.type} ${row.id}`, row]));

describe("the worst case", () => {
  test("of a chain is one task at once, and of branches as many as there are", () => {
    const nodes = [run("a"), run("b"), run("c")];
    expect(worstCase(definition(nodes, [edge("a", "b"), edge("b", "c")])).atOnce.activities).toBe(1);
    expect(worstCase(definition(nodes, [edge("a", "c"), edge("b", "c")])).atOnce.activities).toBe(2);
  });

  test("counts what goes on behind a join that does not wait for it", () => {
    const nodes = [run("a"), run("b"), run("c", { join: "any" })];
    expect(worstCase(definition(nodes, [edge("a", "c"), edge("b", "c")])).atOnce.activities).toBe(3);
  });

  test("adds no events for retries, only attempts", () => {
    const once = worstCase(definition([run("a")]));
    const often = worstCase(definition([run("a", { retry: { max_attempts: 50 } })]));
    expect(often.total.events).toBe(once.total.events);
    expect([once.nodes[0]?.attempts, often.nodes[0]?.attempts]).toEqual([1, 50]);
  });

  test("multiplies maps in loops, and has the concurrency of each at once", () => {
    const inner: GraphNode = {
      id: "inner",
      type: "map",
      config: { items: ["a", "b", "c"], concurrency: 2, body: { nodes: [run("step"), run("side")], edges: [] } },
    };
    const outer: GraphNode = {
      id: "outer",
      type: "map",
      config: { items: "input.list", body: { nodes: [inner], edges: [] } },
    };
    const loop: GraphNode = {
      id: "again",
      type: "loop",
      config: { until: "false", max_iterations: 7, delay: "1m", body: { nodes: [outer], edges: [] } },
    };
    const rows = rowsOf(definition([loop]));
    expect(rows.get("map outer")).toMatchObject({ runs: 7, depth: 1, pointer: "/nodes/0/config/body/nodes/0" });
    expect(rows.get("map inner")).toMatchObject({ runs: 70_000 });
    expect(rows.get("task step")).toMatchObject({ runs: 210_000, activities: 210_000, depth: 3 });
    expect(worstCase(definition([loop])).atOnce).toMatchObject({ activities: 40, timers: 1 });
    expect(rows.get("loop again")).toMatchObject({ timers: 6 });
  });

  test("takes the task of a map for a node in its body", () => {
    const call = { task_type: "shell", config: { command: "true" } };
    const rows = rowsOf(definition([{ id: "m", type: "map", config: { items: ["a", "b"], task: call } }]));
    expect(rows.get("task m")).toMatchObject({ runs: 2, pointer: "/nodes/0/config/task" });
    expect(rows.get("map m")).toMatchObject({ runs: 1, activities: 0 });
  });

  test("runs again what a back edge leads to, and what comes after that", () => {
    const nodes = [run("a"), run("b"), run("c"), run("d")];
    const edges = [edge("a", "b"), edge("b", "c"), edge("c", "d"), edge("c", "b", { loop: true, max: 4 })];
    const rows = worstCase(definition(nodes, edges)).nodes;
    expect(rows.map(({ runs }) => runs)).toEqual([1, 5, 5, 5]);
  });

  test("undoes every run of a task", () => {
    const call = { task_type: "shell", config: { command: "undo" } };
    expect(worstCase(definition([run("a", { compensate: call })])).total.activities).toBe(2);
  });

  test("does not add up what comes one after the other: the graph, then `on_failure`, then `finally`", () => {
    const graph = { nodes: [run("x"), run("y"), run("z")], edges: [] };
    const worst = worstCase(definition([run("a"), run("b")], [], { finally: graph }));
    expect(worst.atOnce.activities).toBe(3);
    expect(worst.total.activities).toBe(5);
  });
});

describe("the longest duration", () => {
  test("is that of all attempts with their waits, or the node's total", () => {
    const retried = { timeout: "1m", retry: { max_attempts: 3, initial_interval: "1s", backoff: 2 } };
    expect(worstCase(definition([run("a", retried)])).longestMs).toBe(183_000);
    const total = { ...retried, timeout: { attempt: "1m", total: "2m" } };
    expect(worstCase(definition([run("a", total)])).longestMs).toBe(120_000);
  });

  test("takes the definition's defaults where neither the config nor the node says anything", () => {
    const defaults = { retry: { max_attempts: 2, initial_interval: "1s" }, timeout: "1m" };
    expect(worstCase(definition([run("a")], [], { defaults })).longestMs).toBe(121_000);
    const own = { config: { task_type: "shell", config: { command: "true", timeout: "2m" } } };
    expect(worstCase(definition([run("a", own)], [], { defaults })).longestMs).toBe(241_000);
    expect(worstCase(definition([run("a", { ...own, timeout: "3m" })], [], { defaults })).longestMs).toBe(361_000);
  });

  test("is the longest way through the graph", () => {
    const nodes: GraphNode[] = [
      run("a", { timeout: "1m" }),
      run("b", { timeout: "2m" }),
      { id: "c", type: "wait", config: { duration: "10m" } },
    ];
    expect(worstCase(definition(nodes, [edge("a", "b")])).longestMs).toBe(600_000);
    expect(worstCase(definition(nodes, [edge("a", "b"), edge("b", "c")])).longestMs).toBe(780_000);
  });

  test("goes through a map in rounds, and through a loop with its delays", () => {
    const body = { nodes: [run("step", { timeout: "1m" })], edges: [] };
    const map: GraphNode = { id: "m", type: "map", config: { items: ["a", "b", "c"], concurrency: 2, body } };
    expect(worstCase(definition([map])).longestMs).toBe(120_000);
    const loop: GraphNode = {
      id: "l",
      type: "loop",
      config: { until: "false", max_iterations: 3, delay: "10s", body },
    };
    expect(worstCase(definition([loop])).longestMs).toBe(200_000);
  });

  test("takes more where more is ready than the engine lets run at once", () => {
    const tasks = (count: number) => Array.from({ length: count }, (_, at) => run(`t${at}`, { timeout: "10m" }));
    expect(worstCase(definition(tasks(1_000))).longestMs).toBe(600_000);
    expect(worstCase(definition(tasks(1_500))).longestMs).toBe(1_500_000);
    const wait: GraphNode = { id: "w", type: "wait", config: { duration: "1m" } };
    const items = Array.from({ length: 1_000 }, () => 1);
    const map = (id: string): GraphNode => {
      const body = { nodes: [{ ...wait, id: `w_${id}` }], edges: [] };
      return { id, type: "map", config: { items, concurrency: 1_000, body } };
    };
    expect(worstCase(definition([map("a"), map("b")])).longestMs).toBe(60_000);
    expect(worstCase(definition([map("a"), map("b"), map("c")])).longestMs).toBe(150_000);
    expect(worstCase(definition([map("a"), map("b"), map("c")], [edge("a", "b")])).longestMs).toBe(120_000);
    const handled = worstCase(
      definition([run("a", { timeout: "1m" })], [], { finally: { nodes: tasks(2_000), edges: [] } }),
    );
    expect(handled.longestMs).toBe(60_000 + 600_000 + 1_200_000);
  });

  test("is unknown where a person or a template decides, unless the run has a timeout", () => {
    const ask: GraphNode = { id: "ask", type: "approval", config: { message: "go on?" } };
    expect(worstCase(definition([ask])).longestMs).toBeNull();
    expect(worstCase(definition([ask], [], { timeout: "2h" })).longestMs).toBe(7_200_000);
    const wait: GraphNode = { id: "w", type: "wait", config: { duration: "${{ input.pause }}" } };
    expect(worstCase(definition([wait])).longestMs).toBeNull();
  });
});

describe("payloads", () => {
  test("are known where nothing hangs on the input", () => {
    const fixed: GraphNode = { id: "t", type: "transform", config: { output: { a: 1 } } };
    expect(worstCase(definition([fixed])).nodes[0]?.output).toEqual({ bytes: 7, isKnown: true });
    const open: GraphNode = { id: "t", type: "transform", config: { output: "${{ input.a }}" } };
    expect(worstCase(definition([open])).nodes[0]?.output).toEqual({ bytes: 2_031_616, isKnown: false });
  });
});

describe("what things cost", () => {
  const folder = path.join(__dirname, "../../../tests/replay/histories");
  const histories = fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\bgraph-[^/]*\.json$/.test(name));

  test.each(histories)("bounds the recorded history %s", (file) => {
    const { history } = JSON.parse(fs.readFileSync(path.join(folder, file), "utf8")) as {
      readonly history: { readonly events: readonly { readonly eventType: string }[] };
    };
    const count = (type: string) => history.events.filter(({ eventType }) => eventType.endsWith(`_${type}`)).length;
    const bound =
      EVENTS.run +
      count("ACTIVITY_TASK_SCHEDULED") * EVENTS.activity +
      count("START_CHILD_WORKFLOW_EXECUTION_INITIATED") * EVENTS.child +
      count("WORKFLOW_EXECUTION_SIGNALED") * EVENTS.message +
      count("WORKFLOW_EXECUTION_UPDATE_ACCEPTED") * EVENTS.answer +
      count("TIMER_STARTED") * EVENTS.timer +
      count("WORKFLOW_PROPERTIES_MODIFIED") * EVENTS.journal;
    expect(history.events.length).toBeLessThanOrEqual(bound);
  });
});
