import { Play, path, show, work } from "../../tests/play-graph";
import type { JsonObject, JsonValue } from "../core/json";
import { viewNodes } from "./engine";
import { tableEntries } from "./table";

const map = (config: JsonObject, more: JsonObject = {}) => ({
  id: "m",
  type: "map",
  config: { items: "input", ...config },
  ...more,
});
const loop = (body: JsonObject, config: JsonObject = {}) => ({
  id: "l",
  type: "loop",
  config: { until: "nodes.l.output.done", max_iterations: 5, body, ...config },
});

describe("bodies of a map", () => {
  const body = { nodes: [work("b"), show("c", "${{ [item, index] }}")], edges: path("b", "c") };

  test("run side by side, each with its item and under ids of its own", () => {
    const play = new Play({ nodes: [map({ body, concurrency: 2 })] }, ["x", "y", "z"]);
    expect(play.running).toEqual(["b[0]", "b[1]"]);
    play.complete("b[1]");
    expect(play.tasks.get("c[1]")).toMatchObject({ output: ["y", 1] });
    play.complete("c[1]");
    expect(play.running).toEqual(["b[0]", "b[2]"]);
    play.complete("b[0]", "c[0]", "b[2]").completeWith("c[2]", 7);
    expect(play.outcome).toEqual({
      status: "completed",
      output: { m: { outputs: [{ c: null }, { c: null }, { c: 7 }], failed: [] } },
    });
  });

  test("leave the state when they have ended", () => {
    const play = new Play({ nodes: [map({ body }), work("slow")] }, [1, 2]);
    const size = JSON.stringify(play.state.frames).length;
    play.complete("b[0]", "c[0]", "b[1]", "c[1]");
    expect(tableEntries(play.state.frames).map(([id]) => id)).toEqual(["/"]);
    expect(JSON.stringify(play.state.frames).length).toBeLessThan(size);
    expect(play.state.bodies).toBe(0);
  });

  test("may be one task, whose output is the item's and whose id is the map's", () => {
    const task = { task_type: "noop", config: { output: "${{ item }}" } };
    const play = new Play({ nodes: [map({ task })] }, ["x", "y"]);
    expect(play.tasks.get("m[1]")).toMatchObject({ output: "y" });
    const done = play.completeWith("m[0]", 1).completeWith("m[1]", 2);
    expect(done.outcome).toEqual({ status: "completed", output: { m: { outputs: [1, 2], failed: [] } } });
  });

  test("say in the definition's own pointers where a template fails", () => {
    const task = { task_type: "noop", config: { output: "${{ item.n }}" } };
    const play = new Play({ nodes: [map({ task })] }, [{}]);
    expect(play.journal).toContainEqual(
      expect.objectContaining({
        nodeId: "m[0]",
        failure: expect.objectContaining({ details: { pointer: "/nodes/0/config/task/config/output", column: 10 } }),
      }),
    );
  });

  test("are cancelled when the map fails, which it does once they have ended", () => {
    const play = new Play(
      { nodes: [map({ body }), work("h")], edges: [{ source: "m", target: "h", on: "error" }] },
      [1, 2],
    );
    play.fail("b[0]");
    expect([...play.cancelled]).toEqual(["b[1]"]);
    expect(play.running).toEqual(["b[1]"]);
    expect(play.endCancelled().running).toEqual(["h"]);
    expect(play.ends).toEqual(["m failed"]);
  });

  test("end early by a node of their own", () => {
    const end = { id: "e", type: "end", config: { output: "${{ item }}" } };
    const play = new Play({ nodes: [map({ body: { nodes: [work("b"), work("s"), end], edges: path("b", "e") } })] }, [
      "x",
    ]);
    play.complete("b[0]").endCancelled();
    expect(play.outcome).toEqual({ status: "completed", output: { m: { outputs: ["x"], failed: [] } } });
  });
});

