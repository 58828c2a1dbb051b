import type { NodeKind } from "./node-kind";
import { taskNodeKind } from "./task";

/** Every kind of node there is. A new one is a file beside this one, a line here, and its behaviour in the engine. */
const NODE_KINDS: ReadonlyMap<string, NodeKind> = new Map([taskNodeKind].map((kind) => [kind.type, kind]));

export const NODE_TYPES: readonly string[] = [...NODE_KINDS.keys()];

export function nodeKind(type: string): NodeKind | undefined {
  return NODE_KINDS.get(type);
}
