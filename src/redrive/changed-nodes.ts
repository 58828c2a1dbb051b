import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { allNodes, isTaskMap } from "../definition/bodies";
import { canonicalJson } from "../definition/canonical-json";
import type { DefinitionSnapshot, GraphNode, MapNode, TaskCall } from "../definition/graph-types";

/** How nodes of one definition stand to those of another, by id. */
export interface NodeChanges {
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
  /** They would not do the same, so what they gave is not reused. What is in a body is compared by itself. */
  readonly changed: ReadonlySet<string>;
  /** Maps and loops whose bodies are no longer the same, whatever it is that has changed in them. */
  readonly bodies: ReadonlySet<string>;
}

/** Compares what nodes do, not what they are called or where their edges lead. */
export function nodeChanges(before: DefinitionSnapshot, after: DefinitionSnapshot): NodeChanges {
  const old = texts(before);
  const now = texts(after);
  return {
    added: new Set([...now.keys()].filter((id) => !old.has(id))),
    removed: new Set([...old.keys()].filter((id) => !now.has(id))),
    changed: differing(old, now),
    bodies: differing(bodyTexts(before), bodyTexts(after)),
  };
}

function differing(old: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): ReadonlySet<string> {
  return new Set([...now].flatMap(([id, text]) => (old.has(id) && old.get(id) !== text ? [id] : [])));
}

function bodyTexts({ definition }: DefinitionSnapshot): ReadonlyMap<string, string> {
  return new Map(
    allNodes(definition).flatMap(({ node }) =>
      node.type === "map" || node.type === "loop"
        ? [[node.id, canonicalJson((node.config.body ?? null) as unknown as JsonValue)]]
        : [],
    ),
  );
}

function texts(snapshot: DefinitionSnapshot): ReadonlyMap<string, string> {
  const { defaults = {} } = snapshot.definition;
  return new Map(
    allNodes(snapshot.definition).map(({ node }) => [node.id, textOf(node, snapshot, defaults as JsonObject)]),
  );
}

function textOf(node: GraphNode, snapshot: DefinitionSnapshot, defaults: JsonObject): string {
  const { name: _forPeople, config, ...rest } = node as unknown as JsonObject;
  const named = namedBy(node, snapshot);
  const own = { ...rest, config: withoutBody(node, config ?? null), named };
  // They say how tasks are tried, and nothing else.
  return canonicalJson(node.type === "task" || isTaskMap(node as MapNode) ? { ...own, defaults } : own);
}

function withoutBody(node: GraphNode, config: JsonValue): JsonValue {
  if ((node.type !== "map" && node.type !== "loop") || isTaskMap(node) || !isJsonObject(config)) return config;
  const { body: _compared, ...own } = config;
  return own;
}

/** What the node takes from elsewhere: the stored tasks, or the workflow, that it names. */
function namedBy(node: GraphNode, { tasks, workflows = {} }: DefinitionSnapshot): JsonValue {
  const taskOf = (call: TaskCall | undefined): JsonValue => {
    if (call === undefined || !("task_id" in call)) return null;
    return (tasks[call.task_id] ?? null) as unknown as JsonValue;
  };
  if (node.type === "task") return [taskOf(node.config), taskOf(node.compensate)];
  if (node.type === "map") return taskOf(node.config.task);
  return node.type === "workflow" ? (workflows[node.config.workflow_id]?.hash ?? null) : null;
}
