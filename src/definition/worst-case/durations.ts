import { parseDuration } from "../../core/duration";
import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import { buildIndex, topologicalOrder } from "../graph-index";
import type {
  Defaults,
  Edge,
  Graph,
  GraphNode,
  RetryConfig,
  TaskCall,
  TaskSnapshot,
  TimeoutConfig,
} from "../graph-types";
import { defaultTaskOptions, overrideTaskOptions } from "../retry-and-timeout";
import type { TaskOptions } from "../task-options";
import { defaultAttempts } from "../task-types/registry";
import { wholeTimeout } from "./costs";
import { templateSize } from "./payloads";

/** A server may ask the `http` task type to wait so long before the next attempt (`Retry-After`). */
const MAX_RETRY_AFTER_MS = 3_600_000;

export interface TaskContext {
  readonly tasks: Readonly<Record<string, TaskSnapshot>>;
  readonly defaults: Defaults | undefined;
}

/**
 * Milliseconds that a node takes at most, without the time in which no worker is free or one is lost; null where nothing
 * bounds it. `bodyMs` is the longest of one body, `rounds` how many come one after another.
 */
export function longestOfNode(
  node: GraphNode,
  context: TaskContext,
  bodyMs: number | null,
  rounds: number,
): number | null {
  switch (node.type) {
    case "task":
      return longestOfTask(node.config, node.retry, node.timeout, context);
    case "transform":
    case "switch":
    case "fail":
    case "end":
      return 0;
    case "wait":
      return "duration" in node.config ? durationMs(node.config.duration) : null;
    case "signal":
    case "approval":
      return durationMs(node.config.timeout);
    case "workflow":
      return durationMs(wholeTimeout(node.timeout));
    case "map":
      return shorter(times(bodyMs, rounds), durationMs(wholeTimeout(node.timeout)));
    case "loop": {
      const delayMs = node.config.delay === undefined ? 0 : durationMs(node.config.delay);
      const waits = times(delayMs, Math.max(0, rounds - 1));
      return shorter(plus(times(bodyMs, rounds), waits), durationMs(wholeTimeout(node.timeout)));
    }
  }
}

/** All attempts of a task, each as long as it may be, and the waits between them. */
export function longestOfTask(
  call: TaskCall,
  retry: RetryConfig | undefined,
  timeout: TimeoutConfig | string | undefined,
  context: TaskContext,
): number | null {
  const options = optionsOf(call, retry, timeout, context);
  if (options === null) return null;
  const least = taskTypeOf(call, context) === "http" ? MAX_RETRY_AFTER_MS : 0;
  const allMs = options.maxAttempts * options.attemptTimeoutMs + waitsMs(options, least);
  return Math.min(allMs, options.totalTimeoutMs ?? Number.POSITIVE_INFINITY);
}

/** Attempts in all, without those that are lost with their worker; null where a stored task decides that is not known. */
export function attemptsOfTask(call: TaskCall, retry: RetryConfig | undefined, context: TaskContext): number | null {
  return optionsOf(call, retry, undefined, context)?.maxAttempts ?? null;
}

function taskTypeOf(call: TaskCall, { tasks }: TaskContext): string | undefined {
  return "task_type" in call ? call.task_type : tasks[call.task_id]?.taskType;
}

function optionsOf(
  call: TaskCall,
  retry: RetryConfig | undefined,
  timeout: TimeoutConfig | string | undefined,
  context: TaskContext,
): TaskOptions | null {
  const attempts = defaultAttempts(taskTypeOf(call, context) ?? "");
  const config = "task_type" in call ? call.config : context.tasks[call.task_id]?.config;
  const own = config === undefined || attempts === undefined ? null : ownOptions(config, attempts, context);
  return own === null ? null : overrideTaskOptions(own, retry, timeout);
}

/** As the engine has it: the type's, the definition's, the config's. Null where the config's are rendered later. */
function ownOptions(config: JsonObject, attempts: number, { defaults }: TaskContext): TaskOptions | null {
  const { retry, timeout } = config;
  for (const value of [retry, timeout]) if (value !== undefined && !templateSize(value).isKnown) return null;
  const isTimeout = (value: JsonValue | undefined) => typeof value === "string" || isJsonObject(value);
  return overrideTaskOptions(
    overrideTaskOptions(defaultTaskOptions(attempts), defaults?.retry, defaults?.timeout),
    isJsonObject(retry) ? (retry as RetryConfig) : undefined,
    isTimeout(timeout) ? (timeout as TimeoutConfig | string) : undefined,
  );
}

function waitsMs({ maxAttempts, initialIntervalMs, maxIntervalMs, backoff }: TaskOptions, leastMs: number): number {
  let total = 0;
  let interval = initialIntervalMs;
  for (let attempt = 1; attempt < maxAttempts; attempt += 1) {
    total += Math.max(interval, leastMs);
    interval = Math.min(maxIntervalMs, interval * backoff);
  }
  return total;
}

/** The longest way through a graph; each back edge may start it again from where it leads. */
export function longestOfGraph({ nodes, edges }: Graph, nodeMs: readonly (number | null)[]): number | null {
  if (nodeMs.includes(null)) return null;
  const forward = edges.filter((edge) => edge.loop !== true);
  const index = buildIndex(
    nodes.map(({ id }) => id),
    forward,
  );
  const fromHere = nodes.map(() => 0);
  for (const node of [...topologicalOrder(index)].reverse()) {
    const after = (index.outgoing[node] ?? []).map((edge) => fromHere[index.targets[edge] ?? -1] ?? 0);
    fromHere[node] = (nodeMs[node] ?? 0) + Math.max(0, ...after);
  }
  const again = edges.filter(isBackEdge).reduce((sum, edge) => {
    return sum + edge.max * (fromHere[index.positions.get(edge.target) ?? -1] ?? 0);
  }, 0);
  return Math.max(0, ...fromHere) + again;
}

export function isBackEdge(edge: Edge): edge is Edge & { readonly max: number } {
  return edge.loop === true && edge.max !== undefined;
}

/** Null for what is no literal duration: a template, or nothing. */
export function durationMs(text: string | undefined): number | null {
  const parsed = text === undefined ? undefined : parseDuration(text);
  return parsed?.ok ? parsed.value : null;
}

/** The shorter of two bounds. */
export function shorter(left: number | null, right: number | null): number | null {
  if (left === null || right === null) return left ?? right;
  return Math.min(left, right);
}

export function plus(left: number | null, right: number | null): number | null {
  return left === null || right === null ? null : left + right;
}

function times(longestMs: number | null, count: number): number | null {
  return count === 0 ? 0 : longestMs === null ? null : longestMs * count;
}
