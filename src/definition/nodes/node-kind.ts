import type { z } from "zod";
import type { JsonObject, JsonValue } from "../../core/json";
import type { GraphNode, Problem } from "../graph-types";

/** What a definition may say of one kind of node. What the node does is in `src/engine/nodes/`. */
export interface NodeKind {
  /** As in a node's `type`. */
  readonly type: GraphNode["type"];
  /** Of the whole node; `value` decides where a kind has several shapes. */
  schemaFor(value: JsonObject): z.ZodType;
  /** Parts that are rendered when the node is entered, with their pointers in the node. */
  templates(node: GraphNode): readonly TemplateAt[];
  /** Problems beyond the node's shape, with their pointers in the node. */
  check(node: GraphNode): readonly Problem[];
  /** The stored tasks that the node names. */
  taskIds(node: GraphNode): readonly string[];
}

export interface TemplateAt {
  readonly pointer: string;
  readonly value: JsonValue;
}
