import { parseExecutionId } from "../../core/ids";
import type { Event, WatchExecutionRequest } from "../../gen/proto/executions";
import type { ApiContext } from "../api-context";
import { encodeEvent } from "../convert/event";
import { MAX_OFFSET_LENGTH } from "../limits";
import { notFound } from "../requests/not-found";
import { RequestCheck } from "../requests/request-check";
import type { ResponseStream } from "../server-stream";
import { followExecution } from "./follow-execution";
import { runReference } from "./repair-execution";

export async function watchExecution(
  context: ApiContext,
  request: WatchExecutionRequest,
  stream: ResponseStream<Event>,
): Promise<void> {
  const id = parseExecutionId(request.id);
  const check = new RequestCheck();
  const after = check.text("after_offset", request.afterOffset ?? "", MAX_OFFSET_LENGTH);
  check.finish();
  const execution = await context.store.getExecution(id);
  const run = execution === null ? undefined : runReference(execution);
  if (run === undefined) throw notFound("execution", id);
  await followExecution(context, { run, recorded: Promise.resolve() }, stream, {
    encode: (event) => encodeEvent(id, event),
    ...(after === "" ? {} : { after }),
  });
}
