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
  concurrency: Concurrency,
  input: JsonValue,
  execution: { readonly id: string },
): Result<string, Failure> {
  // A run of another version of the language may say something else; a turn that cannot be taken must not be waited for.
  const key: unknown = concurrency?.key;
  if (typeof key !== "string") return err({ code: "DEFINITION_INVALID", message: "/concurrency/key: must be a text" });
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
