import { Play, path, show, work } from "../../tests/play-graph";
import { NOW_MS, statuses } from "../../tests/run-graph";
import { outstanding, refusal, viewNodes } from "./engine";
import type { SteerAction } from "./engine-types";

const abc = { nodes: [work("a"), work("b"), work("c")], edges: path("a", "b", "c") };

const steer = (play: Play, action: SteerAction, by?: string) =>
  play.feed({ type: "steer", ...action, ...(by === undefined ? {} : { by }) });
const refused = (play: Play, action: SteerAction) => refusal(play.state, { type: "steer", ...action });
const controls = (play: Play) => play.journal.flatMap(({ control }) => (control === undefined ? [] : [control]));

describe("a paused run", () => {
  test("starts nothing, lets what runs end, and goes on where it was when it is resumed", () => {
    const play = new Play(abc);
    steer(play, { action: "pause" }, "alice");
    play.complete("a");
    expect(play.running).toEqual([]);
    expect(play.outcome).toBeUndefined();
    expect(viewNodes(play.state).find(({ id }) => id === "b")).toMatchObject({ status: "pending", isHeld: true });
    steer(play, { action: "resume" });
    play.complete("b", "c");
    expect(play.outcome?.status).toBe("completed");
    expect(controls(play)).toEqual([{ action: "pause", by: "alice" }, { action: "resume" }]);
  });

  test("is not paused twice, and one that goes on is not resumed", () => {
    const play = new Play(abc);
    expect(refused(play, { action: "resume" })).toMatchObject({
      code: "STATE_UNFIT",
      message: "the run is not paused",
    });
    steer(play, { action: "pause" });
    expect(refused(play, { action: "pause" })).toMatchObject({ code: "STATE_UNFIT" });
  });

  test("hears of timers that fired once it is resumed, and does not start them again meanwhile", () => {
    const wait = { id: "w", type: "wait", config: { duration: "1h" } };
    const play = new Play({ nodes: [wait, work("b")], edges: path("w", "b"), timeout: "2h" });
    steer(play, { action: "pause" });
    play.fire("w/wait");
    expect(statuses(play.state)).toEqual({ w: "running", b: "pending" });
    expect(outstanding(play.state).map((command) => command.type)).toEqual(["start_timer"]);
    steer(play, { action: "resume" });
    expect(play.running).toEqual(["b"]);
  });

  test("fails by its timeout only once it is resumed, and not at all where it was given more time", () => {
    const timed = { ...abc, timeout: "1h" };
    const late = new Play(timed);
    steer(late, { action: "pause" });
    late.fire("/timeout").complete("a");
    steer(late, { action: "resume" });
    late.endCancelled();
    expect(late.outcome).toMatchObject({ status: "failed", failure: { code: "RUN_TIMEOUT" } });
    const saved = new Play(timed);
    steer(saved, { action: "pause" });
    saved.fire("/timeout");
    steer(saved, { action: "update", timeoutAtMs: saved.nowMs + 60_000 });
    steer(saved, { action: "resume" });
    saved.complete("a", "b", "c");
    expect(saved.outcome?.status).toBe("completed");
    expect(saved.timers.size).toBe(0);
  });

  test("is ended by a cancel, and what comes after it runs", () => {
    const play = new Play({ ...abc, finally: { nodes: [work("last")], edges: [] } });
    steer(play, { action: "pause" });
    play.complete("a").feed({ type: "cancel", reason: "enough" });
    expect(play.running).toEqual(["last"]);
    play.complete("last");
    expect(play.outcome).toEqual({ status: "cancelled", reason: "enough" });
    expect(play.state.steering?.pause).toBeUndefined();
  });

  test("undoes nothing until it is resumed", () => {
    const undo = { task_type: "noop", config: { output: "undo" } };
    const nodes = [work("a", { compensate: undo }), work("b")];
    const play = new Play({ nodes, edges: path("a", "b") });
    play.complete("a");
    steer(play, { action: "pause" });
    play.fail("b");
    expect(play.running).toEqual([]);
    expect(outstanding(play.state)).toEqual([]);
    steer(play, { action: "resume" });
    expect(play.running).toEqual(["a/compensate"]);
    play.complete("a/compensate");
    expect(play.outcome?.status).toBe("failed");
  });
});

