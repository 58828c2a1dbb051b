import type { Box, Scene } from "./scene";

/** The node that a key leads to; null where it is no such key, or where there is none. */
export function nodeTowards(key: string, from: string, { nodes, order }: Scene): string | null {
  if (key === "Home") return order[0] ?? null;
  if (key === "End") return order.at(-1) ?? null;
  const direction = DIRECTIONS[key];
  const start = nodes.get(from);
  if (direction === undefined) return null;
  if (start === undefined) return order[0] ?? null;
  let nearest: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [id, box] of nodes) {
    const dx = centre(box).x - centre(start).x;
    const dy = centre(box).y - centre(start).y;
    const ahead = dx * direction.x + dy * direction.y;
    const aside = Math.abs(dx * direction.y) + Math.abs(dy * direction.x);
    // What lies aside is farther away than it looks: keys are to go straight on.
    const distance = ahead + 2 * aside;
    if (id === from || ahead <= 1 || distance >= least) continue;
    least = distance;
    nearest = id;
  }
  return nearest;
}

const DIRECTIONS: Readonly<Record<string, { readonly x: number; readonly y: number }>> = {
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
};

function centre({ x, y, width, height }: Box): { readonly x: number; readonly y: number } {
  return { x: x + width / 2, y: y + height / 2 };
}
