import { bodyOf } from "../definition/bodies";
import type {
  DefinitionSnapshot,
  Graph,
  GraphNode,
  TaskCall,
  ValidDefinition,
  WorkflowSnapshot,
} from "../definition/graph-types";
import { parseDefinition } from "../definition/parse-definition";

type Tasks = DefinitionSnapshot["tasks"];
type Workflows = NonNullable<DefinitionSnapshot["workflows"]>;

/**
 * The definition with inline tasks in place of stored ones that are not known here. Their overrides are rendered still, so
 * that an expression which fails is seen.
 */
export function withKnownTasks(definition: ValidDefinition, tasks: Tasks): ValidDefinition {
  const known = (call: TaskCall): TaskCall =>
    "task_type" in call || Object.hasOwn(tasks, call.task_id)
      ? call
      : { task_type: "noop", config: { output: call.override ?? null } };
  const { on_failure, finally: last } = definition;
  return {
    ...definition,
    ...graphWith(definition, known),
    ...(on_failure === undefined ? {} : { on_failure: graphWith(on_failure, known) }),
    ...(last === undefined ? {} : { finally: graphWith(last, known) }),
  };
}

function graphWith<G extends Graph>(graph: G, known: (call: TaskCall) => TaskCall): G {
  return { ...graph, nodes: graph.nodes.map((node) => nodeWith(node, known)) };
}

function nodeWith(node: GraphNode, known: (call: TaskCall) => TaskCall): GraphNode {
  switch (node.type) {
    case "task":
      return {
        ...node,
        config: known(node.config),
        ...(node.compensate === undefined ? {} : { compensate: known(node.compensate) }),
      };
    case "map": {
      const { body, task, ...config } = node.config;
      const inner = task === undefined ? { body: graphWith(bodyOf(node), known) } : { task: known(task) };
      return { ...node, config: { ...config, ...inner } };
    }
    case "loop":
      return { ...node, config: { ...node.config, body: graphWith(node.config.body, known) } };
    case "transform":
    case "switch":
    case "workflow":
    case "wait":
    case "signal":
    case "approval":
    case "fail":
    case "end":
      return node;
  }
}

/** The workflows that nodes name, with a stand-in for each that is not known here: only its mocked output matters. */
export function withKnownWorkflows(ids: readonly string[], workflows: Workflows): Workflows {
  const missing = ids.filter((id) => !Object.hasOwn(workflows, id));
  if (missing.length === 0) return workflows;
  const definition = standIn();
  const snapshot = (name: string): WorkflowSnapshot => ({ name, version: 1, definition, hash: "" });
  return { ...Object.fromEntries(missing.map((id) => [id, snapshot(id)])), ...workflows };
}

function standIn(): ValidDefinition {
  const parsed = parseDefinition({ nodes: [{ id: "n", type: "task", config: { task_type: "noop", config: {} } }] });
  if (!parsed.ok) throw new Error("the stand-in for a workflow is no definition");
  return parsed.value;
}
