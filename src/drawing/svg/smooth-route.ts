import type { Point, Size } from "../layout";

/** A rectangle that a line must not cross. */
export interface Obstacle extends Size {
  /** Its centre. */
  readonly at: Point;
}

/** Of an obstacle's sides. */
const CLEARANCE = 3;
/** Points looked at on each piece; at the lengths that occur they are closer than the smallest box is high. */
const SAMPLES = 24;

/**
 * A calm line through the given points, downwards: it leaves and meets each of them vertically. Null where it would not go
 * down, or would cross an obstacle; then the layout's own route, which goes round, is the better one.
 */
export function smoothRoute(stops: readonly Point[], obstacles: readonly Obstacle[]): readonly Point[] | null {
  const [start] = stops;
  if (start === undefined) return null;
  const points: Point[] = [start];
  for (const [index, to] of stops.slice(1).entries()) {
    const from = stops[index] ?? start;
    if (to.y - from.y < 8) return null;
    const middle = (from.y + to.y) / 2;
    const piece = [{ x: from.x, y: middle }, { x: to.x, y: middle }, to] as const;
    if (crosses([from, ...piece], obstacles)) return null;
    points.push(...piece);
  }
  return points;
}

function crosses(piece: readonly [Point, Point, Point, Point], obstacles: readonly Obstacle[]): boolean {
  for (let step = 1; step < SAMPLES; step += 1) {
    const { x, y } = pointAt(piece, step / SAMPLES);
    const isHit = ({ at, width, height }: Obstacle) =>
      Math.abs(x - at.x) < width / 2 + CLEARANCE && Math.abs(y - at.y) < height / 2 + CLEARANCE;
    if (obstacles.some(isHit)) return true;
  }
  return false;
}

/** Of a cubic Bézier curve. */
function pointAt([a, b, c, d]: readonly [Point, Point, Point, Point], t: number): Point {
  const u = 1 - t;
  const blend = (axis: "x" | "y") =>
    u ** 3 * a[axis] + 3 * u ** 2 * t * b[axis] + 3 * u * t ** 2 * c[axis] + t ** 3 * d[axis];
  return { x: blend("x"), y: blend("y") };
}
