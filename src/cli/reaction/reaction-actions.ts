import type { ExecutionReaction, ListExecutionReactionsResponse } from "../../gen/proto/executions";
import type {
  CreateReactionResponse,
  DeleteReactionResponse,
  ListReactionsResponse,
  Reaction,
} from "../../gen/proto/reactions";
import { type ClientSession, withSession } from "../connection/client-session";
import { usageError } from "../exit-codes";
import type { ClientOptions } from "../options/command-options";
import { readInput, readStandardInput } from "../options/values";
import { deletedView, idView } from "../record/records-view";
import { deliveriesView } from "./delivery-view";
import type {
  CreateReactionOptions,
  ExecutionCallbacksOptions,
  ListReactionsOptions,
  UpdateReactionOptions,
} from "./reaction-command";
import { createdReactionView, reactionsView, reactionView } from "./reaction-view";

export async function createReaction(options: CreateReactionOptions): Promise<void> {
  const input = await readInput(options.input, readStandardInput);
  await withSession(options, async ({ connection, config, print }) => {
    const secret = options.callback === undefined ? "" : config.callbackSecret;
    const request = {
      workflowId: options.workflow,
      taskId: options.task,
      on: statusesOf(options.on),
      condition: options.condition,
      callbackUrl: options.callback,
      callbackSecret: secret === "" ? undefined : secret,
      startWorkflowId: options.start,
      input,
      disabled: options.disabled === true,
    };
    print(
      createdReactionView(
        await connection.call<CreateReactionResponse>((...call) =>
          connection.reactions.createReaction(request, ...call),
        ),
      ),
    );
  });
}

export async function getReaction(id: string, options: ClientOptions): Promise<void> {
  await withSession(options, async ({ connection, print }) => {
    print(
      reactionView(await connection.call<Reaction>((...call) => connection.reactions.getReaction({ id }, ...call))),
    );
  });
}

export async function listReactions(options: ListReactionsOptions): Promise<void> {
  const { limit, offset, workflow, task } = options;
  const request = { limit, offset, workflowId: workflow, taskId: task };
  await withSession(options, async ({ connection, print }) => {
    const page = await connection.call<ListReactionsResponse>((...call) =>
      connection.reactions.listReactions(request, ...call),
    );
    print(reactionsView(page));
  });
}

export async function updateReaction(id: string, options: UpdateReactionOptions): Promise<void> {
  const { enable, disable, on, condition, callback, callbackSecret } = options;
  const changes = {
    enabled: disable === true ? false : enable,
    condition,
    callbackUrl: callback,
    callbackSecret,
    input: await readInput(options.input, readStandardInput),
  };
  if (on === undefined && Object.values(changes).every((value) => value === undefined))
    throw usageError("nothing to change", "`aco reaction update --help` lists what can be changed.");
  await withSession(options, async ({ connection, print }) => {
    const reaction = await connection.call<Reaction>((...call) =>
      connection.reactions.updateReaction({ id, on: statusesOf(on), ...changes }, ...call),
    );
    print(idView(reaction.id, reactionView(reaction)));
  });
}

export async function deleteReaction(id: string, options: ClientOptions): Promise<void> {
  await withSession(options, async ({ connection, print }) => {
    await connection.call<DeleteReactionResponse>((...call) => connection.reactions.deleteReaction({ id }, ...call));
    print(deletedView(id));
  });
}

export async function executionCallbacks(executionId: string, options: ExecutionCallbacksOptions): Promise<void> {
  await withSession(options, async (session) => {
    const { connection, print } = session;
    if (options.retry === undefined) {
      print(deliveriesView(await reactionsOf(session, executionId)));
      return;
    }
    const reactionId = options.retry === true ? undefined : options.retry;
    const reaction = await connection.call<ExecutionReaction>((...call) =>
      connection.executions.retryExecutionReaction({ executionId, reactionId }, ...call),
    );
    print(deliveriesView([reaction]));
  });
}

async function reactionsOf({ connection }: ClientSession, executionId: string): Promise<readonly ExecutionReaction[]> {
  const { reactions } = await connection.call<ListExecutionReactionsResponse>((...call) =>
    connection.executions.listExecutionReactions({ executionId }, ...call),
  );
  return reactions;
}

function statusesOf(given: string | undefined): string[] {
  return given === undefined ? [] : given.split(",").map((status) => status.trim());
}
