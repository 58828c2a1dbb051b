import type { TestWebhookRequest, TestWebhookResponse } from "../../gen/proto/webhooks";
import type { ApiContext } from "../api-context";
import { RequestCheck } from "../requests/request-check";
import { loadWebhook } from "./change-webhook";
import { planWebhookRun } from "./plan-webhook-run";

export async function testWebhook(context: ApiContext, request: TestWebhookRequest): Promise<TestWebhookResponse> {
  const webhook = await loadWebhook(context, request.name);
  const check = new RequestCheck();
  const body = check.json("body", request.body, webhook.maxBodyBytes);
  check.finish();
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  // What only tells repetitions is not what somebody who tries a template thinks of.
  const { idempotencyHeader } = webhook;
  const isKeyed = idempotencyHeader !== "" && headers[idempotencyHeader] !== undefined;
  const { plan, key } = await planWebhookRun(context, isKeyed ? webhook : { ...webhook, idempotencyHeader: "" }, {
    body,
    headers,
  });
  return { input: JSON.stringify(plan.input), idempotencyKey: key };
}
