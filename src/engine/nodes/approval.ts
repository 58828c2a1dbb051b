import type { Failure } from "../../core/errors";
import type { JsonObject, JsonValue } from "../../core/json";
import type { ApprovalNode } from "../../definition/graph-types";
import { checkAgainstSchema } from "../../definition/json-schema";
import type { AnswerInput } from "../engine-types";
import { problemsFailure, renderFailure } from "../failures";
import { type Deadline, deadline, deadlineText } from "./deadline";
import type { NodeAction, NodeBehaviour } from "./node-behaviour";

const TIMER = "timeout";

/** Longest message that is kept and shown, in UTF-16 units: some pages of text. */
const MAX_MESSAGE_LENGTH = 16_384;

type ApprovalProgress = Deadline & {
  readonly message: string;
  /** Absent in runs that were under way before it was kept. */
  readonly sinceMs?: number;
};

/** What a person, or the lack of one, decided. */
interface Decision {
  readonly approved: boolean;
  readonly by: string | null;
  readonly comment: string | null;
  readonly form: JsonValue;
}

/** Waits for a person's word. */
export const approvalBehaviour: NodeBehaviour<ApprovalNode> = {
  type: "approval",
  enter: ({ config }, context) => {
    const rendered = context.render(config.message, "/config/message");
    if (!rendered.ok) return { type: "fail", failure: renderFailure(rendered.error) };
    const text = typeof rendered.value === "string" ? rendered.value : JSON.stringify(rendered.value);
    const message = text.slice(0, MAX_MESSAGE_LENGTH);
    const { progress, effects } = deadline(TIMER, config.timeout, context.nowMs);
    const waiting: ApprovalProgress = { message, sinceMs: context.nowMs, ...progress };
    return {
      type: "wait",
      progress: waiting,
      effects,
      input: { message, ...asked(config), ...deadlineText(progress) },
    };
  },
  resume: (node, context, progress, event) => {
    if (event.type === "timer_fired" && event.name === TIMER) return timedOut(node, context.nowMs);
    if (event.type !== "answer" || answerProblem(node, event.answer) !== null) return { type: "wait", progress };
    const { approved, by = null, comment = null, form = null } = event.answer;
    return decide(node, { approved, by, comment, form }, context.nowMs);
  },
  refuse: (node, _progress, answer) => answerProblem(node, answer),
  waiting: ({ config }, progress) => {
    const { untilMs, ...rest } = progress as ApprovalProgress;
    const end = untilMs === undefined ? {} : { untilMs, onTimeout: config.on_timeout ?? "fail" };
    return { for: "approval", ...rest, ...end, ...asked(config) };
  },
};

/** Why an answer is not taken: not from who may answer, or with a form that does not match. Null where it is. */
function answerProblem({ config }: ApprovalNode, answer: AnswerInput): Failure | null {
  const { approvers, schema } = config;
  if (approvers !== undefined && (answer.by === undefined || !approvers.includes(answer.by))) {
    const who = answer.by === undefined ? "the answer does not say by whom it is" : `'${answer.by}' may not answer`;
    return { code: "APPROVER_REFUSED", message: `${who}; who may: ${approvers.join(", ")}` };
  }
  // A rejection needs no form, but one that comes with it must match as well.
  if (schema === undefined || (!answer.approved && answer.form === undefined)) return null;
  const problems = checkAgainstSchema(schema, answer.form ?? {});
  return problems.length === 0 ? null : problemsFailure("INPUT_INVALID", problems);
}

function asked({ schema, approvers }: ApprovalNode["config"]): {
  readonly schema?: JsonObject;
  readonly approvers?: readonly string[];
} {
  return { ...(schema === undefined ? {} : { schema }), ...(approvers === undefined ? {} : { approvers }) };
}

function timedOut(node: ApprovalNode, nowMs: number): NodeAction {
  const nobody = { by: null, comment: null, form: null };
  switch (node.config.on_timeout ?? "fail") {
    case "approve":
      return decide(node, { approved: true, ...nobody }, nowMs);
    case "reject":
      return decide(node, { approved: false, ...nobody }, nowMs);
    case "fail": {
      const message = `nobody answered within ${node.config.timeout}`;
      return { type: "fail", failure: { code: "APPROVAL_TIMEOUT", message } };
    }
  }
}

function decide({ config }: ApprovalNode, { approved, by, comment, form }: Decision, nowMs: number): NodeAction {
  const output = { approved, by, at: new Date(nowMs).toISOString(), comment, form };
  if (approved || config.on_reject === "continue") return { type: "complete", output };
  const who = by === null ? "rejected" : `rejected by ${by}`;
  const message = comment === null ? who : `${who}: ${comment}`;
  return { type: "fail", failure: { code: "APPROVAL_REJECTED", message, details: output } };
}
