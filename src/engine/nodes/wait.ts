import { MAX_DURATION_MS, parseDuration } from "../../core/duration";
import type { Failure } from "../../core/errors";
import type { JsonValue } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import { parseTime } from "../../core/rfc3339";
import type { WaitNode } from "../../definition/graph-types";
import { renderFailure } from "../failures";
import type { NodeBehaviour, NodeContext } from "./node-behaviour";

type WaitProgress = { readonly untilMs: number };

const TIMER = "wait";

/** Waits by a timer. A time that has passed, and a duration of 0, are no wait. */
export const waitBehaviour: NodeBehaviour<WaitNode> = {
  type: "wait",
  enter: (node, context) => {
    const until = dueTime(node, context);
    if (!until.ok) return { type: "fail", failure: until.error };
    if (until.value <= context.nowMs) return { type: "complete", output: null };
    const progress: WaitProgress = { untilMs: until.value };
    return {
      type: "wait",
      progress,
      effects: [{ type: "start_timer", name: TIMER, dueAtMs: until.value }],
      input: { until: new Date(until.value).toISOString() },
    };
  },
  resume: (_node, _context, progress, event) =>
    event.type === "timer_fired" && event.name === TIMER
      ? { type: "complete", output: null }
      : { type: "wait", progress },
  waiting: (_node, progress) => ({ for: "time", untilMs: (progress as WaitProgress).untilMs }),
};

function dueTime({ config }: WaitNode, context: NodeContext): Result<number, Failure> {
  if ("duration" in config) {
    const text = renderedText(config.duration, "/config/duration", context);
    if (!text.ok) return text;
    const durationMs = parseDuration(text.value);
    return durationMs.ok ? ok(context.nowMs + durationMs.value) : err(invalid("/config/duration", durationMs.error));
  }
  const text = renderedText(config.until, "/config/until", context);
  if (!text.ok) return text;
  const untilMs = parseTime(text.value);
  if (untilMs === undefined) return err(invalid("/config/until", 'must be a time such as "2030-01-31T09:00:00Z"'));
  if (untilMs - context.nowMs > MAX_DURATION_MS)
    return err(invalid("/config/until", "must be at most ten years from now"));
  return ok(untilMs);
}

function renderedText(template: string, pointer: string, context: NodeContext): Result<string, Failure> {
  const rendered = context.render(template, pointer);
  if (!rendered.ok) return err(renderFailure(rendered.error));
  return typeof rendered.value === "string"
    ? ok(rendered.value)
    : err(invalid(pointer, `must be text, but is ${shown(rendered.value)}`));
}

function shown(value: JsonValue): string {
  return JSON.stringify(value).slice(0, 100);
}

function invalid(pointer: string, message: string): Failure {
  return { code: "CONFIG_INVALID", message: `${pointer}: ${message}`, details: { pointer } };
}
