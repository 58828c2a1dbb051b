import { OrchestratorError } from "../../core/errors";
import { parseTaskId, parseWorkflowId } from "../../core/ids";
import type { JsonValue } from "../../core/json";
import type { Problem } from "../../definition/graph-types";
import { checkCondition, checkReactionInput } from "../../reactions/reaction-templates";
import { FINAL_STATUSES, type FinalStatus } from "../../store/records";
import type { RequestCheck } from "../requests/request-check";
import { MAX_TEMPLATE_BYTES } from "../schedules/schedule-limits";

/** Longest condition, as of an expression in a definition. */
const MAX_CONDITION_LENGTH = 4_096;

/** All of them where the list is empty. */
export function decodeStatuses(check: RequestCheck, names: readonly string[]): readonly FinalStatus[] {
  const statuses = names.flatMap((name, index) => {
    const status = FINAL_STATUSES.find((each) => each === name.toUpperCase());
    if (status === undefined) {
      const shown = JSON.stringify(name.slice(0, 40));
      check.add(`on/${index}`, `must be one of ${FINAL_STATUSES.join(", ")}; got ${shown}`);
    }
    return status ?? [];
  });
  return statuses.length === 0 ? FINAL_STATUSES : FINAL_STATUSES.filter((status) => statuses.includes(status));
}

/** Null for an empty text, which is none. */
export function decodeCondition(check: RequestCheck, text: string | undefined): string | null {
  if (text === undefined || text.trim() === "") return null;
  check.text("condition", text, MAX_CONDITION_LENGTH);
  addCoded(check, "condition", checkCondition(text));
  return text;
}

/** The template's JSON; null for an empty text. */
export function decodeInputTemplate(
  check: RequestCheck,
  text: string | undefined,
  problemsOf: (template: JsonValue) => readonly Problem[] = checkReactionInput,
): string | null {
  if (text === undefined || text === "") return null;
  const template = check.json("input", text, MAX_TEMPLATE_BYTES);
  if (!check.mentions("input")) addCoded(check, "input", problemsOf(template));
  return JSON.stringify(template);
}

/** Exactly one of the two; null, with a violation, where not. */
export function decodeSubject(
  check: RequestCheck,
  { workflowId, taskId }: { readonly workflowId?: string | undefined; readonly taskId?: string | undefined },
): { readonly kind: "workflow" | "task"; readonly id: string } | null {
  if (workflowId !== undefined && taskId !== undefined) {
    check.add("task_id", "must be absent where workflow_id is given");
    return null;
  }
  if (workflowId !== undefined) return decodeId(check, "workflow", workflowId);
  if (taskId !== undefined) return decodeId(check, "task", taskId);
  check.add("workflow_id", "is required, or task_id");
  return null;
}

export function decodeId(check: RequestCheck, kind: "workflow" | "task", text: string, field = `${kind}_id`) {
  try {
    return { kind, id: kind === "workflow" ? parseWorkflowId(text, field) : parseTaskId(text, field) };
  } catch (error) {
    for (const violation of (error as OrchestratorError).violations) check.add(violation.field, violation.description);
    return null;
  }
}

export function reactionNotFound(id: string): OrchestratorError {
  return new OrchestratorError("NOT_FOUND", `there is no reaction ${JSON.stringify(id.slice(0, 64))}`);
}

function addCoded(check: RequestCheck, field: string, problems: readonly Problem[]): void {
  for (const { code, pointer, message } of problems) check.add(`${field}${pointer}`, `${message} (${code})`);
}
