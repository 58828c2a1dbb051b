import type { Definition, GraphNode } from "../graph-types";
import { INSTANCES_AT_ONCE, limitProblems, limitVerdicts, TIMERS_AT_ONCE } from "./limits";
import { worstCase } from "./worst-case";

const noop = (id: string): GraphNode => ({ id, type: "task", config: { task_type: "noop", config: {} } });
const wait = (id: string): GraphNode => ({ id, type: "wait", config: { duration: "1h" } });
const child = (id: string): GraphNode => ({ id, type: "workflow", config: { workflow_id: "w" } });
const map = (id: string, concurrency: number, ...nodes: readonly GraphNode[]): GraphNode => ({
  id,
  type: "map",
  config: { items: "input.items", concurrency, body: { nodes, edges: [] } },
});
const definition = (...nodes: readonly GraphNode[]): Definition => ({ version: 1, nodes, edges: [] });
const many = (count: number, make: (id: string) => GraphNode) =>
  Array.from({ length: count }, (_, index) => make(`n${index}`));

function verdict(source: Definition, what: string) {
  return limitVerdicts(worstCase(source)).find((each) => each.what === what);
}

test("a few tasks fit in one run", () => {
  const small = definition(noop("a"), noop("b"));
  expect(verdict(small, "history_events")).toMatchObject({ verdict: "fits", limit: 51_200 });
  expect(limitProblems(small)).toEqual([]);
});

test("a long loop and a large map continue as new", () => {
  expect(verdict(definition(map("m", 10, noop("a"))), "history_events")).toMatchObject({
    verdict: "continues_as_new",
    every: 4_096,
  });
  expect(limitProblems(definition(map("m", 1_000, noop("a"))))).toEqual([]);
});

test("more tasks at once than Temporal takes are held back", () => {
  expect(verdict(definition(...many(1_000, noop)), "activities_at_once")).toMatchObject({ verdict: "fits" });
  expect(verdict(definition(...many(1_001, noop)), "activities_at_once")).toMatchObject({ verdict: "held_back" });
  expect(limitProblems(definition(...many(2_000, noop)))).toEqual([]);
});

test("children are refused one past what Temporal takes at once, at the map that multiplies them", () => {
  expect(limitProblems(definition(map("m", 1_000, child("a"), child("b"))))).toEqual([]);
  expect(limitProblems(definition(map("m", 1_000, child("a"), child("b"), child("c"))))).toEqual([
    {
      code: "LIMIT_EXCEEDED",
      pointer: "/nodes/0/config",
      message: expect.stringContaining("3,000 child workflows at once; at most 2,000"),
    },
  ]);
});

test("children in maps in maps are counted as the engine opens bodies", () => {
  expect(worstCase(definition(map("outer", 100, map("inner", 100, child("a"))))).atOnce.children).toBe(4_000);
});

test("timers are refused one past what continuing as new bears", () => {
  const waits = map("m", 1_000, ...many(TIMERS_AT_ONCE / 1_000, wait));
  expect(limitProblems(definition(waits))).toEqual([]);
  expect(limitProblems(definition(waits, wait("one_more")))).toMatchObject([{ pointer: "/nodes/0/config" }]);
});

test("maps in maps are refused where the state of their bodies alone is too large", () => {
  const inner = (nodes: number) => map("inner", 1_000, ...many(nodes, noop));
  // The engine opens 2,000 bodies at once, so a few nodes in each are no harm.
  expect(limitProblems(definition(map("outer", 1_000, inner(2))))).toEqual([]);
  expect(limitProblems(definition(map("outer", 1_000, inner(100))))).toMatchObject([
    { code: "LIMIT_EXCEEDED", pointer: "/nodes/0/config", message: expect.stringContaining("nodes under way at once") },
  ]);
  // The widest map of a body of a hundred nodes.
  expect(INSTANCES_AT_ONCE).toBeGreaterThan(1_000 * 100);
});

test("more tasks to undo than a run remembers are said, not refused", () => {
  const undone = (id: string): GraphNode =>
    ({ ...noop(id), compensate: { task_type: "noop", config: {} } }) as GraphNode;
  expect(verdict(definition(map("m", 10, undone("a"))), "compensations")).toMatchObject({ verdict: "fits" });
  const more = definition(map("m", 10, undone("a")), undone("b"));
  expect(verdict(more, "compensations")).toMatchObject({ verdict: "bounded", worst: 10_001 });
});

test("the largest definitions are checked", () => {
  const edges = Array.from({ length: 9_000 }, (_, edge) => {
    const source = edge % 1_900;
    return { source: `n${source}`, target: `n${source + 1 + (edge % 97)}` };
  });
  const back = Array.from({ length: 900 }, (_, edge) => {
    return { source: `n${1_000 + edge}`, target: `n${edge}`, loop: true, max: 3 } as const;
  });
  const largest: Definition = { version: 1, nodes: many(2_000, wait), edges: [...edges, ...back] };
  expect(limitProblems(largest)).toEqual([]);
});

test("a literal list is refused one past what a map takes", () => {
  const list = (length: number): GraphNode => ({
    id: "m",
    type: "map",
    config: { items: Array.from({ length }, () => 1), body: { nodes: [noop("a")], edges: [] } },
  });
  expect(limitProblems(definition(list(10_000)))).toEqual([]);
  expect(limitProblems(definition(list(10_001)))).toMatchObject([{ pointer: "/nodes/0/config/items" }]);
});
