import type { Definition, GraphNode } from "../definition/graph-types";
import { SIGNALS_PER_RUN, SignalBudget } from "./signal-budget";

const definition = (...nodes: GraphNode[]): Definition => ({ version: 1, nodes, edges: [] });
const task = (id: string): GraphNode => ({ id, type: "task", config: { task_type: "noop", config: {} } });

test("gives each task an equal share", () => {
  const budget = new SignalBudget(definition(task("a"), task("b"), task("c"), task("d")));
  expect(["a", "b", "c", "d"].map((id) => budget.grant(id))).toEqual(Array(4).fill(SIGNALS_PER_RUN / 4));
});

test("counts the items of a map that run at a time", () => {
  const body = { nodes: [task("x"), task("y")], edges: [] };
  const map: GraphNode = { id: "m", type: "map", config: { items: "input", concurrency: 20, body } };
  const budget = new SignalBudget(definition(map));
  expect(budget.grant("x[0]")).toBe(SIGNALS_PER_RUN / 40);
});

test("gives what a task did not use to those that come later, and at least one signal to each", () => {
  const budget = new SignalBudget(definition(task("a")));
  expect(budget.grant("a#1")).toBe(SIGNALS_PER_RUN);
  budget.heard("a#1");
  budget.heard("unknown");
  budget.giveBack("a#1");
  expect(budget.grant("a#2")).toBe(SIGNALS_PER_RUN - 1);
  expect(budget.grant("b")).toBe(1);
});
