import { randomUUID } from "node:crypto";
import { parseDuration } from "../../core/duration";
import { isOrchestratorError, OrchestratorError } from "../../core/errors";
import { parseTaskId, parseWorkflowId } from "../../core/ids";
import { isJsonObject, type JsonValue } from "../../core/json";
import { parseTime } from "../../core/rfc3339";
import type { Problem } from "../../definition/graph-types";
import type { ScheduleSpec } from "../../gen/proto/schedules";
import { checkInputTemplate } from "../../schedules/input-template";
import { readScheduleSpec, type ScheduleSpecText, type ScheduleTimes } from "../../schedules/schedule-spec";
import { prepareScheduledRun, type ScheduledStore } from "../../starting/prepare-scheduled-run";
import type { ScheduleDefinition, ScheduleTarget } from "../../temporal/schedules-port";
import { decodeSpec } from "../convert/schedule";
import { MAX_IDEMPOTENCY_KEY_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";
import { MAX_SCHEDULE_ID_LENGTH, MAX_TEMPLATE_BYTES, MIN_CATCH_UP_MS } from "./schedule-limits";

const ID = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/;

/** Notes what keeps a text from being a schedule's id. */
export function decodeScheduleId(check: RequestCheck, text: string): string {
  if (text === "") check.add("id", "is required: the schedule's id");
  else if (text.length > MAX_SCHEDULE_ID_LENGTH || !ID.test(text))
    check.add(
      "id",
      `must be at most ${MAX_SCHEDULE_ID_LENGTH} letters, digits, '.', '_' and '-', the first no '.' or '-'`,
    );
  return text;
}

/** The id of a request that has nothing else to check. Throws INVALID_ARGUMENT. */
export function requireScheduleId(text: string): string {
  const check = new RequestCheck();
  const id = decodeScheduleId(check, text);
  check.finish();
  return id;
}

export function scheduleNotFound(id: string): OrchestratorError {
  return new OrchestratorError("NOT_FOUND", `there is no schedule ${JSON.stringify(id)}`);
}

/** Exactly one of the two; undefined, with a violation, where not. */
export function decodeTarget(
  check: RequestCheck,
  { workflowId, taskId }: { readonly workflowId?: string | undefined; readonly taskId?: string | undefined },
): ScheduleTarget | undefined {
  if (workflowId !== undefined && taskId !== undefined)
    check.add("task_id", "must be absent where workflow_id is given");
  else if (workflowId !== undefined) return idOf(check, "workflow", () => parseWorkflowId(workflowId, "workflow_id"));
  else if (taskId !== undefined) return idOf(check, "task", () => parseTaskId(taskId, "task_id"));
  else check.add("workflow_id", "is required, or task_id: what to start");
  return undefined;
}

function idOf(check: RequestCheck, kind: ScheduleTarget["kind"], parse: () => string): ScheduleTarget | undefined {
  try {
    return { kind, subjectId: parse() };
  } catch (error) {
    addRefusal(check, error);
    return undefined;
  }
}

/** A spec as it was written and as it was read; violations are inside `spec`. */
export function decodeScheduleSpec(
  check: RequestCheck,
  spec: ScheduleSpec | undefined,
): { readonly text: ScheduleSpecText; readonly times: ScheduleTimes } {
  const text = spec === undefined ? {} : decodeSpec(spec);
  const { times, problems } = readScheduleSpec(text);
  addCoded(check, "spec", problems);
  return { text, times };
}

/** The template of an input; an empty text is none. */
export function decodeTemplate(check: RequestCheck, text: string | undefined): JsonValue | undefined {
  if (text === undefined || text === "") return undefined;
  const template = check.json("input", text, MAX_TEMPLATE_BYTES);
  if (!check.mentions("input")) addCoded(check, "input", checkInputTemplate(template));
  return template;
}

/** Undefined for an empty text: Temporal's own window. */
export function decodeCatchUpWindow(check: RequestCheck, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  const window = parseDuration(text);
  if (!window.ok) check.add("catch_up_window", window.error);
  else if (window.value < MIN_CATCH_UP_MS) check.add("catch_up_window", 'must be at least "10s"');
  return window.ok ? window.value : undefined;
}

/** The client's name for a request, or one of our own. */
export function decodeRequestId(check: RequestCheck, text: string | undefined): string {
  return text === undefined ? randomUUID() : check.key("request_id", text, MAX_IDEMPOTENCY_KEY_LENGTH);
}

/** Milliseconds since 1970, or a violation. */
export function decodeTime(check: RequestCheck, field: string, text: string): number {
  const ms = parseTime(text);
  if (ms === undefined) check.add(field, text === "" ? "is required: a time in RFC 3339" : TIME_FORM);
  return ms ?? 0;
}

const TIME_FORM = 'must be a time such as "2026-11-22T12:00:00Z"';

/** What goes together, and whether the target can be started with the input as things stand. Throws what is no violation. */
export async function checkSchedule(
  check: RequestCheck,
  store: ScheduledStore,
  id: string,
  schedule: Pick<ScheduleDefinition, "target" | "input" | "overlap">,
): Promise<void> {
  const { target, input, overlap } = schedule;
  if (target.kind === "task" && overlap === "ALLOW_ALL")
    check.add("overlap", "must not be ALLOW_ALL for a task: one execution of a task runs at a time");
  if (target.kind === "task" && input !== undefined && !isJsonObject(input) && !check.mentions("input"))
    check.add("input", "must be a JSON object: it overrides the task's config");
  if (check.mentions("input")) return;
  const plan = { ...target, scheduleId: id, scheduledTime: new Date().toISOString() };
  try {
    await prepareScheduledRun(store, input === undefined ? plan : { ...plan, input });
  } catch (error) {
    if (isOrchestratorError(error) && error.code === "NOT_FOUND") check.add(`${target.kind}_id`, error.message);
    else addRefusal(check, error);
  }
}

/** Adds the violations of an INVALID_ARGUMENT; throws anything else. */
function addRefusal(check: RequestCheck, error: unknown): void {
  if (!isOrchestratorError(error) || error.code !== "INVALID_ARGUMENT") throw error;
  for (const { field, description } of error.violations)
    check.add(field.replace(/^config_override(?=\/|$)/, "input"), description);
}

function addCoded(check: RequestCheck, field: string, problems: readonly Problem[]): void {
  for (const { code, pointer, message } of problems) check.add(`${field}${pointer}`, `${message} (${code})`);
}
