import { v7 as uuidv7 } from "uuid";
import { OrchestratorError } from "../../core/errors";
import { newSecret } from "../../delivering/standard-webhooks";
import type { CreateReactionRequest, CreateReactionResponse } from "../../gen/proto/reactions";
import { shownUrl } from "../../reactions/callback-url";
import type { NewReaction } from "../../store/reaction-records";
import type { ApiContext } from "../api-context";
import { encodeReaction } from "../convert/reaction";
import { RequestCheck } from "../requests/request-check";
import { checkCallbackUrl, checkSecret } from "./callback-settings";
import { checkExists } from "./check-exists";
import { decodeCondition, decodeId, decodeInputTemplate, decodeStatuses, decodeSubject } from "./decode-reaction";

/** Each costs a look at every end, and a run in Temporal. */
export const MAX_REACTIONS_EACH = 20;

export async function createReaction(
  context: ApiContext,
  request: CreateReactionRequest,
): Promise<CreateReactionResponse> {
  const check = new RequestCheck();
  const subject = decodeSubject(check, request);
  const statuses = decodeStatuses(check, request.on);
  const condition = decodeCondition(check, request.condition);
  const { action, madeSecret } = decodeAction(check, context, request);
  if (subject !== null) await checkExists(check, context, subject.kind, subject.id, `${subject.kind}_id`);
  if (action?.kind === "start") await checkExists(check, context, "workflow", action.target, "start_workflow_id");
  check.finish();
  if (subject === null || action === null) throw new Error("a request without a subject or an action was let through");
  const { total } = await context.store.listReactions({ scopeId: subject.id }, { limit: 0, offset: 0 });
  if (total >= MAX_REACTIONS_EACH) {
    throw new OrchestratorError(
      "RESOURCE_EXHAUSTED",
      `${subject.kind} ${subject.id} has ${total} reactions, which is as many as it can have; delete one first`,
    );
  }
  const enabled = !request.disabled;
  const record = await context.store.createReaction({
    id: uuidv7(),
    scope: subject.kind,
    scopeId: subject.id,
    enabled,
    statuses,
    condition,
    ...action,
  });
  return { reaction: encodeReaction(record), callbackSecret: madeSecret };
}

type Action = Pick<NewReaction, "kind" | "target" | "url" | "secret" | "input">;

interface DecodedAction {
  /** Null, with a violation, where there is none or more than one. */
  readonly action: Action | null;
  /** There only where the client is to be told. */
  readonly madeSecret?: string;
}

function decodeAction(check: RequestCheck, context: ApiContext, request: CreateReactionRequest): DecodedAction {
  const { callbackUrl, callbackSecret, startWorkflowId, input } = request;
  if (callbackUrl !== undefined && startWorkflowId !== undefined) {
    check.add("start_workflow_id", "must be absent where callback_url is given: make two reactions");
    return { action: null };
  }
  if (callbackUrl !== undefined) {
    if (input !== undefined) check.add("input", "is of a start; a callback has a body of its own");
    const before = context.callbacks;
    const url = checkCallbackUrl(check, "callback_url", callbackUrl, before);
    const given = callbackSecret === undefined ? before.secret : checkSecret(check, "callback_secret", callbackSecret);
    const secret = given === "" ? newSecret() : given;
    const target = check.mentions("callback_url") ? "" : shownUrl(url);
    const action = { kind: "callback" as const, target, url, secret, input: null };
    return given === "" ? { action, madeSecret: secret } : { action };
  }
  if (startWorkflowId === undefined) {
    check.add("callback_url", "is required, or start_workflow_id: what is to happen");
    return { action: null };
  }
  if (callbackSecret !== undefined) check.add("callback_secret", "is of a callback");
  const template = decodeInputTemplate(check, input);
  const target = decodeId(check, "workflow", startWorkflowId, "start_workflow_id")?.id ?? null;
  if (target === null) return { action: null };
  return { action: { kind: "start", target, url: null, secret: null, input: template } };
}
