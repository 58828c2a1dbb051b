import { Play, path, show, work } from "../../tests/play-graph";
import { statuses } from "../../tests/run-graph";
import type { JsonObject, JsonValue } from "../core/json";

const undo = (output: JsonValue = null): JsonObject => ({ compensate: { task_type: "noop", config: { output } } });
const graphOf = (...nodes: readonly JsonObject[]) => ({ nodes, edges: [] });

describe("compensations", () => {
  const graph = {
    nodes: [work("a", undo("${{ nodes.a.output }}")), work("b", undo()), work("c", undo()), work("d")],
    edges: path("a", "b", "c", "d"),
  };

  test("undo what completed, last first and one at a time, when the run fails", () => {
    const play = new Play(graph).completeWith("a", "booked").complete("b").fail("c");
    expect(play.running).toEqual(["b/compensate"]);
    play.complete("b/compensate");
    expect(play.tasks.get("a/compensate")).toMatchObject({ output: "booked" });
    expect(play.complete("a/compensate").outcome).toMatchObject({ status: "failed", nodeId: "c" });
  });

  test("go on where one fails", () => {
    const play = new Play(graph).complete("a", "b").fail("c").fail("b/compensate");
    expect(play.running).toEqual(["a/compensate"]);
    expect(play.fail("a/compensate").outcome).toMatchObject({ failure: { code: "HTTP_STATUS" } });
  });

  test("wait until what was cancelled has ended, and undo what completed meanwhile", () => {
    const play = new Play({ nodes: [work("a", undo()), work("b"), work("c", undo())] });
    play.complete("a").feed({ type: "cancel", reason: "enough" }).complete("c");
    expect(play.running).toEqual(["b"]);
    expect(play.endCancelled().running).toEqual(["c/compensate"]);
    play.complete("c/compensate").feed({ type: "cancel", reason: "again" });
    expect(play.complete("a/compensate").outcome).toEqual({ status: "cancelled", reason: "enough" });
  });

  test("undo what completed when whoever carries the run out cannot go on with it", () => {
    const failure = { code: "STATE_TOO_LARGE", message: "it holds too much" } as const;
    const play = new Play({ ...graph, on_failure: graphOf(show("f", "${{ error.code }}")) }).complete("a");
    play.feed({ type: "fail", failure }).endCancelled();
    expect(play.running).toEqual(["a/compensate"]);
    play.complete("a/compensate").feed({ type: "fail", failure });
    expect(play.tasks.get("f")).toMatchObject({ output: "STATE_TOO_LARGE" });
    expect(play.complete("f").outcome).toEqual({ status: "failed", failure });
  });

  test("do nothing after a run that completed", () => {
    expect(new Play(graph).complete("a", "b", "c", "d").outcome).toMatchObject({ status: "completed" });
  });

  test("are noted in the journal where they cannot be rendered, and the next goes on", () => {
    const nodes = [work("a", undo()), work("b", undo("${{ input.missing }}")), work("c")];
    const play = new Play({ nodes, edges: path("a", "b", "c") }).complete("a", "b");
    expect(play.ends).toEqual(["b/compensate failed"]);
    expect(play.fail("c").running).toEqual(["a/compensate"]);
  });

  test("undo each item of a map that failed", () => {
    const body = graphOf(work("b", undo("${{ item }}")));
    const map = { id: "m", type: "map", config: { items: ["x", "y"], body } };
    const play = new Play({ nodes: [map] }).complete("b[1]").fail("b[0]");
    expect(play.running).toEqual(["b[1]/compensate"]);
    expect(play.tasks.get("b[1]/compensate")).toMatchObject({ output: "y" });
  });
});

describe("on_failure and finally", () => {
  const handlers = {
    on_failure: graphOf(show("f", "${{ [error.code, error.node_id, nodes.a.status] }}")),
    finally: graphOf(show("z", "${{ error == null ? 'well' : error.code }}")),
  };
  const graph = { nodes: [work("a", undo())], edges: [], ...handlers };

  test("run after a failure, one after the other", () => {
    const play = new Play(graph).fail("a");
    expect(play.running).toEqual(["f"]);
    expect(play.tasks.get("f")).toMatchObject({ output: ["HTTP_STATUS", "a", "failed"] });
    play.complete("f");
    expect(play.tasks.get("z")).toMatchObject({ output: "HTTP_STATUS" });
    expect(statuses(play.complete("z").state)).toEqual({ a: "failed", f: "completed", z: "completed" });
    expect(play.outcome).toMatchObject({ status: "failed", nodeId: "a" });
  });

  test("leave on_failure out after success and after a cancel", () => {
    const well = new Play(graph).completeWith("a", 1);
    expect(well.tasks.get("z")).toMatchObject({ output: "well" });
    expect(well.complete("z").outcome).toEqual({ status: "completed", output: { a: 1 } });
    const cancelled = new Play(graph).feed({ type: "cancel", reason: "enough" }).endCancelled();
    expect(cancelled.tasks.get("z")).toMatchObject({ output: "CANCELLED" });
    expect(cancelled.complete("z").outcome).toEqual({ status: "cancelled", reason: "enough" });
  });

  test("fail a run that had completed when they fail, and change no other outcome", () => {
    expect(new Play(graph).complete("a").fail("z").outcome).toMatchObject({ status: "failed", nodeId: "z" });
    const failed = new Play(graph).fail("a", "FIRST").fail("f").fail("z");
    expect(failed.outcome).toMatchObject({ nodeId: "a", failure: { code: "FIRST" } });
  });

  test("cannot be cancelled", () => {
    const play = new Play(graph).complete("a").feed({ type: "cancel", reason: "late" });
    expect(play.cancelled.size).toBe(0);
    expect(play.complete("z").outcome).toMatchObject({ status: "completed" });
  });
});
