import type { z } from "zod";
import type { JsonObject, JsonValue } from "../../core/json";
import type { Graph, GraphNode, Problem } from "../graph-types";
import type { StoredParts } from "../stored-parts";
import type { ValueType } from "../types/value-type";

/** What a definition may say of one kind of node. What the node does is in `src/engine/nodes/`. */
export interface NodeKind<Node extends GraphNode = GraphNode> {
  /** As in a node's `type`. */
  readonly type: Node["type"];
  /** Of the whole node, as it is published. */
  readonly schema: z.ZodType;
  /** The one shape that `value` was meant to have, where a kind has several: its problems are told more clearly. */
  schemaFor?(value: JsonObject): z.ZodType;
  /** Parts that are rendered, beside those that every kind has. */
  templates?(node: Node): readonly TemplateAt[];
  /** Parts that are CEL, bare or in `${{ }}`, beside those that every kind has. */
  conditions?(node: Node): readonly ConditionAt[];
  /** Problems beyond the node's shape, with their pointers in the node. */
  check?(node: Node): readonly Problem[];
  /** Graphs inside the node. */
  graphs?(node: Node): readonly GraphAt[];
  /** What is known of the output of a node that completed, before its `catch`. */
  output(node: Node, types: NodeTypes): ValueType;
}

/** Variables beside `input`, `nodes` and `execution`, made only when they are asked for. */
export type ExtraVariables = (types: NodeTypes) => Readonly<Record<string, ValueType>>;

/** A part of a node that speaks of the run. */
interface PartAt {
  /** In the node. */
  readonly pointer: string;
  readonly extra?: ExtraVariables;
  /** True where `nodes.ID` of the node itself is there already. */
  readonly seesItself?: boolean;
}

export interface TemplateAt extends PartAt {
  readonly value: JsonValue;
  /**
   * What the rendered value must be, where it cannot be anything: a text, the config of a task of this type, what is merged over that of
   * this stored task, or the input of this stored workflow.
   */
  readonly expects?:
    | "text"
    | { readonly configOf: string }
    | { readonly overrideOf: string }
    | { readonly inputOf: string };
}

export interface ConditionAt extends PartAt {
  readonly text: string;
  /** What the value must be. */
  readonly expects: "bool" | "list" | "text";
}

export interface GraphAt {
  /** In the node. */
  readonly pointer: string;
  readonly graph: Graph;
  readonly extra?: ExtraVariables;
  /** True where the graph sees `nodes.ID` of the node that it is in. */
  readonly seesItself?: boolean;
}

/** Tells types of values in the place where the node stands. */
export interface NodeTypes {
  /** Of what a template renders to. */
  template(value: JsonValue, extra?: ExtraVariables): ValueType;
  /** Of what CEL, bare or in `${{ }}`, gives. */
  condition(text: string, extra?: ExtraVariables): ValueType;
  /** Of the output of a graph inside the node. */
  graph(graph: GraphAt): ValueType;
  readonly stored: StoredParts;
}
