import type { Point } from "../layout";
import { escapeXml, px } from "./markup";
import { FONT, LINE_HEIGHT } from "./node-block";
import type { PlacedEdge } from "./place-graph";

const ARROW = { length: 9, width: 7 } as const;

/** The line and its arrow. */
export function edgeLine({ edge, points }: PlacedEdge): string {
  const [start, ...rest] = points;
  const last = rest.at(-1);
  if (start === undefined || last === undefined) return "";
  const { head, base } = arrow(points);
  // The line ends inside the arrow, whose tip is finer than the line is wide.
  const path = `M${pair(start)}C${[...rest.slice(0, -1), base].map(pair).join(" ")}`;
  return `<path class="line ${edge.kind}" d="${path}"/><path class="tip ${edge.kind}" d="${head}"/>`;
}

function arrow(points: readonly Point[]): { readonly head: string; readonly base: Point } {
  const tip = points.at(-1) ?? { x: 0, y: 0 };
  const from = points.findLast(({ x, y }) => Math.hypot(tip.x - x, tip.y - y) > 1) ?? { x: tip.x, y: tip.y - 1 };
  const length = Math.hypot(tip.x - from.x, tip.y - from.y);
  const along = { x: (tip.x - from.x) / length, y: (tip.y - from.y) / length };
  const base = { x: tip.x - along.x * ARROW.length, y: tip.y - along.y * ARROW.length };
  const side = { x: (-along.y * ARROW.width) / 2, y: (along.x * ARROW.width) / 2 };
  const corners = [tip, { x: base.x + side.x, y: base.y + side.y }, { x: base.x - side.x, y: base.y - side.y }];
  return { head: `M${corners.map(pair).join("L")}z`, base };
}

/** On top of all lines, on a patch of the page's colour. */
export function edgeLabel({ edge, lines, labelAt, labelSize }: PlacedEdge): string {
  if (lines.length === 0) return "";
  const { width, height } = labelSize;
  const top = labelAt.y - height / 2;
  const patch = `<rect class="halo" x="${px(labelAt.x - width / 2)}" y="${px(top)}" width="${px(width)}" height="${px(height)}" rx="4"/>`;
  const texts = lines.map((line, index) => {
    const y = top + 2 + (index + 0.5) * LINE_HEIGHT.small + FONT.small * 0.36;
    return `<text class="quiet label ${edge.kind}" text-anchor="middle" x="${px(labelAt.x)}" y="${px(y)}">${escapeXml(line)}</text>`;
  });
  const whole = `${edge.source} → ${edge.target}: ${edge.label}`;
  return `<g><title>${escapeXml(whole)}</title>${patch}${texts.join("")}</g>`;
}

function pair({ x, y }: Point): string {
  return `${px(x)} ${px(y)}`;
}
