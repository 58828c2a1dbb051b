import { graphIndex } from "../definition/graph-index";
import type { EngineState } from "./engine-state";
import type { NodeView } from "./engine-types";

/** Every node as it stands, in the definition's order. */
export function viewNodes(state: EngineState): readonly NodeView[] {
  const { definition } = state.snapshot;
  const index = graphIndex(definition);
  return definition.nodes.map((node, position) => {
    const known = state.nodes[position];
    const status = known?.status ?? "pending";
    const sources = (index.incoming[position] ?? [])
      .filter((edge) => state.edges[edge] === "open")
      .map((edge) => definition.edges[edge]?.source ?? "");
    const isWaiting = status === "pending" && state.ending === undefined && sources.length > 0;
    return {
      id: node.id,
      type: node.type,
      name: node.name ?? node.id,
      status,
      ...(known?.failure === undefined ? {} : { failure: known.failure }),
      ...(known?.outputSize === undefined ? {} : { outputSize: known.outputSize }),
      ...(isWaiting ? { waitsFor: [...new Set(sources)] } : {}),
    };
  });
}
