import { parseWorkflowId } from "../../core/ids";
import type { ExecuteWorkflowRequest, WorkflowEvent } from "../../gen/proto/workflows";
import type { ApiContext } from "../api-context";
import { encodeWorkflowEvent } from "../convert/workflow-event";
import { decodeBreakpoints } from "../executions/breakpoints";
import { followExecution } from "../executions/follow-execution";
import { decodeIdempotencyKey } from "../executions/idempotency-key";
import { planWorkflowRun, readWorkflowRequest } from "../executions/plan-workflow-run";
import { decodeCallbacks } from "../executions/start-callbacks";
import { findStarted, startExecution } from "../executions/start-execution";
import { decodeStartOptions } from "../executions/start-options";
import { notFound } from "../requests/not-found";
import type { ResponseStream } from "../server-stream";

export async function executeWorkflow(
  context: ApiContext,
  request: ExecuteWorkflowRequest,
  stream: ResponseStream<WorkflowEvent>,
): Promise<void> {
  const id = parseWorkflowId(request.id);
  const key = decodeIdempotencyKey(stream.requestMetadata);
  const names = decodeStartOptions(stream.requestMetadata);
  const callbacks = decodeCallbacks(stream.requestMetadata, context.callbacks);
  const breakpoints = decodeBreakpoints(stream.requestMetadata);
  const workflow = await context.store.getWorkflow(id);
  if (workflow === null) throw notFound("workflow", id);
  const started = await findStarted(context, readWorkflowRequest(id, request.input, breakpoints), key, callbacks);
  const start = async () => {
    const plan = await planWorkflowRun(context, workflow, request.input, { names, breakpoints });
    return await startExecution(context, plan, key, callbacks);
  };
  const execution = started ?? (await start());
  await followExecution(context, execution, stream, { encode: (event) => encodeWorkflowEvent(id, event) });
}
