import { type Client, WorkflowExecutionAlreadyStartedError } from "@temporalio/client";
import { REACT_WORKFLOW, type ReactInput, reactionRunId } from "../workflows/history-contract";
import { unavailableWhenUnreachable, whileNamespaceMissing } from "./grpc-errors";

/** Starts what carries out reactions. Both methods throw UNAVAILABLE when Temporal cannot be reached. */
export interface ReactionRuns {
  /** Does nothing where it is under way. */
  ensure(delivery: ReactInput): Promise<void>;
  /** Begins anew, whatever is under way: for a retry by hand. */
  restart(delivery: ReactInput): Promise<void>;
}

/** A start that Temporal does not answer within this is left to the next sweep. */
const CALL_TIMEOUT_MS = 10_000;

export function createReactionRuns({
  client,
  taskQueue,
}: {
  readonly client: Client;
  readonly taskQueue: string;
}): ReactionRuns {
  const start = async (
    { executionId, reactionId }: ReactInput,
    conflict: "FAIL" | "TERMINATE_EXISTING",
  ): Promise<void> => {
    const input: ReactInput = { executionId, reactionId };
    const call = () =>
      client.workflow.start(REACT_WORKFLOW, {
        taskQueue,
        workflowId: reactionRunId(executionId, reactionId),
        args: [input],
        workflowIdReusePolicy: "ALLOW_DUPLICATE",
        workflowIdConflictPolicy: conflict,
        staticSummary: `reaction to the end of execution ${executionId}`,
      });
    await unavailableWhenUnreachable("Temporal cannot be reached", () =>
      whileNamespaceMissing(() => client.connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, call)),
    );
  };
  return {
    ensure: async (delivery) => {
      try {
        await start(delivery, "FAIL");
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
    },
    restart: (delivery) => start(delivery, "TERMINATE_EXISTING"),
  };
}
