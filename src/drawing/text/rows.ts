import type { DrawnEdge, DrawnGraph } from "../drawing";

/** A box of the drawing: a node, an edge's label, or a place where a long line passes a row. */
export type Item =
  | { readonly type: "node"; readonly index: number; readonly row: number }
  | { readonly type: "label"; readonly edge: DrawnEdge; readonly row: number }
  | { readonly type: "passage"; readonly row: number };

/** A piece of an edge from one row to the next, always downwards. */
export interface Piece {
  /** Positions in the items; `above` is in the row before that of `below`. */
  readonly above: number;
  readonly below: number;
  readonly edge: DrawnEdge;
}

export interface Rows {
  readonly items: readonly Item[];
  readonly pieces: readonly Piece[];
}

/** Above so many boxes nobody reads the drawing, and lines that pass many rows would make millions of them. */
const MAX_ITEMS = 3_000;

/** Nodes in rows, each below all that lead to it, with labels on rows of their own; null where it would be too much. */
export function rowsOf({ nodes, edges }: DrawnGraph): Rows | null {
  const positions = new Map(nodes.map(({ id }, index) => [id, index]));
  // An edge from a node to itself stands in the node's box.
  const oriented = edges
    .filter(({ source, target }) => source !== target)
    .map((edge) => {
      const [source, target] = [positions.get(edge.source) ?? 0, positions.get(edge.target) ?? 0];
      return edge.isBack ? { edge, above: target, below: source } : { edge, above: source, below: target };
    });
  const rows = longestPaths(nodes.length, oriented);
  const items: Item[] = nodes.map((_, index) => ({ type: "node", index, row: rows[index] ?? 0 }));
  const pieces: Piece[] = [];
  for (const { edge, above, below } of oriented) {
    const [first, last] = [rows[above] ?? 0, rows[below] ?? 0];
    if (items.length + last - first > MAX_ITEMS) return null;
    let at = above;
    for (let row = first + 1; row < last; row += 1) {
      const isLabelled = edge.label !== "" && row === (edge.isBack ? last - 1 : first + 1);
      items.push(isLabelled ? { type: "label", edge, row } : { type: "passage", row });
      pieces.push({ above: at, below: items.length - 1, edge });
      at = items.length - 1;
    }
    pieces.push({ above: at, below, edge });
  }
  return withoutEmptyRows({ items, pieces });
}

/** Row 0, 2, 4, ...: the rows between are for labels. Edges lead downwards, without cycles. */
function longestPaths(
  count: number,
  edges: readonly { readonly above: number; readonly below: number }[],
): readonly number[] {
  const rows = Array.from({ length: count }, () => 0);
  const waiting = Array.from({ length: count }, () => 0);
  const outgoing: number[][] = Array.from({ length: count }, () => []);
  for (const { above, below } of edges) {
    waiting[below] = (waiting[below] ?? 0) + 1;
    outgoing[above]?.push(below);
  }
  const ready = waiting.flatMap((edgesLeft, index) => (edgesLeft === 0 ? [index] : []));
  for (let index = ready.pop(); index !== undefined; index = ready.pop())
    for (const below of outgoing[index] ?? []) {
      rows[below] = Math.max(rows[below] ?? 0, (rows[index] ?? 0) + 2);
      waiting[below] = (waiting[below] ?? 0) - 1;
      if (waiting[below] === 0) ready.push(below);
    }
  return rows;
}

/** Rows in which there are only passages say nothing; their passages go, and the pieces around them become one. */
function withoutEmptyRows({ items, pieces }: Rows): Rows {
  const used = new Set(items.flatMap(({ type, row }) => (type === "passage" ? [] : [row])));
  const numbers = new Map([...used].sort((a, b) => a - b).map((row, index) => [row, index]));
  const kept = items.map(({ row }) => used.has(row));
  const next = new Map(pieces.flatMap(({ above, below }) => (kept[above] === false ? [[above, below] as const] : [])));
  const places = new Map<number, number>();
  const shown: Item[] = [];
  for (const [index, item] of items.entries())
    if (kept[index] === true) {
      places.set(index, shown.length);
      shown.push({ ...item, row: numbers.get(item.row) ?? 0 });
    }
  const ends = (index: number): number => {
    let at = index;
    while (kept[at] === false) at = next.get(at) ?? at;
    return places.get(at) ?? 0;
  };
  return {
    items: shown,
    pieces: pieces
      .filter(({ above }) => kept[above] === true)
      .map(({ above, below, edge }) => ({ above: places.get(above) ?? 0, below: ends(below), edge })),
  };
}
