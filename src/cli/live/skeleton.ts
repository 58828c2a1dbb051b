import { parseDuration } from "../../core/duration";
import { bodyOf, isTaskMap } from "../../definition/bodies";
import type { Graph } from "../../definition/graph-types";
import { parseDefinition } from "../../definition/parse-definition";

/** A node as the definition writes it down, with what runs inside of it. */
export interface SkeletonNode {
  readonly id: string;
  /** Empty where it has none. */
  readonly name: string;
  readonly type: string;
  readonly body: readonly SkeletonNode[];
}

/** What of a definition is known before anything has happened. */
export interface Skeleton {
  readonly nodes: readonly SkeletonNode[];
  /** How long the execution may take; null where it may take any time. */
  readonly timeoutMs: number | null;
}

export const EMPTY_SKELETON: Skeleton = { nodes: [], timeoutMs: null };

/** Empty for a definition that this version cannot read: its nodes are then shown as they are heard of. */
export function skeletonOf(definition: unknown): Skeleton {
  const parsed = parseDefinition(definition);
  if (!parsed.ok) return EMPTY_SKELETON;
  const { value } = parsed;
  const timeout = value.timeout === undefined ? undefined : parseDuration(value.timeout);
  const phases = [value.on_failure, value.finally].flatMap((graph) => (graph === undefined ? [] : nodesOf(graph)));
  return {
    nodes: [...nodesOf(value), ...phases],
    timeoutMs: timeout?.ok === true ? timeout.value : null,
  };
}

function nodesOf({ nodes }: Graph): readonly SkeletonNode[] {
  return nodes.map((node) => ({
    id: node.id,
    name: node.name ?? "",
    type: node.type,
    body: (node.type === "map" && !isTaskMap(node)) || node.type === "loop" ? nodesOf(bodyOf(node)) : [],
  }));
}