describe("bodies of a loop", () => {
  const body = {
    nodes: [show("b", "${{ [iteration, nodes.l.output] }}"), work("w")],
    edges: path("b", "w"),
    output: "${{ nodes.w.output }}",
  };

  test("run one after the other, and see the last one's output", () => {
    const play = new Play({ nodes: [loop(body)] });
    expect(play.tasks.get("b")).toMatchObject({ output: [1, null] });
    play.complete("b").completeWith("w", { done: false });
    expect(play.tasks.get("b#2")).toMatchObject({ output: [2, { done: false }] });
    expect(viewNodes(play.state)).toMatchObject([
      { id: "l", iteration: 2 },
      { id: "b#2", status: "running" },
    ]);
    play.complete("b#2").completeWith("w#2", { done: true });
    expect(play.outcome).toEqual({ status: "completed", output: { l: { done: true } } });
  });

  test("fail the loop when they fail", () => {
    const play = new Play({ nodes: [loop(body)] }).complete("b").completeWith("w", { done: false });
    expect(play.fail("b#2", "HTTP_STATUS").outcome).toMatchObject({
      status: "failed",
      nodeId: "l",
      failure: { code: "HTTP_STATUS" },
    });
  });
});

describe("bodies in bodies", () => {
  const inner = map({ items: [1, 2], body: { nodes: [show("b", "${{ [iteration, item] }}")], edges: [] } });
  const outer = loop({ nodes: [inner], edges: [] }, { until: "iteration == 2" });

  test("have ids with a number for each, and see the variables of all", () => {
    const play = new Play({ nodes: [outer] });
    expect(play.running).toEqual(["b[0]", "b[1]"]);
    play.complete("b[0]", "b[1]");
    expect(play.running).toEqual(["b#2[0]", "b#2[1]"]);
    expect(play.tasks.get("b#2[1]")).toMatchObject({ output: [2, 2] });
    expect(play.complete("b#2[0]", "b#2[1]").outcome).toMatchObject({ status: "completed" });
  });

  test("are cancelled with the run, all of them", () => {
    const play = new Play({ nodes: [outer] }).feed({ type: "cancel", reason: "enough" });
    expect([...play.cancelled]).toEqual(["b[0]", "b[1]"]);
    expect(play.outcome).toBeUndefined();
    expect(play.endCancelled().outcome).toEqual({ status: "cancelled", reason: "enough" });
    expect(play.ends).toEqual(["m cancelled", "l cancelled"]);
  });

  test("get ids of their own when a back edge starts them anew", () => {
    const graph = {
      nodes: [map({ body: { nodes: [work("b")], edges: [] } }), work("check")],
      edges: [...path("m", "check"), { source: "check", target: "m", loop: true, max: 2, on: "error" }],
    };
    const play = new Play(graph, [1]).complete("b[0]").fail("check");
    expect(play.running).toEqual(["b#2[0]"]);
    expect(play.complete("b#2[0]").running).toEqual(["check#2"]);
  });
});

describe("what a body sees of the graph around it", () => {
  const seen = (expression: string, input: JsonValue = [1, 2]): Play => {
    const body = { nodes: [show("b", expression)], edges: [] };
    const graph = {
      nodes: [work("first"), work("side"), map({ body, concurrency: 1 }, { join: "any" })],
      edges: [...path("first", "m"), ...path("side", "m")],
    };
    return new Play(graph, input).completeWith("first", "one");
  };

  test("is what had ended when its map was entered", () => {
    const play = seen("${{ [nodes.first.output, nodes.?side.output.orValue(null)] }}");
    expect(play.tasks.get("b[0]")).toMatchObject({ output: ["one", null] });
    play.completeWith("side", "two").complete("b[0]");
    expect(play.tasks.get("b[1]")).toMatchObject({ output: ["one", null] });
  });

  test("holds for all nodes at once as well", () => {
    const play = seen("${{ nodes.filter(id, nodes[id].status == 'completed') }}");
    play.completeWith("side", "two").complete("b[0]");
    expect(play.tasks.get("b[1]")).toMatchObject({ output: ["first"] });
  });
});
