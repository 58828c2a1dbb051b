import type { GetWorkflowVersionRequest, WorkflowVersion } from "../../gen/proto/executions";
import type { Connection } from "../connection/connection";
import { isServiceError, STATUS } from "../connection/rpc-errors";

/** A version of a workflow, the newest where none is named; undefined where the server is of a version that keeps none. */
export async function workflowVersion(
  connection: Connection,
  request: GetWorkflowVersionRequest,
): Promise<WorkflowVersion | undefined> {
  try {
    return await connection.call<WorkflowVersion>((...call) =>
      connection.executions.getWorkflowVersion(request, ...call),
    );
  } catch (error) {
    if (isServiceError(error) && error.code === STATUS.unimplemented) return undefined;
    throw error;
  }
}
