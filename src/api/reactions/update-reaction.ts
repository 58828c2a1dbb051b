import type { Reaction, UpdateReactionRequest } from "../../gen/proto/reactions";
import { shownUrl } from "../../reactions/callback-url";
import type { ReactionChanges, ReactionRecord } from "../../store/reaction-records";
import type { ApiContext } from "../api-context";
import { encodeReaction } from "../convert/reaction";
import { RequestCheck } from "../requests/request-check";
import { checkCallbackUrl, checkSecret } from "./callback-settings";
import { decodeCondition, decodeInputTemplate, decodeStatuses, reactionNotFound } from "./decode-reaction";
import { loadReaction } from "./read-reactions";

export async function updateReaction(context: ApiContext, request: UpdateReactionRequest): Promise<Reaction> {
  const current = await loadReaction(context, request.id);
  const check = new RequestCheck();
  const changes: ReactionChanges = {
    ...(request.enabled === undefined ? {} : { enabled: request.enabled }),
    ...(request.on.length === 0 ? {} : { statuses: decodeStatuses(check, request.on) }),
    ...(request.condition === undefined ? {} : { condition: decodeCondition(check, request.condition) }),
    ...decodeActionChanges(check, context, current, request),
  };
  check.finish();
  const record = await context.store.updateReaction(current.id, changes);
  if (record === null) throw reactionNotFound(request.id);
  return encodeReaction(record);
}

function decodeActionChanges(
  check: RequestCheck,
  context: ApiContext,
  { kind }: ReactionRecord,
  { callbackUrl, callbackSecret, input }: UpdateReactionRequest,
): ReactionChanges {
  if (kind === "start") {
    if (callbackUrl !== undefined) check.add("callback_url", "is of a callback; this reaction starts a workflow");
    if (callbackSecret !== undefined) check.add("callback_secret", "is of a callback; this reaction starts a workflow");
    return input === undefined ? {} : { input: decodeInputTemplate(check, input) };
  }
  if (input !== undefined) check.add("input", "is of a start; this reaction is a callback");
  const url = callbackUrl === undefined ? "" : checkCallbackUrl(check, "callback_url", callbackUrl, context.callbacks);
  return {
    ...(url === "" || check.mentions("callback_url") ? {} : { url, target: shownUrl(url) }),
    ...(callbackSecret === undefined ? {} : { secret: checkSecret(check, "callback_secret", callbackSecret) }),
  };
}
