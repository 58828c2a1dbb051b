import { Play, path, work } from "../../tests/play-graph";
import { statuses } from "../../tests/run-graph";
import type { JsonObject, JsonValue } from "../core/json";

const joined = (join: JsonValue, more: JsonObject = {}) => ({
  nodes: [work("a"), work("b"), work("c"), work("j", { join, ...more }), work("after")],
  edges: [
    { source: "a", target: "j" },
    { source: "b", target: "j" },
    { source: "c", target: "j" },
    ...path("j", "after"),
  ],
});

describe("a join", () => {
  test("of 'any' starts with the first path, once, and lets the others go on", () => {
    const play = new Play(joined("any")).complete("b");
    expect(play.running).toEqual(["a", "c", "j"]);
    play.complete("a", "j");
    expect(play.running).toEqual(["c", "after"]);
    expect(play.complete("after").outcome).toBeUndefined();
    expect(play.complete("c").outcome).toEqual({ status: "completed", output: { after: null } });
  });

  test("of a number starts when so many paths have come", () => {
    const play = new Play(joined(2)).complete("b");
    expect(play.running).toEqual(["a", "c"]);
    expect(play.complete("c").running).toEqual(["a", "j"]);
  });

  test("of a number is skipped where too few paths are left", () => {
    const edges = joined(2).edges.map((edge) =>
      "source" in edge && edge["source"] === "c" ? { ...edge, condition: "false" } : edge,
    );
    const handled = [...edges, { source: "b", target: "after", on: "error" }];
    const play = new Play({ ...joined(2), edges: handled }).complete("a", "c").fail("b");
    expect(statuses(play.state)).toMatchObject({ j: "skipped", after: "running" });
  });

  test("of all paths is not held up by those that are dead", () => {
    const edges = [...joined("all").edges, { source: "a", target: "c", condition: "false" }];
    expect(new Play({ ...joined("all"), edges }).complete("a", "b").running).toEqual(["j"]);
  });
});

describe("join_rest: cancel", () => {
  const graph = {
    nodes: [
      work("start"),
      ...["a", "b1", "b2", "c"].map((id) => work(id)),
      work("j", { join: "any", join_rest: "cancel" }),
      work("side"),
    ],
    edges: [
      ...path("start", "a", "j"),
      ...path("start", "b1", "b2", "j"),
      ...path("start", "c", "j"),
      ...path("c", "side"),
    ],
  };

  test("cancels what leads to this join only, running or not, and nothing else", () => {
    const play = new Play(graph).complete("start", "a");
    expect([...play.cancelled]).toEqual(["b1"]);
    expect(play.running).toEqual(["b1", "c", "j"]);
    expect(statuses(play.state)).toMatchObject({ b1: "running", b2: "cancelled", c: "running" });
    play.endCancelled();
    expect(statuses(play.state)).toMatchObject({ b1: "cancelled", b2: "cancelled" });
    expect(play.complete("j", "c", "side").outcome).toEqual({ status: "completed", output: { j: null, side: null } });
    expect(play.ends).toEqual(["b2 cancelled"]);
  });

  test("takes a task that completes all the same for cancelled", () => {
    const play = new Play(graph).complete("start", "a").complete("b1", "c", "side", "j");
    expect(play.outcome).toEqual({ status: "completed", output: { j: null, side: null } });
    expect(play.ends).toEqual(["b2 cancelled", "b1 cancelled"]);
  });
});
