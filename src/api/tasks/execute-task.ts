import { parseTaskId } from "../../core/ids";
import type { ExecuteTaskRequest, ExecutionEvent } from "../../gen/proto/tasks";
import type { ApiContext } from "../api-context";
import { encodeTaskEvent } from "../convert/task-event";
import { followExecution } from "../executions/follow-execution";
import { decodeIdempotencyKey } from "../executions/idempotency-key";
import { planTaskRun, readTaskRequest } from "../executions/plan-task-run";
import { decodeCallbacks } from "../executions/start-callbacks";
import { findStarted, startExecution } from "../executions/start-execution";
import { decodeStartOptions } from "../executions/start-options";
import type { ResponseStream } from "../server-stream";
import { loadTask } from "./load-task";

export async function executeTask(
  context: ApiContext,
  request: ExecuteTaskRequest,
  stream: ResponseStream<ExecutionEvent>,
): Promise<void> {
  const id = parseTaskId(request.id);
  const key = decodeIdempotencyKey(stream.requestMetadata);
  const options = decodeStartOptions(stream.requestMetadata);
  const callbacks = decodeCallbacks(stream.requestMetadata, context.callbacks);
  const task = await loadTask(context, id);
  const started = await findStarted(context, readTaskRequest(id, request.configOverride), key, callbacks);
  const start = () =>
    startExecution(context, planTaskRun(context, task, request.configOverride, options), key, callbacks);
  const execution = started ?? (await start());
  await followExecution(context, execution, stream, { encode: (event) => encodeTaskEvent(id, event) });
}
