import type { DrawnEdge, DrawnNode } from "./drawing";

type ForwardEdge = Pick<DrawnEdge, "source" | "target" | "kind">;

/**
 * Which edges lead against the flow, by position: the declared loops, and of an undeclared cycle the edge that closes it on
 * a walk from the nodes in their order. Without them the graph has no cycle. Walks without recursion: a chain of 2,000
 * nodes is no deeper than one of two.
 */
export function backEdges(nodes: readonly Pick<DrawnNode, "id">[], edges: readonly ForwardEdge[]): readonly boolean[] {
  const isBack = edges.map(({ kind, source, target }) => kind === "loop" || source === target);
  const outgoing = new Map<string, number[]>(nodes.map(({ id }) => [id, []]));
  for (const [index, { source }] of edges.entries()) if (isBack[index] !== true) outgoing.get(source)?.push(index);
  const open = new Set<string>();
  const seen = new Set<string>();
  for (const { id } of nodes) {
    if (seen.has(id)) continue;
    const path = [{ id, next: 0 }];
    open.add(id);
    seen.add(id);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const index = outgoing.get(at.id)?.[at.next];
      at.next += 1;
      if (index === undefined) {
        open.delete(at.id);
        path.pop();
        continue;
      }
      const target = edges[index]?.target ?? at.id;
      if (open.has(target)) isBack[index] = true;
      else if (!seen.has(target)) {
        seen.add(target);
        open.add(target);
        path.push({ id: target, next: 0 });
      }
    }
  }
  return isBack;
}
