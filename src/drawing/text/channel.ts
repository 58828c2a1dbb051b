import type { Canvas, Wire } from "./canvas";
import type { Glyphs } from "./glyphs";
import { type PlacedItem, styleOfEdge } from "./placed-item";
import type { Piece } from "./rows";
import { assignTracks, type Hop } from "./tracks";

/** The lines between one row and the next. */
export interface Channel {
  readonly height: number;
  readonly hops: readonly (Hop & { readonly piece: Piece; readonly track: number | null })[];
  /** Rows above the first track, for arrows that point up. */
  readonly head: number;
}

export function planChannel(row: number, pieces: readonly Piece[], placed: readonly PlacedItem[]): Channel {
  const own = pieces.filter(({ above }) => placed[above]?.item.row === row);
  const hops = own.map((piece) => ({
    piece,
    from: endOf(piece.above, piece),
    to: endOf(piece.below, piece),
    fromX: columnOf(placed[piece.above], piece),
    toX: columnOf(placed[piece.below], piece),
  }));
  const { tracks, count } = assignTracks(hops);
  const head = own.some((piece) => pointsUp(piece, placed)) && count > 0 ? 1 : 0;
  return { head, height: head + count + 1, hops: hops.map((hop, index) => ({ ...hop, track: tracks[index] ?? null })) };
}

/** What leads back has its own column at a node's right, so that it is not taken for what leads on. */
function columnOf(placed: PlacedItem | undefined, { edge }: Piece): number {
  if (placed === undefined) return 0;
  return edge.isBack && placed.item.type === "node" ? placed.left + placed.width - 3 : placed.centre;
}

/** Name of a line's end; lines of one name may join, so what leads back has names of its own. */
function endOf(item: number, { edge }: Piece): number {
  return edge.isBack ? -1 - item : item;
}

function pointsUp({ above, edge }: Piece, placed: readonly PlacedItem[]): boolean {
  return edge.isBack && placed[above]?.item.type === "node";
}

export function drawChannel(
  canvas: Canvas,
  channel: Channel,
  placed: readonly PlacedItem[],
  at: { readonly x: number; readonly top: number; readonly rowHeight: number },
  glyphs: Glyphs,
): void {
  const bottom = at.top + at.rowHeight;
  const end = bottom + channel.height - 1;
  for (const { piece, from, to, track, ...columns } of channel.hops) {
    const [fromX, toX] = [at.x + columns.fromX, at.x + columns.toX];
    const above = placed[piece.above];
    // A line passes all of its row; from a box it starts below.
    const start = above === undefined || above.item.type === "passage" ? at.top : at.top + above.height - 1;
    const wire: Wire = { from, to, style: styleOfEdge(piece.edge) };
    const across = bottom + channel.head + (track ?? 0);
    canvas.wire(
      [
        [fromX, start],
        [fromX, across],
        [toX, across],
        [toX, end + 1],
      ],
      wire,
    );
    const { isBack } = piece.edge;
    if (above?.item.type === "node") {
      canvas.port(fromX, start, "below");
      if (isBack) canvas.sign(fromX, start + 1, glyphs.arrowUp, wire.style);
    }
    if (placed[piece.below]?.item.type === "node") {
      if (isBack) canvas.port(toX, end + 1, "above");
      else canvas.sign(toX, end, glyphs.arrowDown, wire.style);
    }
  }
}
