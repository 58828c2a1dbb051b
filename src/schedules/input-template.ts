import type { JsonValue } from "../core/json";
import type { Result } from "../core/result";
import type { Problem } from "../definition/graph-types";
import type { RenderError } from "../definition/templates";
import { checkVariableTemplate, type KnownVariables, renderVariables } from "../definition/variable-templates";

/** What the expressions of an input see as `schedule`. */
export interface ScheduleVariable {
  readonly id: string;
  /** The time that the execution is for; RFC 3339, UTC, milliseconds. */
  readonly time: string;
}

/** Puts the time and the schedule's id into the input. */
export function renderScheduledInput(template: JsonValue, schedule: ScheduleVariable): Result<JsonValue, RenderError> {
  return renderVariables(template, { schedule: { id: schedule.id, time: schedule.time } });
}

/** Any time will do to see whether an expression can be evaluated. */
const KNOWN: KnownVariables = {
  names: ["schedule"],
  told: "schedule.time and schedule.id",
  sample: { schedule: { id: "sample", time: "2026-01-31T12:00:00.000Z" } },
};

/** Everything that is wrong with the expressions of an input, whatever the time; pointers are into the input. */
export function checkInputTemplate(template: JsonValue): readonly Problem[] {
  return checkVariableTemplate(template, KNOWN);
}
