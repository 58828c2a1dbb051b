import { invalidArgument, OrchestratorError } from "../../core/errors";
import { parseTaskId, parseWorkflowId } from "../../core/ids";
import type { JsonObject, JsonValue } from "../../core/json";
import type { WebhookRecord } from "../../store/webhook-records";
import { renderWebhookInput } from "../../webhooks/webhook-input";
import type { ApiContext } from "../api-context";
import { planTaskRun } from "../executions/plan-task-run";
import { planWorkflowRun } from "../executions/plan-workflow-run";
import type { RunPlan } from "../executions/start-execution";
import { MAX_IDEMPOTENCY_KEY_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";

/** A request whose signature was right, or that is only tried. */
export interface WebhookRequest {
  readonly body: JsonValue;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a request starts, and what tells its repetitions. */
export interface PlannedWebhook {
  readonly plan: RunPlan;
  readonly key: string | undefined;
}

/** Throws INVALID_ARGUMENT with every place that is wrong, and what `planWorkflowRun` and `planTaskRun` throw. */
export async function planWebhookRun(
  context: ApiContext,
  webhook: WebhookRecord,
  request: WebhookRequest,
): Promise<PlannedWebhook> {
  const key = keyOf(webhook, request);
  const input = inputOf(webhook, request);
  const names = { origin: { webhookName: webhook.name } };
  if (webhook.kind === "task") {
    const task = await context.store.getTask(parseTaskId(webhook.subjectId));
    if (task === null) throw targetGone(webhook);
    return { plan: planTaskRun(context, task, input === undefined ? undefined : JSON.stringify(input), names), key };
  }
  const workflow = await context.store.getWorkflow(parseWorkflowId(webhook.subjectId));
  if (workflow === null) throw targetGone(webhook);
  const text = JSON.stringify(input === undefined ? request.body : input);
  return { plan: await planWorkflowRun(context, workflow, text, { names }), key };
}

/** Keys are kept with the task or workflow, where clients have keys of their own. */
function keyOf({ name, idempotencyHeader }: WebhookRecord, { headers }: WebhookRequest): string | undefined {
  if (idempotencyHeader === "") return undefined;
  const value = headers[idempotencyHeader] ?? "";
  const field = `headers/${idempotencyHeader}`;
  const check = new RequestCheck();
  if (value === "") check.add(field, "is required: by this header a repeated request is told from a new one");
  const key = check.key(field, `webhook/${name}/${value}`, MAX_IDEMPOTENCY_KEY_LENGTH);
  check.finish();
  return key;
}

function inputOf({ name, input }: WebhookRecord, { body, headers }: WebhookRequest): JsonValue | undefined {
  if (input === null) return undefined;
  const template = JSON.parse(input) as JsonValue;
  const variables = { body, headers: { ...headers } as JsonObject, webhook: { name } };
  const rendered = renderWebhookInput(template, variables);
  if (rendered.ok) return rendered.value;
  const { pointer, message, column } = rendered.error;
  throw invalidArgument([{ field: `input${pointer}`, description: `${message} (column ${column})` }]);
}

function targetGone({ name, kind, subjectId }: WebhookRecord): OrchestratorError {
  return new OrchestratorError("FAILED_PRECONDITION", `webhook ${name} starts ${kind} ${subjectId}, which was deleted`);
}
