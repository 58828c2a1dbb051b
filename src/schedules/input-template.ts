import { isJsonObject, type JsonValue } from "../core/json";
import type { Result } from "../core/result";
import { parseExpression } from "../definition/expressions/expression";
import { fromJson } from "../definition/expressions/cel-values";
import { Fuel } from "../definition/expressions/fuel";
import type { Problem } from "../definition/graph-types";
import { pointerTo } from "../definition/json-pointer";
import { hasTemplate, parseTemplate, type RenderError, renderTemplate } from "../definition/templates";

/** What the expressions of an input see as `schedule`. */
export interface ScheduleVariable {
  readonly id: string;
  /** The time that the execution is for; RFC 3339, UTC, milliseconds. */
  readonly time: string;
}

/** Puts the time and the schedule's id into the input. */
export function renderScheduledInput(template: JsonValue, schedule: ScheduleVariable): Result<JsonValue, RenderError> {
  const variables = { schedule: fromJson({ id: schedule.id, time: schedule.time }) };
  const fuel = new Fuel();
  return renderTemplate(template, (source) => {
    const parsed = parseExpression(source);
    return parsed.ok ? parsed.value.evaluate(variables, fuel) : parsed;
  });
}

/** Everything that is wrong with the expressions of an input, whatever the time; pointers are into the input. */
export function checkInputTemplate(template: JsonValue, pointer = ""): readonly Problem[] {
  if (typeof template === "string") return hasTemplate(template) ? checkText(template, pointer) : [];
  if (Array.isArray(template))
    return template.flatMap((item: JsonValue, index) => checkInputTemplate(item, `${pointer}/${index}`));
  if (!isJsonObject(template)) return [];
  return Object.entries(template).flatMap(([name, item]) => checkInputTemplate(item, pointerTo(pointer, [name])));
}

function checkText(text: string, pointer: string): readonly Problem[] {
  const parts = parseTemplate(text);
  if (!parts.ok) return [problem("TEMPLATE_SYNTAX", pointer, parts.error.message, parts.error.column)];
  return parts.value.flatMap((part) => (part.type === "text" ? [] : checkSource(part.source, part.start, pointer)));
}

const CODES = { name: "EXPRESSION_NAME", type: "EXPRESSION_TYPE" } as const;

/** Any time will do to see whether an expression can be evaluated. */
const SAMPLE: ScheduleVariable = { id: "sample", time: "2026-01-31T12:00:00.000Z" };

function checkSource(source: string, start: number, pointer: string): readonly Problem[] {
  const parsed = parseExpression(source);
  if (!parsed.ok) {
    const { about, message, column } = parsed.error;
    return [problem(about === undefined ? "EXPRESSION_SYNTAX" : CODES[about], pointer, message, at(start, column))];
  }
  const unknown = [...parsed.value.names.variables].filter(([name]) => name !== "schedule");
  if (unknown.length > 0)
    return unknown.map(([name, column]) =>
      problem(
        "EXPRESSION_NAME",
        pointer,
        `there is no '${name}' here, only schedule.time and schedule.id`,
        start + column,
      ),
    );
  const value = parsed.value.evaluate({ schedule: fromJson({ ...SAMPLE }) }, new Fuel());
  return value.ok ? [] : [problem("EXPRESSION_FAILED", pointer, value.error.message, at(start, value.error.column))];
}

function at(start: number, column: number | undefined): number | undefined {
  return column === undefined ? undefined : start + column;
}

function problem(code: string, pointer: string, message: string, column: number | undefined): Problem {
  return { code, pointer, message: column === undefined ? message : `${message} (column ${column})` };
}
