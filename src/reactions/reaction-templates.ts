import type { JsonObject, JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import type { Problem } from "../definition/graph-types";
import {
  checkVariableExpression,
  checkVariableTemplate,
  evaluateWith,
  type KnownVariables,
  renderVariables,
} from "../definition/variable-templates";

/** What an execution ended with can be anything, so only its end tells whether an expression can be evaluated. */
const KNOWN: KnownVariables = { names: ["execution"], told: "execution, the one that ended" };

export function checkCondition(text: string): readonly Problem[] {
  return checkVariableExpression(text, KNOWN);
}

export function checkReactionInput(template: JsonValue): readonly Problem[] {
  return checkVariableTemplate(template, KNOWN);
}

/** Whether the condition holds of the execution that ended. */
export function holds(condition: string, execution: JsonObject): Result<boolean, string> {
  const value = evaluateWith(condition, { execution });
  if (!value.ok) return err(`condition: ${value.error.message}`);
  if (typeof value.value === "boolean") return ok(value.value);
  return err(`condition: must give true or false; gave ${JSON.stringify(value.value).slice(0, 100)}`);
}

/** The input of the execution that is to be started. */
export function renderReactionInput(template: JsonValue, execution: JsonObject): Result<JsonValue, string> {
  const rendered = renderVariables(template, { execution });
  if (rendered.ok) return rendered;
  const { pointer, message, column } = rendered.error;
  return err(`input${pointer}: ${message} (column ${column})`);
}
