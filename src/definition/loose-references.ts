import { isJsonObject, type JsonObject } from "../core/json";
import { MAX_GRAPH_DEPTH, MAX_NODES } from "./limits";
import { PHASES } from "./normalise";
import { BODY_POINTER, bodyIn, listIn, ownValue } from "./read-graph";
import type { Reference } from "./references";

/** Places that name stored tasks and workflows in a definition that is not sound; what cannot be read is passed over. */
export function looseReferences(source: JsonObject): {
  readonly tasks: readonly Reference[];
  readonly workflows: readonly Reference[];
} {
  const tasks: Reference[] = [];
  const workflows: Reference[] = [];
  for (const { node, pointer } of looseNodes(source)) {
    const config = objectIn(node, "config");
    const named = (object: JsonObject | undefined, field: string, at: string): readonly Reference[] => {
      const id = object === undefined ? undefined : ownValue(object, field);
      return typeof id === "string" ? [{ id, pointer: `${pointer}${at}/${field}` }] : [];
    };
    const type = ownValue(node, "type");
    if (type === "task")
      tasks.push(
        ...named(config, "task_id", "/config"),
        ...named(objectIn(node, "compensate"), "task_id", "/compensate"),
      );
    if (type === "map") tasks.push(...named(objectIn(config ?? {}, "task"), "task_id", "/config/task"));
    if (type === "workflow") workflows.push(...named(config, "workflow_id", "/config"));
  }
  return { tasks, workflows };
}

/** Of all graphs, as many as a definition may have. */
function* looseNodes(source: JsonObject): Iterable<{ readonly node: JsonObject; readonly pointer: string }> {
  const graphs = [{ graph: source, pointer: "", depth: 0 }];
  for (const name of PHASES) {
    const graph = objectIn(source, name);
    if (graph !== undefined) graphs.push({ graph, pointer: `/${name}`, depth: 1 });
  }
  let count = 0;
  // Grows while it is gone through.
  for (const { graph, pointer, depth } of graphs)
    for (const [index, node] of listIn(graph, "nodes").entries()) {
      count += 1;
      if (count > MAX_NODES) return;
      if (!isJsonObject(node)) continue;
      const at = `${pointer}/nodes/${index}`;
      yield { node, pointer: at };
      const body = bodyIn(node);
      if (body !== undefined && depth < MAX_GRAPH_DEPTH)
        graphs.push({ graph: body, pointer: `${at}${BODY_POINTER}`, depth: depth + 1 });
    }
}

function objectIn(source: JsonObject, name: string): JsonObject | undefined {
  const value = ownValue(source, name);
  return isJsonObject(value) ? value : undefined;
}
