import { isJsonObject, type JsonValue } from "../../core/json";
import { jsonBytes } from "../../core/json-size";
import type { Graph, GraphNode, TaskCall, TaskSnapshot } from "../graph-types";
import { hasTemplate } from "../templates";

/** Largest output or rendered config, as `src/engine/limits.ts` has it: what is larger fails the node. */
export const MAX_PAYLOAD_BYTES = 2 * 1_024 * 1_024 - 64 * 1_024;
/** A message, and what comes with an answer: more is refused. */
const MAX_MESSAGE_BYTES = 64 * 1_024;
/** The last 64 KiB of two streams, of which each byte may take six in JSON, and the names around them. */
const SHELL_OUTPUT_BYTES = 2 * 64 * 1_024 * 6 + 256;
/** A switch says the names of its cases. */
const NULL_BYTES = 4;

/** Bytes of JSON, at most. */
export interface SizeBound {
  readonly bytes: number;
  /** False where it hangs on the input or on what tasks return, so that only the limit on one payload bounds it. */
  readonly isKnown: boolean;
}

const UNKNOWN: SizeBound = { bytes: MAX_PAYLOAD_BYTES, isKnown: false };

/** What a template can become: itself where it holds no expression, anything where it does. */
export function templateSize(value: JsonValue | undefined): SizeBound {
  if (value === undefined) return known(NULL_BYTES);
  return holdsTemplate(value) ? UNKNOWN : known(jsonBytes(value));
}

function holdsTemplate(value: JsonValue): boolean {
  if (typeof value === "string") return hasTemplate(value);
  if (typeof value !== "object" || value === null) return false;
  const items: readonly JsonValue[] = isJsonObject(value) ? Object.values(value) : (value as readonly JsonValue[]);
  return items.some(holdsTemplate);
}

function known(bytes: number): SizeBound {
  return bytes > MAX_PAYLOAD_BYTES ? UNKNOWN : { bytes, isKnown: true };
}

/** What goes to the worker that runs a task. */
export function callSize(call: TaskCall, tasks: Readonly<Record<string, TaskSnapshot>>): SizeBound {
  if ("task_type" in call) return templateSize(call.config);
  const stored = tasks[call.task_id];
  if (stored === undefined) return UNKNOWN;
  return sum([known(jsonBytes(stored.config)), call.override === undefined ? known(0) : templateSize(call.override)]);
}

/** What a task returns. */
export function resultSize(call: TaskCall, tasks: Readonly<Record<string, TaskSnapshot>>): SizeBound {
  const taskType = "task_type" in call ? call.task_type : tasks[call.task_id]?.taskType;
  if (taskType === "shell") return known(SHELL_OUTPUT_BYTES);
  if (taskType === "noop" && "task_type" in call) return templateSize(call.config["output"]);
  return UNKNOWN;
}

/** A node's output; `items` is how many bodies a map has at most, and `body` what one of them gives. */
export function outputSize(
  node: GraphNode,
  tasks: Readonly<Record<string, TaskSnapshot>>,
  body: SizeBound | undefined,
  items: number,
): SizeBound {
  switch (node.type) {
    case "task":
      return resultSize(node.config, tasks);
    case "transform":
    case "end":
      return templateSize(node.config.output);
    case "switch":
      return known(jsonBytes({ cases: node.config.cases.map(({ name }) => name) }));
    case "map":
      return repeated(body ?? UNKNOWN, items);
    case "loop":
      return body ?? UNKNOWN;
    case "workflow":
      return UNKNOWN;
    case "signal":
    case "approval":
      return { bytes: MAX_MESSAGE_BYTES, isKnown: true };
    case "wait":
    case "fail":
      return known(NULL_BYTES);
  }
}

/** A graph's output: its template's, or that of all nodes at which it may end. */
export function graphOutputSize(graph: Graph, outputs: readonly SizeBound[]): SizeBound {
  if (graph.output !== undefined) return templateSize(graph.output);
  const names = graph.nodes.reduce((bytes, { id }) => bytes + id.length + 4, 2);
  return sum([known(names), ...outputs]);
}

function sum(sizes: readonly SizeBound[]): SizeBound {
  const bytes = sizes.reduce((total, size) => total + size.bytes, 0);
  if (bytes > MAX_PAYLOAD_BYTES) return UNKNOWN;
  return { bytes, isKnown: sizes.every(({ isKnown }) => isKnown) };
}

function repeated(size: SizeBound, times: number): SizeBound {
  const bytes = size.bytes * times;
  return bytes > MAX_PAYLOAD_BYTES ? UNKNOWN : { bytes: Math.max(NULL_BYTES, bytes + times), isKnown: size.isKnown };
}
