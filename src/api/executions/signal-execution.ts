import { randomUUID } from "node:crypto";
import { parseExecutionId } from "../../core/ids";
import type { SignalExecutionRequest, SignalExecutionResponse } from "../../gen/proto/executions";
import { MAX_REQUEST_ID_LENGTH } from "../../workflows/message-inputs";
import type { ApiContext } from "../api-context";
import { MAX_MESSAGE_BYTES, MAX_MESSAGE_NAME_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";
import { updateExecution } from "./update-execution";

export async function signalExecution(
  context: ApiContext,
  request: SignalExecutionRequest,
): Promise<SignalExecutionResponse> {
  const executionId = parseExecutionId(request.executionId, "execution_id");
  const check = new RequestCheck();
  const name = check.requiredText("name", request.name, MAX_MESSAGE_NAME_LENGTH);
  const payload = request.payload === undefined ? null : check.json("payload", request.payload, MAX_MESSAGE_BYTES);
  const requestId = check.key("request_id", request.requestId ?? randomUUID(), MAX_REQUEST_ID_LENGTH);
  check.finish();
  await updateExecution(context, {
    executionId,
    isRepeatable: request.requestId !== undefined,
    what: "message",
    fields: { content: "payload", target: "name" },
    send: (run) => context.runs.sendMessage(run, { name, payload, requestId }),
  });
  return { requestId };
}
