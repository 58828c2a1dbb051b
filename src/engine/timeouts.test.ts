import { Play, path, work } from "../../tests/play-graph";
import { NOW_MS, statuses } from "../../tests/run-graph";
import { outstanding, step } from "./engine";

const wait = (id: string, duration: string) => ({ id, type: "wait", config: { duration } });

describe("timers", () => {
  test("let a waiting node go on, and are told as what they are due at", () => {
    const play = new Play({ nodes: [wait("w", "1h"), work("a")], edges: path("w", "a") });
    expect(play.commands).toEqual([
      { type: "start_timer", timerId: "w/wait", dueAtMs: NOW_MS + 3_600_000, summary: "w" },
    ]);
    expect(play.fire("w/wait").running).toEqual(["a"]);
    expect(play.journal).toMatchObject([
      { kind: "entered", nodeId: "w", nodeType: "wait", input: { until: "2026-01-01T01:00:00.000Z" } },
      { kind: "completed", nodeId: "w", status: "completed" },
    ]);
  });

  test("change nothing when they come twice, late or for nobody", () => {
    const { state } = new Play({ nodes: [wait("w", "1h"), work("a")], edges: path("w", "a") }).fire("w/wait");
    for (const timerId of ["w/wait", "a/wait", "nobody/wait", "/timeout", "wait", "__proto__/x"])
      expect(step(state, { type: "timer_fired", timerId }, NOW_MS).state).toBe(state);
  });

  test("are cancelled with their node", () => {
    const play = new Play({ nodes: [wait("w", "1h"), work("a")] }).fail("a");
    expect(play.commands).toContainEqual({ type: "cancel_timer", timerId: "w/wait" });
    expect(statuses(play.state)).toEqual({ w: "cancelled", a: "failed" });
  });
});

describe("the timeout of a node that is no task", () => {
  const body = { nodes: [work("b")], edges: [] };
  const map = { id: "m", type: "map", config: { items: [1, 2], body }, timeout: "5m" };

  test("fails it once what runs in it has been cancelled and has ended", () => {
    const play = new Play({ nodes: [map, work("h")], edges: [{ source: "m", target: "h", error: "TIMEOUT" }] });
    expect(play.timers.get("m/total")).toBe(NOW_MS + 300_000);
    play.fire("m/total");
    expect([...play.cancelled]).toEqual(["b[0]", "b[1]"]);
    expect(statuses(play.state)).toMatchObject({ m: "running" });
    expect(play.endCancelled().running).toEqual(["h"]);
    expect(play.journal.at(-1)).toMatchObject({ nodeId: "m", status: "failed", failure: { code: "TIMEOUT" } });
  });

  test("is forgotten when it ends in time", () => {
    expect(new Play({ nodes: [map, work("slow")] }).complete("b[0]", "b[1]").timers.size).toBe(0);
  });
});

describe("the timeout of the run", () => {
  test("cancels what runs and fails it", () => {
    const play = new Play({ nodes: [work("a")], timeout: "2h" });
    expect(play.timers.get("/timeout")).toBe(NOW_MS + 7_200_000);
    const done = play.fire("/timeout").endCancelled();
    expect(done.outcome).toMatchObject({ status: "failed", failure: { code: "RUN_TIMEOUT" } });
  });

  test("is cancelled when the graph has ended, so that handlers are not cut short", () => {
    const play = new Play({ nodes: [work("a")], timeout: "2h", finally: { nodes: [work("f")], edges: [] } });
    play.complete("a");
    expect(play.running).toEqual(["f"]);
    expect(play.timers.size).toBe(0);
  });
});

describe("outstanding", () => {
  test("is every open timer, child and task, and nothing once the run has ended", () => {
    const child = { id: "c", type: "workflow", config: { workflow_id: "none" }, catch: {} };
    const play = new Play({ nodes: [wait("w", "1h"), work("a"), child], timeout: "2h" });
    expect(outstanding(play.state)).toEqual(play.commands);
    play.complete("a").fire("w/wait");
    expect(outstanding(play.state)).toEqual([]);
  });

  test("gives a task as it was given first", () => {
    const play = new Play({ nodes: [work("a", { priority: 1, lane: "fast" })] });
    expect(outstanding(play.state)).toEqual(play.commands);
  });
});
