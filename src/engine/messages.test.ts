import { Play, path, show, work } from "../../tests/play-graph";
import { NOW_MS } from "../../tests/run-graph";
import type { JsonObject, JsonValue } from "../core/json";
import { refusal, step } from "./engine";
import type { AnswerInput, MessageInput } from "./engine-types";
import { MAX_MESSAGE_BYTES, MAX_MESSAGES } from "./limits";

const signal = (id: string, config: JsonObject = {}) => ({ id, type: "signal", config: { name: "paid", ...config } });
const message = (payload: JsonValue, name = "paid"): MessageInput => ({ type: "message", name, payload });

describe("messages", () => {
  test("wait for the node that takes them, oldest first", () => {
    const graph = {
      nodes: [work("a"), signal("s"), signal("t")],
      edges: path("a", "s", "t"),
      output: "${{ [nodes.s.output, nodes.t.output] }}",
    };
    const play = new Play(graph).feed(message(1)).feed(message(2)).complete("a");
    expect(play.outcome).toEqual({ status: "completed", output: [1, 2] });
  });

  test("go to the node that waits longest", () => {
    const play = new Play({
      nodes: [signal("s"), signal("t"), show("u", "${{ nodes.s.output }}")],
      edges: path("s", "u"),
    });
    play.feed(message("first"));
    expect(play.tasks.get("u")).toMatchObject({ output: "first" });
    expect(play.feed(message("second")).complete("u").outcome).toEqual({
      status: "completed",
      output: { u: null, t: "second" },
    });
  });

  test("pass by a node whose schema they do not match", () => {
    const graph = { nodes: [signal("s", { schema: { type: "string" } }), signal("n", { schema: { type: "number" } })] };
    const play = new Play(graph).feed(message(7)).feed(message("seven"));
    expect(play.outcome).toEqual({ status: "completed", output: { s: "seven", n: 7 } });
  });

  test("are refused, and change nothing, where no node would take them or they are too many or too large", () => {
    const schema = { type: "object", required: ["id"] };
    const play = new Play({ nodes: [work("a"), signal("s", { schema })], edges: path("a", "s") });
    const refused = (input: MessageInput) => {
      expect(step(play.state, input, NOW_MS).state).toBe(play.state);
      return refusal(play.state, input)?.code;
    };
    expect(refusal(play.state, message({ id: 1 }))).toBeNull();
    expect(refused(message({}))).toBe("INPUT_INVALID");
    expect(refused(message({ id: 1 }, "other"))).toBe("INPUT_INVALID");
    expect(refusal(play.state, message({ id: "x".repeat(MAX_MESSAGE_BYTES - 9) }))).toBeNull();
    expect(refused(message({ id: "x".repeat(MAX_MESSAGE_BYTES - 8) }))).toBe("MESSAGE_TOO_LARGE");
    for (let count = 0; count < MAX_MESSAGES; count += 1) play.feed(message({ id: count }));
    expect(refused(message({ id: 1 }))).toBe("INBOX_FULL");
    expect(play.complete("a").outcome).toEqual({ status: "completed", output: { s: { id: 0 } } });
    expect(refused(message({ id: 1 }))).toBe("RUN_ENDING");
  });
});

describe("answers", () => {
  const approval = { id: "ok", type: "approval", config: { message: "Ship ${{ item }}?", approvers: ["ann"] } };
  const graph = {
    nodes: [{ id: "m", type: "map", config: { items: ["x", "y"], body: { nodes: [approval], edges: [] } } }],
  };
  const answer = (nodeId: string, by = "ann"): AnswerInput => ({ type: "answer", nodeId, approved: true, by });

  test("go to the approval of that instance", () => {
    const play = new Play(graph).feed(answer("ok[1]"));
    expect(play.ends).toEqual(["ok[1] completed"]);
    expect(play.feed(answer("ok[0]")).outcome).toMatchObject({ status: "completed" });
  });

  test("are refused, and change nothing, from others, for no approval, and the second time", () => {
    const { state } = new Play(graph).feed(answer("ok[1]"));
    for (const [input, code] of [
      [answer("ok[0]", "bob"), "APPROVER_REFUSED"],
      [answer("ok[1]"), "APPROVAL_UNKNOWN"],
      [answer("m"), "APPROVAL_UNKNOWN"],
      [answer("__proto__"), "APPROVAL_UNKNOWN"],
    ] as const) {
      expect(refusal(state, input)?.code).toBe(code);
      expect(step(state, input, NOW_MS).state).toBe(state);
    }
    expect(refusal(state, answer("nobody"))).toMatchObject({ details: { waiting: ["ok[0]"] } });
  });
});
