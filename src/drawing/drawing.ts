import type { GraphNode } from "../definition/graph-types";
import type { NodeState } from "./node-state";

/** What is drawn, whatever the format: a definition's graphs in words for a person. All texts are single lines. */
export interface Drawing {
  /** Name of the workflow; empty where there is none. */
  readonly title: string;
  /** How the execution stands whose states the nodes carry; empty without one. */
  readonly subtitle: string;
  readonly main: DrawnGraph;
  /** `on_failure` and `finally`, in this order, where the definition has them. */
  readonly sections: readonly DrawnSection[];
}

export interface DrawnSection {
  readonly id: "on_failure" | "finally";
  readonly title: string;
  readonly graph: DrawnGraph;
}

export interface DrawnGraph {
  readonly nodes: readonly DrawnNode[];
  /** Both ends are nodes of this graph. */
  readonly edges: readonly DrawnEdge[];
}

/** `other`: a kind that this version does not know. */
export type DrawnKind = GraphNode["type"] | "other";

export interface DrawnNode {
  /** As in the definition; unique in the drawing. */
  readonly id: string;
  readonly kind: DrawnKind;
  /** Its name, or its id. */
  readonly title: string;
  /** What it does, most important first: `shell`, `30s`, `when input.deploy`, ... */
  readonly details: readonly string[];
  /** Of a map or a loop. */
  readonly body?: DrawnGraph;
  /** Where an execution is drawn. */
  readonly state?: NodeState;
}

export interface DrawnEdge {
  readonly source: string;
  readonly target: string;
  /** When it is followed; empty: after a success. */
  readonly label: string;
  readonly kind: EdgeKind;
  /** Leads against the flow: declared as a loop, or closing an undeclared cycle. Layouts turn it round. */
  readonly isBack: boolean;
}

export type EdgeKind = "success" | "error" | "always" | "loop";

/** The graph's own nodes and those inside them, outermost first. */
export function nodesIn(graph: DrawnGraph): readonly DrawnNode[] {
  return graph.nodes.flatMap((node) => (node.body === undefined ? [node] : [node, ...nodesIn(node.body)]));
}

export function allNodesIn(drawing: Drawing): readonly DrawnNode[] {
  return [drawing.main, ...drawing.sections.map(({ graph }) => graph)].flatMap(nodesIn);
}
