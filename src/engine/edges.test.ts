import { Play, path, work } from "../../tests/play-graph";
import { statuses } from "../../tests/run-graph";
import type { JsonObject } from "../core/json";

describe("edges out of a node", () => {
  const targets = ["t", "u", "v"].map((id) => work(id));
  const from = (...edges: readonly JsonObject[]) => ({ nodes: [work("a"), ...targets], edges });

  test("with 'else' are taken where no other one is", () => {
    const graph = from(
      { source: "a", target: "t", condition: "input.n > 1" },
      { source: "a", target: "u", condition: "input.n > 2" },
      { source: "a", target: "v", else: true },
    );
    expect(new Play(graph, { n: 3 }).complete("a").running).toEqual(["t", "u"]);
    expect(new Play(graph, { n: 1 }).complete("a").running).toEqual(["v"]);
  });

  test("with 'else' and an end of their own do not follow the other end", () => {
    const graph = from(
      { source: "a", target: "t", condition: "false" },
      { source: "a", target: "u", else: true },
      { source: "a", target: "v", else: true, on: "error" },
    );
    expect(new Play(graph).complete("a").running).toEqual(["u"]);
    expect(new Play(graph).fail("a").running).toEqual(["v"]);
  });

  test("follow a failure by its code", () => {
    const graph = from(
      { source: "a", target: "t", error: "HTTP_*" },
      { source: "a", target: "u", error: "TIMEOUT" },
      { source: "a", target: "v", on: "error", else: true },
    );
    expect(new Play(graph).fail("a", "HTTP_STATUS").running).toEqual(["t"]);
    expect(new Play(graph).fail("a", "TIMEOUT").running).toEqual(["u"]);
    expect(new Play(graph).fail("a", "OTHER").running).toEqual(["v"]);
  });

  test("let the graph fail where none of them fits the failure", () => {
    const graph = from({ source: "a", target: "t", error: "HTTP_*" }, { source: "t", target: "u" });
    const play = new Play({ ...graph, nodes: [work("a"), work("t"), work("u")] }).fail("a", "TIMEOUT");
    expect(play.outcome).toMatchObject({ status: "failed", nodeId: "a", failure: { code: "TIMEOUT" } });
  });

  test("do not look at a condition where the rest does not fit", () => {
    const graph = {
      nodes: [work("a"), work("t")],
      edges: [{ source: "a", target: "t", on: "error", condition: "input.missing > 1" }],
    };
    expect(new Play(graph).complete("a").outcome).toMatchObject({ status: "completed" });
    expect(new Play(graph).fail("a").outcome).toMatchObject({ failure: { code: "EXPRESSION_FAILED" } });
  });
});

describe("a switch", () => {
  const graph = (mode: string) => ({
    nodes: [
      {
        id: "s",
        type: "switch",
        config: {
          mode,
          cases: [
            { name: "big", when: "input.n > 10" },
            { name: "positive", when: "input.n > 0" },
          ],
        },
      },
      work("big"),
      work("positive"),
      work("other"),
    ],
    edges: [
      { source: "s", target: "big", case: "big" },
      { source: "s", target: "positive", case: "positive" },
      { source: "s", target: "other", else: true },
    ],
  });

  test("takes the edges of the first case that holds, or of all", () => {
    expect(new Play(graph("first"), { n: 20 }).running).toEqual(["big"]);
    expect(new Play(graph("all"), { n: 20 }).running).toEqual(["big", "positive"]);
    expect(new Play(graph("all"), { n: 0 }).running).toEqual(["other"]);
  });

  test("gives the picked cases, and tells of itself in the journal", () => {
    const play = new Play(graph("first"), { n: 3 });
    expect(play.journal.slice(0, 2)).toEqual([
      { kind: "entered", nodeId: "s", nodeType: "switch" },
      { kind: "completed", nodeId: "s", nodeType: "switch", status: "completed", output: { cases: ["positive"] } },
    ]);
    expect(statuses(play.state)).toMatchObject({ s: "completed", big: "skipped", other: "skipped" });
  });

  test("fails where a case is neither true nor false", () => {
    const config = { cases: [{ name: "x", when: "input.n" }] };
    const play = new Play({ nodes: [{ id: "s", type: "switch", config }, work("t")], edges: path("s", "t") }, { n: 1 });
    expect(play.outcome).toMatchObject({
      failure: { code: "EXPRESSION_FAILED", message: "/config/cases/0/when: must be true or false, but is 1" },
    });
  });
});
