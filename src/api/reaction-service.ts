import type { ReactionServiceServer } from "../gen/proto/reactions";
import type { ApiContext } from "./api-context";
import { createReaction } from "./reactions/create-reaction";
import { deleteReaction, getReaction, listReactions } from "./reactions/read-reactions";
import { updateReaction } from "./reactions/update-reaction";
import { unary } from "./unary";

/** `orchestrator.reactions.ReactionService`. */
export function reactionService(context: ApiContext): ReactionServiceServer {
  const { logger } = context;
  return {
    createReaction: unary(logger, (request) => createReaction(context, request)),
    getReaction: unary(logger, (request) => getReaction(context, request)),
    listReactions: unary(logger, (request) => listReactions(context, request)),
    updateReaction: unary(logger, (request) => updateReaction(context, request)),
    deleteReaction: unary(logger, (request) => deleteReaction(context, request)),
  };
}
