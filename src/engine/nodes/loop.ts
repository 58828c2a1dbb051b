import { parseDuration } from "../../core/duration";
import type { Failure } from "../../core/errors";
import type { JsonValue } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import type { LoopNode } from "../../definition/graph-types";
import { renderFailure } from "../failures";
import type { NodeAction, NodeBehaviour, NodeContext } from "./node-behaviour";

/** Carried in the state of the run: one iteration at a time, so it does not grow. */
type LoopProgress = {
  /** That runs, or that the delay is in front of; from 1. */
  readonly iteration: number;
  /** Of the last iteration; null before the first has ended. */
  readonly output: JsonValue;
};

const TIMER = "delay";

/** Runs its body one iteration after another, and takes the last one's output. */
export const loopBehaviour: NodeBehaviour<LoopNode> = {
  type: "loop",
  enter: (node, context) => {
    const progress: LoopProgress = { iteration: 1, output: null };
    const goesOn = holdsWhile(node, context, progress);
    if (!goesOn.ok) return { type: "fail", failure: goesOn.error };
    return goesOn.value ? startIteration(progress) : { type: "complete", output: null };
  },
  resume: (node, context, progress, event) => {
    const before = progress as LoopProgress;
    if (event.type === "timer_fired" && event.name === TIMER) return startIteration(before);
    if (event.type !== "body_ended") return { type: "wait", progress };
    const { outcome } = event;
    switch (outcome.status) {
      case "completed":
        return iterationEnded(node, context, { ...before, output: outcome.output });
      case "failed":
        return { type: "fail", failure: outcome.failure };
      case "cancelled":
        return { type: "fail", failure: { code: "CANCELLED", message: "the iteration was cancelled by itself" } };
    }
  },
  output: (progress) => (progress as LoopProgress).output,
  hasBegun: (progress, number) => number < (progress as LoopProgress).iteration,
  iteration: (progress) => (progress as LoopProgress).iteration,
};

function startIteration(progress: LoopProgress): NodeAction {
  const { iteration } = progress;
  return {
    type: "wait",
    progress,
    effects: [{ type: "start_body", suffix: `#${iteration}`, variables: { iteration } }],
  };
}

function iterationEnded(node: LoopNode, context: NodeContext, ended: LoopProgress): NodeAction {
  const { until, max_iterations, delay } = node.config;
  const { output } = ended;
  const isDone = until === undefined ? ok(false) : condition(until, "/config/until", context, ended);
  if (!isDone.ok) return { type: "fail", failure: isDone.error };
  if (isDone.value) return { type: "complete", output };
  const next: LoopProgress = { iteration: ended.iteration + 1, output };
  // Before the delay: nothing that the condition sees changes meanwhile, and a loop that is over need not wait.
  const goesOn = holdsWhile(node, context, next);
  if (!goesOn.ok) return { type: "fail", failure: goesOn.error };
  if (!goesOn.value) return { type: "complete", output };
  if (next.iteration > max_iterations) return { type: "fail", failure: exhausted(max_iterations) };
  const delayMs = delay === undefined ? undefined : parseDuration(delay);
  if (delayMs === undefined || !delayMs.ok || delayMs.value === 0) return startIteration(next);
  return {
    type: "wait",
    progress: next,
    effects: [{ type: "start_timer", name: TIMER, dueAtMs: context.nowMs + delayMs.value }],
  };
}

/** Whether an iteration may begin: true where there is no `while`. */
function holdsWhile(node: LoopNode, context: NodeContext, progress: LoopProgress): Result<boolean, Failure> {
  return node.config.while === undefined ? ok(true) : condition(node.config.while, "/config/while", context, progress);
}

function condition(
  text: string,
  pointer: string,
  context: NodeContext,
  progress: LoopProgress,
): Result<boolean, Failure> {
  const result = context.evaluate(text, pointer, { iteration: progress.iteration }, progress);
  if (!result.ok) return err(renderFailure(result.error));
  if (typeof result.value === "boolean") return ok(result.value);
  const message = `must be true or false, but is ${JSON.stringify(result.value).slice(0, 100)}`;
  return err(renderFailure({ pointer, message, column: 1 }));
}

function exhausted(iterations: number): Failure {
  const message = `would go on after ${iterations} iterations, which is its max_iterations`;
  return { code: "LOOP_EXHAUSTED", message, details: { iterations } };
}
