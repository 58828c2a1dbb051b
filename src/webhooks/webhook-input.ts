import type { JsonObject, JsonValue } from "../core/json";
import type { Result } from "../core/result";
import type { Problem } from "../definition/graph-types";
import type { RenderError } from "../definition/templates";
import { checkVariableTemplate, type KnownVariables, renderVariables } from "../definition/variable-templates";

/** What the expressions of an input see of a request. */
export interface WebhookVariables {
  readonly body: JsonValue;
  /** Texts by name in lower case. */
  readonly headers: JsonObject;
  readonly webhook: { readonly name: string };
}

const KNOWN: KnownVariables = {
  names: ["body", "headers", "webhook"],
  told: "body, headers (by name in lower case) and webhook.name",
};

/** Everything that is wrong with the expressions of an input, whatever the request; pointers are into the input. */
export function checkWebhookInput(template: JsonValue): readonly Problem[] {
  return checkVariableTemplate(template, KNOWN);
}

/** Puts a request into the input. */
export function renderWebhookInput(
  template: JsonValue,
  { body, headers, webhook }: WebhookVariables,
): Result<JsonValue, RenderError> {
  return renderVariables(template, { body, headers, webhook: { name: webhook.name } });
}