describe("breakpoints", () => {
  test("pause before a node, which is let pass when the run is resumed", () => {
    const play = new Play(abc, {}, { at: ["b"] });
    play.complete("a");
    expect(play.running).toEqual([]);
    expect(play.state.steering?.pause).toEqual({ sinceMs: NOW_MS, nodeId: "b" });
    expect(controls(play)).toEqual([{ action: "break", node_id: "b" }]);
    steer(play, { action: "resume" });
    play.complete("b", "c");
    expect(play.outcome?.status).toBe("completed");
  });

  test("of a step let one node begin at a time", () => {
    const nodes = [work("a"), work("b"), work("c")];
    const play = new Play({ nodes, edges: [] }, {}, { step: true });
    expect(play.running).toEqual([]);
    steer(play, { action: "resume", step: true });
    expect(play.running).toEqual(["a"]);
    steer(play, { action: "resume", step: true });
    expect(play.running).toEqual(["a", "b"]);
    play.complete("a", "b");
    expect(play.running).toEqual([]);
    steer(play, { action: "resume" });
    play.complete("c");
    expect(play.outcome?.status).toBe("completed");
  });
});

describe("a node", () => {
  test("that runs is skipped: its task is cancelled, and the graph goes on as after a success", () => {
    const play = new Play(abc);
    steer(play, { action: "skip", nodeId: "a" });
    expect([...play.cancelled]).toEqual(["a"]);
    play.endCancelled();
    expect(statuses(play.state)).toMatchObject({ a: "skipped", b: "running" });
    play.complete("b", "c");
    expect(play.outcome?.status).toBe("completed");
  });

  test("that was not entered is skipped, or given its output, when it is reached", () => {
    const play = new Play({
      nodes: [work("a"), work("b"), work("c"), show("d", "${{ nodes.c.output }}")],
      edges: path("a", "b", "c", "d"),
    });
    steer(play, { action: "skip", nodeId: "b" });
    steer(play, { action: "set_output", nodeId: "c", output: { n: 1 } });
    expect(viewNodes(play.state).map(({ planned }) => planned)).toEqual([undefined, "skip", "set_output", undefined]);
    play.complete("a");
    expect(play.running).toEqual(["d"]);
    expect(play.tasks.get("d")).toEqual({ output: { n: 1 } });
    expect(play.ends).toEqual(["b skipped", "c completed"]);
  });

  test("that runs is given its output, also where its task completes before it is cancelled", () => {
    const undo = { task_type: "noop", config: { output: "undo" } };
    const play = new Play({
      nodes: [work("a", { compensate: undo }), show("b", "${{ nodes.a.output }}")],
      edges: path("a", "b"),
    });
    steer(play, { action: "set_output", nodeId: "a", output: "mine" });
    play.completeWith("a", "its own");
    expect(play.tasks.get("b")).toEqual({ output: "mine" });
    expect(play.journal).toContainEqual(expect.objectContaining({ nodeId: "a", output: "mine", isSteered: true }));
    play.fail("b");
    expect(play.running).toEqual(["a/compensate"]);
  });

  test("that waits is cancelled as by a failure with the code CANCELLED", () => {
    const ask = { id: "ask", type: "approval", config: { message: "Go?", timeout: "1h" } };
    const edges = [
      { source: "ask", target: "b" },
      { source: "ask", target: "c", error: "CANCELLED" },
    ];
    const play = new Play({ nodes: [ask, work("b"), work("c")], edges });
    steer(play, { action: "cancel_node", nodeId: "ask" }, "bob");
    expect(statuses(play.state)).toEqual({ ask: "cancelled", b: "skipped", c: "running" });
    expect(play.timers.size).toBe(0);
    expect(play.journal).toContainEqual(
      expect.objectContaining({
        nodeId: "ask",
        status: "cancelled",
        failure: { code: "CANCELLED", message: "the node was cancelled by bob" },
      }),
    );
  });

  test("that is cancelled and that nothing catches fails the run", () => {
    const play = new Play(abc);
    steer(play, { action: "cancel_node", nodeId: "a" });
    play.endCancelled();
    expect(play.outcome).toMatchObject({ status: "failed", nodeId: "a", failure: { code: "CANCELLED" } });
  });

  test.each<[string, SteerAction, string]>([
    ["is not known", { action: "skip", nodeId: "bb" }, "there is no node 'bb'; did you mean 'b'?"],
    ["has ended", { action: "skip", nodeId: "a" }, "'a' has ended: it is completed"],
    ["was not entered", { action: "cancel_node", nodeId: "c" }, "'c' has not been entered; it can be skipped"],
    [
      "was not entered yet",
      { action: "retry", nodeId: "c", isWaiting: false },
      "'c' has not been entered, so there is nothing to try again",
    ],
    ["runs once", { action: "skip", nodeId: "c#2" }, "'c' runs once: name it without numbers, not as 'c#2'"],
    ["is no map", { action: "update", concurrency: { b: 3 } }, "'b' is of type task; only a map has a concurrency"],
  ])("that %s is refused with the reason", (_, action, message) => {
    const play = new Play(abc).complete("a");
    expect(refused(play, action)).toMatchObject({ message });
    const before = play.state;
    steer(play, action);
    expect(play.state).toEqual(before);
  });

  test("is named by its item and its iteration", () => {
    const inner = {
      id: "l",
      type: "loop",
      config: { until: "false", max_iterations: 3, body: { nodes: [work("x")], edges: [] } },
    };
    const nodes = [
      { id: "m", type: "map", config: { items: "[1, 2, 3]", concurrency: 2, body: { nodes: [inner], edges: [] } } },
    ];
    const play = new Play({ nodes, edges: [] });
    expect(play.running).toEqual(["x[0]", "x[1]"]);
    expect(refused(play, { action: "skip", nodeId: "x" })).toMatchObject({
      code: "NODE_UNKNOWN",
      message: "'x' names no run of 'x': it runs in an item of 'm' and an iteration of 'l', as 'x[0]#2'",
    });
    expect(refused(play, { action: "skip", nodeId: "x[3]#2" })).toMatchObject({
      message: "'m' has 3 items, the last of which is [2]",
    });
    steer(play, { action: "set_output", nodeId: "x[0]#2", output: "second" });
    steer(play, { action: "skip", nodeId: "x[2]" });
    play.complete("x[0]");
    expect(play.running).toEqual(["x[1]", "x[0]#3"]);
    expect(refused(play, { action: "skip", nodeId: "x[0]#2" })).toMatchObject({ code: "STATE_UNFIT" });
    expect(refused(play, { action: "skip", nodeId: "x[0]#3" })).toBeNull();
  });
});

test("a map starts as many items at a time as it is told", () => {
  const task = { task_type: "noop", config: { output: "${{ item }}" } };
  const nodes = [{ id: "m", type: "map", config: { items: "range(6)", concurrency: 1, task } }];
  const play = new Play({
    nodes: [{ ...nodes[0], config: { ...nodes[0]?.config, items: "[0, 1, 2, 3, 4, 5]" } }],
    edges: [],
  });
  expect(play.running).toEqual(["m[0]"]);
  steer(play, { action: "update", concurrency: { m: 3 } });
  expect(play.running).toEqual(["m[0]", "m[1]", "m[2]"]);
  steer(play, { action: "update", concurrency: { m: 1 } });
  play.complete("m[0]");
  expect(play.running).toEqual(["m[1]", "m[2]"]);
  play.complete("m[1]", "m[2]");
  expect(play.running).toEqual(["m[3]"]);
});
