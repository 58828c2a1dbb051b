import type { ASTNode } from "@marcbachmann/cel-js";
import { environment } from "./environment";
import { boundVariable, childrenOf } from "./syntax-tree";

/** What an expression speaks of. */
export interface ExpressionNames {
  /** Variables that it does not bind itself, each with its first column, from 1. */
  readonly variables: ReadonlyMap<string, number>;
  /** Nodes named as `nodes.ID` or `nodes["ID"]`, each with its first column. */
  readonly nodes: ReadonlyMap<string, number>;
  /** True where `nodes` is used in any other way, so that it may speak of any node. */
  readonly usesAllNodes: boolean;
}

export function namesIn(root: ASTNode): ExpressionNames {
  const names = { variables: new Map<string, number>(), nodes: new Map<string, number>(), usesAllNodes: false };
  visit(root, new Set(), names);
  return names;
}

interface Found {
  readonly variables: Map<string, number>;
  readonly nodes: Map<string, number>;
  usesAllNodes: boolean;
}

/** Recursive, as deep as an expression may be nested. */
function visit(node: ASTNode, bound: ReadonlySet<string>, found: Found): void {
  if (node.op === "id") {
    noteVariable(node.args, node.start, bound, found);
    if (node.args === "nodes" && !bound.has("nodes")) found.usesAllNodes = true;
    return;
  }
  const nodeId = namedNode(node, bound);
  if (nodeId !== undefined) {
    noteVariable("nodes", node.start, bound, found);
    if (!found.nodes.has(nodeId)) found.nodes.set(nodeId, node.start + 1);
    return;
  }
  const variable = boundVariable(node);
  if (variable === undefined || node.op !== "rcall") {
    for (const child of childrenOf(node)) visit(child, bound, found);
    return;
  }
  const [, receiver, [, ...body]] = node.args;
  visit(receiver, bound, found);
  const inner = new Set([...bound, variable]);
  for (const child of body) visit(child, inner, found);
}

function noteVariable(name: string, start: number, bound: ReadonlySet<string>, found: Found): void {
  // The environment's own names: types such as `int`, and the namespaces `cel`, `optional` and `google`.
  if (bound.has(name) || environment().hasVariable(name) || found.variables.has(name)) return;
  found.variables.set(name, start + 1);
}

/** The id in `nodes.ID`, `nodes["ID"]`, `nodes.?ID` or `nodes[?"ID"]`. */
function namedNode(node: ASTNode, bound: ReadonlySet<string>): string | undefined {
  if (bound.has("nodes")) return undefined;
  switch (node.op) {
    case ".":
    case ".?":
      return node.args[0].op === "id" && node.args[0].args === "nodes" ? node.args[1] : undefined;
    case "[]":
    case "[?]": {
      const [object, key] = node.args;
      if (object.op !== "id" || object.args !== "nodes" || key.op !== "value") return undefined;
      return typeof key.args === "string" ? key.args : undefined;
    }
    default:
      return undefined;
  }
}
