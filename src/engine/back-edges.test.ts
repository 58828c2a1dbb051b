import { Play, path, show, work } from "../../tests/play-graph";
import { statuses } from "../../tests/run-graph";
import { viewNodes } from "./engine";

describe("a back edge", () => {
  const retry = (max: number) => ({
    nodes: [show("a", "${{ [nodes.?b.output.orValue(null)] }}"), work("b"), work("c")],
    edges: [...path("a", "b", "c"), { source: "b", target: "a", loop: true, max, condition: "nodes.b.output.again" }],
  });

  test("starts what it leads to anew, under ids of its own, and no other edge is taken", () => {
    const play = new Play(retry(3)).complete("a").completeWith("b", { again: true });
    expect(play.running).toEqual(["a#2"]);
    expect(statuses(play.state)).toEqual({ "a#2": "running", "b#2": "pending", "c#2": "pending" });
    play.complete("a#2").completeWith("b#2", { again: false });
    expect(play.running).toEqual(["c#2"]);
    expect(play.complete("c#2").outcome).toEqual({ status: "completed", output: { c: null } });
    expect(viewNodes(play.state)[0]).toMatchObject({ id: "a#2", iteration: 2 });
  });

  test("leaves the outputs of the last iteration to be seen until a node ends again", () => {
    const play = new Play(retry(3)).complete("a").completeWith("b", { again: true });
    expect(play.tasks.get("a#2")).toMatchObject({ output: [{ again: true }] });
  });

  test("fails its source when it would be taken once too often, and an error edge may take that", () => {
    const graph = retry(1);
    const again = { again: true };
    const play = new Play(graph).complete("a").completeWith("b", again).complete("a#2").completeWith("b#2", again);
    expect(play.outcome).toMatchObject({ status: "failed", nodeId: "b#2", failure: { code: "LOOP_EXHAUSTED" } });
    expect(play.ends).toEqual(["b#2 failed"]);
    const handled = { ...graph, edges: [...graph.edges, { source: "b", target: "c", error: "LOOP_EXHAUSTED" }] };
    const other = new Play(handled).complete("a").completeWith("b", again).complete("a#2").completeWith("b#2", again);
    expect(other.running).toEqual(["c#2"]);
  });

  test("cancels what still runs behind it, and waits for that before it starts anew", () => {
    const graph = {
      nodes: [work("a"), work("slow"), work("b")],
      edges: [...path("a", "slow"), ...path("a", "b"), { source: "b", target: "a", on: "error", loop: true, max: 2 }],
    };
    const play = new Play(graph).complete("a").fail("b");
    expect(play.running).toEqual(["slow"]);
    expect([...play.cancelled]).toEqual(["slow"]);
    expect(play.endCancelled().running).toEqual(["a#2"]);
    const late = new Play(graph).complete("a").fail("b").complete("slow");
    expect(late.running).toEqual(["a#2"]);
    expect(late.complete("a#2", "slow#2", "b#2").outcome).toEqual({
      status: "completed",
      output: { slow: null, b: null },
    });
  });

  test("ends a run that is cancelled while it waits", () => {
    const graph = {
      nodes: [work("a"), work("slow"), work("b")],
      edges: [...path("a", "slow"), ...path("a", "b"), { source: "b", target: "a", loop: true, max: 2 }],
    };
    const play = new Play(graph).complete("a", "b").feed({ type: "cancel", reason: "enough" });
    expect(play.outcome).toBeUndefined();
    expect(play.endCancelled().outcome).toEqual({ status: "cancelled", reason: "enough" });
  });

  test("may lead a node to itself", () => {
    const graph = {
      nodes: [work("a"), work("b")],
      edges: [...path("a", "b"), { source: "a", target: "a", loop: true, max: 5, on: "error" }],
    };
    expect(new Play(graph).fail("a").fail("a#2").complete("a#3").running).toEqual(["b#3"]);
  });

  test("keeps what came from outside of what it starts anew", () => {
    const graph = {
      nodes: [work("out"), work("a"), work("b"), work("j")],
      edges: [
        ...path("out", "j"),
        ...path("a", "b", "j"),
        { source: "b", target: "a", loop: true, max: 5, condition: "nodes.b.output.again" },
      ],
    };
    const play = new Play(graph).complete("out", "a").completeWith("b", { again: true });
    expect(play.running).toEqual(["a#2"]);
    expect(play.complete("a#2").completeWith("b#2", { again: false }).running).toEqual(["j#2"]);
  });
});
