import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { canonicalJson } from "../definition/canonical-json";
import { fromJson } from "../definition/expressions/cel-values";
import { parseExpression } from "../definition/expressions/expression";
import { Fuel } from "../definition/expressions/fuel";
import type { Concurrency } from "../definition/graph-types";
import { renderTemplate } from "../definition/templates";
import { renderFailure } from "./failures";

/** The text by which runs of one workflow know that they have to go one at a time. What is no text counts as its JSON. */
export function concurrencyKey(
  { key }: Concurrency,
  input: JsonValue,
  execution: { readonly id: string },
): Result<string, Failure> {
  const fuel = new Fuel();
  const variables = { input: fromJson(input), execution };
  const rendered = renderTemplate(
    key,
    (source) => {
      const parsed = parseExpression(source);
      return parsed.ok ? parsed.value.evaluate(variables, fuel) : parsed;
    },
    "/concurrency/key",
  );
  if (!rendered.ok) return err(renderFailure(rendered.error));
  return ok(typeof rendered.value === "string" ? rendered.value : canonicalJson(rendered.value));
}
