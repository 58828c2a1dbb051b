import type {
  DeleteReactionRequest,
  DeleteReactionResponse,
  GetReactionRequest,
  ListReactionsRequest,
  ListReactionsResponse,
  Reaction,
} from "../../gen/proto/reactions";
import type { ReactionRecord } from "../../store/reaction-records";
import type { ApiContext } from "../api-context";
import { encodeReaction } from "../convert/reaction";
import { decodePageRequest } from "../requests/page-request";
import { RequestCheck } from "../requests/request-check";
import { decodeSubject, reactionNotFound } from "./decode-reaction";

export async function getReaction(context: ApiContext, { id }: GetReactionRequest): Promise<Reaction> {
  return encodeReaction(await loadReaction(context, id));
}

export async function listReactions(
  { store }: ApiContext,
  request: ListReactionsRequest,
): Promise<ListReactionsResponse> {
  const check = new RequestCheck();
  const page = decodePageRequest(check, request);
  const isAll = request.workflowId === undefined && request.taskId === undefined;
  const subject = isAll ? null : decodeSubject(check, request);
  check.finish();
  const { items, total } = await store.listReactions(subject === null ? {} : { scopeId: subject.id }, page);
  return { reactions: items.map(encodeReaction), total };
}

export async function deleteReaction(
  context: ApiContext,
  { id }: DeleteReactionRequest,
): Promise<DeleteReactionResponse> {
  await loadReaction(context, id);
  if (!(await context.store.deleteReaction(id))) throw reactionNotFound(id);
  return {};
}

/** One of a task or a workflow. Throws NOT_FOUND. */
export async function loadReaction({ store }: Pick<ApiContext, "store">, id: string): Promise<ReactionRecord> {
  const check = new RequestCheck();
  check.requiredText("id", id, 64);
  check.finish();
  const reaction = await store.getReaction(id.toLowerCase());
  if (reaction === null || reaction.scope === "execution") throw reactionNotFound(id);
  return reaction;
}
