import { parseExecutionId } from "../../core/ids";
import type { Execution, GetExecutionRequest } from "../../gen/proto/executions";
import type { ApiContext } from "../api-context";
import { encodeExecution } from "../convert/execution";
import { loadExecution } from "./load-execution";

export async function getExecution(context: ApiContext, request: GetExecutionRequest): Promise<Execution> {
  return encodeExecution(await loadExecution(context, parseExecutionId(request.id)));
}
