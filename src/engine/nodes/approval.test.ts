import { nodeContext } from "../../../tests/node-context";
import { NOW_MS, outcome, run } from "../../../tests/run-graph";
import type { ApprovalNode } from "../../definition/graph-types";
import { refusal, viewNodes } from "../engine";
import type { AnswerInput } from "../engine-types";
import { approvalBehaviour } from "./approval";

const nodeWith = (config: Partial<ApprovalNode["config"]>): ApprovalNode => ({
  id: "a",
  type: "approval",
  config: { message: "Deploy?", ...config },
});
const answerOf = (answer: Partial<AnswerInput>): AnswerInput => ({
  type: "answer",
  nodeId: "a",
  approved: true,
  ...answer,
});
const answered = (config: Partial<ApprovalNode["config"]>, answer: Partial<AnswerInput>) =>
  approvalBehaviour.resume?.(
    nodeWith(config),
    nodeContext(),
    { message: "Deploy?" },
    { type: "answer", answer: answerOf(answer) },
  );
const timedOut = (config: Partial<ApprovalNode["config"]>) =>
  approvalBehaviour.resume?.(
    nodeWith({ timeout: "1d", ...config }),
    nodeContext(),
    { message: "Deploy?" },
    { type: "timer_fired", name: "timeout" },
  );
const AT = "2026-01-01T00:00:00.000Z";

test("shows a rendered message, the form and who may answer until its timeout", () => {
  const schema = { type: "object" };
  const node = nodeWith({ message: "Deploy ${{ input.tag }}?", schema, approvers: ["ada"], timeout: "1d" });
  const untilMs = NOW_MS + 86_400_000;
  const entered = approvalBehaviour.enter(node, nodeContext({ input: { tag: "v2" } }));
  expect(entered).toEqual({
    type: "wait",
    progress: { message: "Deploy v2?", sinceMs: NOW_MS, untilMs },
    effects: [{ type: "start_timer", name: "timeout", dueAtMs: untilMs }],
    input: { message: "Deploy v2?", schema, approvers: ["ada"], until: "2026-01-02T00:00:00.000Z" },
  });
  expect(approvalBehaviour.waiting?.(node, { message: "Deploy v2?", untilMs })).toEqual({
    for: "approval",
    message: "Deploy v2?",
    untilMs,
    onTimeout: "fail",
    schema,
    approvers: ["ada"],
  });
});

test("gives what the person said", () => {
  expect(answered({}, { by: "ada", comment: "go", form: { when: "now" } })).toEqual({
    type: "complete",
    output: { approved: true, by: "ada", at: AT, comment: "go", form: { when: "now" } },
  });
  expect(answered({}, {})).toEqual({
    type: "complete",
    output: { approved: true, by: null, at: AT, comment: null, form: null },
  });
});

test("a rejection fails it, or goes on where it is to", () => {
  expect(answered({}, { approved: false, by: "ada", comment: "too late" })).toMatchObject({
    type: "fail",
    failure: { code: "APPROVAL_REJECTED", message: "rejected by ada: too late", details: { by: "ada", at: AT } },
  });
  expect(answered({ on_reject: "continue" }, { approved: false })).toMatchObject({
    type: "complete",
    output: { approved: false },
  });
});

test("does after its timeout what it says", () => {
  expect(timedOut({})).toMatchObject({ failure: { code: "APPROVAL_TIMEOUT", message: "nobody answered within 1d" } });
  expect(timedOut({ on_timeout: "approve" })).toMatchObject({ type: "complete", output: { approved: true, by: null } });
  expect(timedOut({ on_timeout: "reject" })).toMatchObject({ failure: { code: "APPROVAL_REJECTED" } });
  expect(timedOut({ on_timeout: "reject", on_reject: "continue" })).toMatchObject({ output: { approved: false } });
});

const form = { type: "object", required: ["when"] };
test.each([
  ["nobody's", { approvers: ["ada"] }, {}, "APPROVER_REFUSED"],
  ["somebody else's", { approvers: ["ada"] }, { by: "bob" }, "APPROVER_REFUSED"],
  ["one without the form", { schema: form }, {}, "INPUT_INVALID"],
  ["one with another form", { schema: form }, { form: { where: 1 } }, "INPUT_INVALID"],
  ["a rejection with another form", { schema: form }, { approved: false, form: [] }, "INPUT_INVALID"],
])("refuses %s answer, and goes on waiting", (_what, config, answer, code) => {
  expect(approvalBehaviour.refuse?.(nodeWith(config), {}, answerOf(answer))?.code).toBe(code);
  expect(answered(config, answer)).toEqual({ type: "wait", progress: { message: "Deploy?" } });
});

test("a rejection needs no form", () => {
  expect(approvalBehaviour.refuse?.(nodeWith({ schema: form }), {}, answerOf({ approved: false }))).toBeNull();
});

test("a message that does not evaluate fails it", () => {
  expect(approvalBehaviour.enter(nodeWith({ message: "${{ 1 / 'x' }}" }), nodeContext())).toMatchObject({
    failure: { code: "EXPRESSION_FAILED" },
  });
});

test("in a run, it is shown with what it waits for, and the answer of one who may ends it", () => {
  const definition = { nodes: [{ id: "a", type: "approval", config: { message: "Deploy?", approvers: ["ada"] } }] };
  const { state } = run(definition);
  expect(viewNodes(state)).toMatchObject([{ id: "a", waiting: { for: "approval", message: "Deploy?" } }]);
  expect(refusal(state, answerOf({ by: "bob" }))).toMatchObject({ code: "APPROVER_REFUSED" });
  const ended = run(definition, [answerOf({ by: "bob" }), answerOf({ by: "ada" })]);
  expect(outcome(ended)).toMatchObject({ status: "completed", output: { a: { approved: true, by: "ada", at: AT } } });
});
