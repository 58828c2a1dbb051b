import { credentials, type ServiceError } from "@grpc/grpc-js";
import {
  type ExecutionReaction,
  ExecutionServiceClient,
  type ListExecutionReactionsResponse,
} from "../../src/gen/proto/executions";
import {
  CreateReactionRequest,
  type CreateReactionResponse,
  type DeleteReactionResponse,
  ListReactionsRequest,
  type ListReactionsResponse,
  type Reaction,
  ReactionServiceClient,
  UpdateReactionRequest,
} from "../../src/gen/proto/reactions";

type Done<Response> = (error: ServiceError | null, response: Response) => void;

function reply<Response>(call: (done: Done<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
}

export type ReactionClient = ReturnType<typeof connectReactions>;

/** The generated clients with promises; fields that a test does not care for may be left out. */
export function connectReactions(address: string) {
  const options = { "grpc.use_local_subchannel_pool": 1 };
  const stub = new ReactionServiceClient(address, credentials.createInsecure(), options);
  const executions = new ExecutionServiceClient(address, credentials.createInsecure(), options);
  return {
    create: (request: Partial<CreateReactionRequest>) =>
      reply<CreateReactionResponse>((done) => stub.createReaction(CreateReactionRequest.fromPartial(request), done)),
    get: (id: string) => reply<Reaction>((done) => stub.getReaction({ id }, done)),
    list: (request: Partial<ListReactionsRequest> = {}) =>
      reply<ListReactionsResponse>((done) => stub.listReactions(ListReactionsRequest.fromPartial(request), done)),
    update: (request: Partial<UpdateReactionRequest>) =>
      reply<Reaction>((done) => stub.updateReaction(UpdateReactionRequest.fromPartial(request), done)),
    delete: (id: string) => reply<DeleteReactionResponse>((done) => stub.deleteReaction({ id }, done)),
    ofExecution: async (executionId: string) =>
      (await reply<ListExecutionReactionsResponse>((done) => executions.listExecutionReactions({ executionId }, done)))
        .reactions,
    retry: (executionId: string, reactionId?: string) =>
      reply<ExecutionReaction>((done) => executions.retryExecutionReaction({ executionId, reactionId }, done)),
    close: () => {
      stub.close();
      executions.close();
    },
  };
}

/** Looks until what it sees is good; throws with the last value where it never is. */
export async function until<T>(look: () => Promise<T>, isGood: (value: T) => boolean, timeoutMs = 20_000): Promise<T> {
  for (const deadline = Date.now() + timeoutMs; ; await new Promise((resolve) => setTimeout(resolve, 50))) {
    const value = await look();
    if (isGood(value)) return value;
    if (Date.now() > deadline) throw new Error(`still ${JSON.stringify(value)}`);
  }
}
