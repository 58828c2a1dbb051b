import { Play, path, show, work } from "../../tests/play-graph";
import { statuses } from "../../tests/run-graph";

describe("catch", () => {
  const output = { told: "${{ error.code }}" };

  test("turns a failure into an output, with which the graph goes on as after a success", () => {
    const graph = {
      nodes: [work("a", { catch: { output } }), show("b", "${{ nodes.a.output.told }}")],
      edges: path("a", "b"),
    };
    const play = new Play(graph).fail("a", "HTTP_STATUS");
    expect(play.tasks.get("b")).toMatchObject({ output: "HTTP_STATUS" });
    expect(play.journal).toEqual([
      { kind: "completed", nodeId: "a", nodeType: "task", status: "completed", output: { told: "HTTP_STATUS" } },
    ]);
  });

  test("lets codes pass that it does not name", () => {
    const graph = { nodes: [work("a", { catch: { codes: ["HTTP_*", "TIMEOUT"] } })] };
    expect(new Play(graph).fail("a", "HTTP_STATUS").outcome).toEqual({ status: "completed", output: { a: null } });
    expect(new Play(graph).fail("a", "OTHER").outcome).toMatchObject({ failure: { code: "OTHER" } });
  });

  test("fails the node where its own output does not evaluate", () => {
    const play = new Play({ nodes: [work("a", { catch: { output: "${{ input.missing }}" } })] }).fail("a");
    expect(play.outcome).toMatchObject({
      failure: { code: "EXPRESSION_FAILED", message: "/nodes/0/catch/output: No such key: missing (column 11)" },
    });
    expect(play.ends).toEqual(["a failed"]);
  });

  test("takes a config that could not be rendered as well", () => {
    const graph = { nodes: [{ ...show("a", "${{ input.missing }}"), catch: { output: 7 } }] };
    expect(new Play(graph).outcome).toEqual({ status: "completed", output: { a: 7 } });
  });

  test("does not catch what ends with the graph around it", () => {
    const graph = { nodes: [work("a", { catch: {} }), work("b")] };
    const play = new Play(graph).feed({ type: "cancel", reason: "enough" }).fail("a").endCancelled();
    expect(statuses(play.state)).toEqual({ a: "failed", b: "cancelled" });
  });
});

describe("when", () => {
  const graph = {
    nodes: [work("a", { when: "input.n > 1" }), work("b"), work("c")],
    edges: [...path("a", "b"), { source: "a", target: "c", on: "error" }],
  };

  test("skips the node where it is false, and goes on as after a success", () => {
    const play = new Play(graph, { n: 1 });
    expect(play.running).toEqual(["b"]);
    expect(play.ends).toEqual(["a skipped", "c skipped"]);
    expect(play.complete("b").outcome).toEqual({ status: "completed", output: { b: null } });
  });

  test("runs the node where it is true", () => {
    expect(new Play(graph, { n: 2 }).running).toEqual(["a"]);
  });

  test("fails the node where it is neither, and an error edge may take that", () => {
    const play = new Play(graph, { n: "x" });
    expect(play.running).toEqual(["c"]);
    expect(play.journal[1]).toMatchObject({ nodeId: "a", status: "failed", failure: { code: "EXPRESSION_FAILED" } });
  });
});

describe("nodes that run nothing", () => {
  test("transform gives its template", () => {
    const transform = { id: "t", type: "transform", config: { output: { n: "${{ input.n + 1 }}" } } };
    expect(new Play({ nodes: [transform] }, { n: 1 }).outcome).toEqual({
      status: "completed",
      output: { t: { n: 2 } },
    });
  });

  test("fail fails with a code of its own", () => {
    const config = { code: "NO_STOCK", message: "only ${{ input.n }} left", details: ["${{ input.n }}"] };
    const play = new Play({ nodes: [{ id: "f", type: "fail", config }] }, { n: 2 });
    expect(play.outcome).toEqual({
      status: "failed",
      nodeId: "f",
      failure: { code: "NO_STOCK", message: "only 2 left", details: [2] },
    });
  });

  test("end ends the graph with its output, and what runs is cancelled", () => {
    const end = { id: "e", type: "end", config: { output: { early: true } } };
    const play = new Play({ nodes: [work("a"), work("slow"), end], edges: path("a", "e") }).complete("a");
    expect([...play.cancelled]).toEqual(["slow"]);
    expect(play.endCancelled().outcome).toEqual({ status: "completed", output: { early: true } });
    expect(statuses(play.state)).toEqual({ a: "completed", slow: "cancelled", e: "completed" });
  });
});
