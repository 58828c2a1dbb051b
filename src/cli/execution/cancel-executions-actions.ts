import { type Execution, ExecutionStatus } from "../../gen/proto/executions";
import { withSession } from "../connection/client-session";
import type { Connection } from "../connection/connection";
import { isServiceError, STATUS } from "../connection/rpc-errors";
import { executionView, idView } from "../record/records-view";
import { actOnMany, type BulkVerb, isOfMany } from "./bulk-executions";
import type { CancelExecutionOptions } from "./execution-command";

export async function cancelExecutions(id: string | undefined, options: CancelExecutionOptions): Promise<void> {
  const isBulk = isOfMany(id, options);
  const { reason } = options;
  await withSession(options, async (session) => {
    const { connection, print } = session;
    if (isBulk) {
      await actOnMany(session, options, cancelling(connection, reason));
      return;
    }
    const execution = await cancelOne(connection, id, reason);
    print(idView(execution.id, executionView(execution)));
  });
}

function cancelling(connection: Connection, reason: string | undefined): BulkVerb {
  return {
    command: "Cancel",
    doing: "cancelling",
    done: "cancelled",
    passedOver: "had ended",
    one: "running execution",
    statuses: [ExecutionStatus.EXECUTION_STATUS_RUNNING],
    work: async ({ id }) => {
      try {
        await cancelOne(connection, id, reason);
        return "done";
      } catch (error) {
        // It ended by itself since it was listed.
        if (isServiceError(error) && (error.code === STATUS.failedPrecondition || error.code === STATUS.notFound))
          return "passed over";
        throw error;
      }
    },
  };
}

function cancelOne(connection: Connection, id: string, reason: string | undefined): Promise<Execution> {
  return connection.call<Execution>((...call) => connection.executions.cancelExecution({ id, reason }, ...call));
}
