import { randomUUID } from "node:crypto";
import { parseExecutionId } from "../../core/ids";
import type { AnswerApprovalRequest, AnswerApprovalResponse } from "../../gen/proto/executions";
import { MAX_REQUEST_ID_LENGTH } from "../../workflows/message-inputs";
import type { ApiContext } from "../api-context";
import { MAX_COMMENT_LENGTH, MAX_INSTANCE_ID_LENGTH, MAX_MESSAGE_BYTES, MAX_TITLE_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";
import { updateExecution } from "./update-execution";

export async function answerApproval(
  context: ApiContext,
  request: AnswerApprovalRequest,
): Promise<AnswerApprovalResponse> {
  const executionId = parseExecutionId(request.executionId, "execution_id");
  const check = new RequestCheck();
  const nodeId = check.requiredText("node_id", request.nodeId, MAX_INSTANCE_ID_LENGTH);
  const form = request.form === undefined ? undefined : check.json("form", request.form, MAX_MESSAGE_BYTES);
  const comment = check.optionalText("comment", request.comment, MAX_COMMENT_LENGTH);
  const by = request.by === undefined ? undefined : check.requiredText("by", request.by, MAX_TITLE_LENGTH);
  const requestId = check.key("request_id", request.requestId ?? randomUUID(), MAX_REQUEST_ID_LENGTH);
  check.finish();
  const answer = {
    nodeId,
    approved: request.approved,
    requestId,
    ...(form === undefined ? {} : { form }),
    ...(comment === undefined ? {} : { comment }),
    ...(by === undefined ? {} : { by }),
  };
  await updateExecution(context, {
    executionId,
    isRepeatable: request.requestId !== undefined,
    what: "answer",
    fields: { content: "form", target: "node_id" },
    send: (run) => context.runs.answerApproval(run, answer),
  });
  return { requestId };
}
