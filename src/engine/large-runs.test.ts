import { Play, path, show } from "../../tests/play-graph";
import { MAX_RUNNING_TASKS } from "./limits";

test("a graph of 2,000 nodes side by side has 1,000 tasks running at a time, and yields", () => {
  const nodes = Array.from({ length: 2_000 }, (_, index) => show(`n${index}`, null));
  const play = new Play({ nodes, output: "done" });
  expect(play.running).toHaveLength(MAX_RUNNING_TASKS);
  expect(play.yields).toBeGreaterThan(1);
  let most = 0;
  for (let id = play.running[0]; id !== undefined; id = play.tasks.keys().next().value) {
    most = Math.max(most, play.tasks.size);
    play.complete(id);
  }
  expect(most).toBe(MAX_RUNNING_TASKS);
  expect(play.outcome).toEqual({ status: "completed", output: "done" });
});

test("a map of 10,000 items with 1,000 bodies open keeps nothing of those that ended", () => {
  const body = { nodes: [show("b", null), show("c", null)], edges: path("b", "c"), output: "${{ index }}" };
  const items = Array.from({ length: 10_000 }, (_, index) => index);
  const map = { id: "m", type: "map", config: { items: "input", concurrency: 1_000, body } };
  const play = new Play({ nodes: [map], output: "${{ nodes.m.output.outputs.size() }}" }, items);
  expect(play.tasks.size).toBe(1_000);
  let most = 0;
  for (let id = play.running[0]; id !== undefined; id = play.tasks.keys().next().value) {
    most = Math.max(most, play.state.bodies);
    play.complete(id);
  }
  expect(most).toBe(1_000);
  expect(play.outcome).toEqual({ status: "completed", output: 10_000 });
  expect(play.state.bodies).toBe(0);
});

test("a loop of 20,000 iterations has a state that does not grow", () => {
  const body = { nodes: [{ id: "t", type: "transform", config: { output: "${{ iteration }}" } }], edges: [] };
  const loop = { id: "l", type: "loop", config: { until: "iteration == 20000", max_iterations: 100_000, body } };
  const play = new Play({ nodes: [loop] });
  expect(play.outcome).toEqual({ status: "completed", output: { l: { t: 20_000 } } });
  expect(JSON.stringify(play.state).length).toBeLessThan(10_000);
});

test("maps in maps open no more bodies than a run can bear, and all of them end", () => {
  const inner = {
    id: "i",
    type: "map",
    config: { items: "input", concurrency: 100, body: { nodes: [show("b", null)], edges: [] } },
  };
  const items = Array.from({ length: 100 }, (_, index) => index);
  const outer = {
    id: "o",
    type: "map",
    config: {
      items: "input",
      concurrency: 100,
      body: { nodes: [inner], edges: [] },
    },
  };
  const play = new Play({ nodes: [outer], output: "done" }, items);
  let most = 0;
  let ended = 0;
  for (let id = play.running[0]; id !== undefined; id = play.tasks.keys().next().value) {
    most = Math.max(most, play.state.bodies);
    play.complete(id);
    ended += 1;
  }
  expect(ended).toBe(10_000);
  expect(most).toBeLessThan(2_200);
  expect(play.outcome).toEqual({ status: "completed", output: "done" });
});
