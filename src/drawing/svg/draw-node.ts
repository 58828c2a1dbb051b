import { assertNever } from "../../core/assert-never";
import type { DrawnKind } from "../drawing";
import { stateText } from "../node-state";
import { KIND_ICONS, STATE_ICONS } from "./icons";
import { escapeXml, px } from "./markup";
import { FONT, ICON_SIZE, LINE_HEIGHT, PADDING } from "./node-block";
import type { PlacedNode } from "./place-graph";

/** The node's shape, icon and words, at the origin; what is inside its frame is drawn by the caller. */
export function nodeMarkup(placed: PlacedNode): string {
  const { node, body, width, height } = placed;
  const { state } = node;
  const shape =
    body === undefined
      ? `<g class="${state?.status ?? ""}">${shapeMarkup(node.kind, width, height)}</g>`
      : `<rect class="frame ${state?.status ?? ""}" width="${px(width)}" height="${px(height)}" rx="10"/>`;
  return `<title>${escapeXml(tooltip(placed))}</title>${shape}${words(placed)}`;
}

function tooltip({ node: { id, kind, title, details, state } }: PlacedNode): string {
  const name = title === id ? id : `${title} (${id})`;
  return [`${name}, ${kind}`, ...details, ...(state === undefined ? [] : [stateText(state)])].join("\n");
}

function words({ node, block, width, body }: PlacedNode): string {
  const { title, details, state } = block;
  // Words of a box stand in its middle, of a frame in its upper left corner.
  const left = body === undefined ? (width - block.width) / 2 : 0;
  const x = px(left + PADDING.x + PADDING.icon);
  let y: number = PADDING.y;
  const line = (text: string, height: number, size: number, classes: string) => {
    const baseline = y + height / 2 + size * 0.36;
    y += height;
    return `<text class="${classes}" x="${x}" y="${px(baseline)}">${escapeXml(text)}</text>`;
  };
  const lines = [
    ...title.map((text) => line(text, LINE_HEIGHT.title, FONT.title, "title")),
    ...details.map((text) => line(text, LINE_HEIGHT.small, FONT.small, "quiet")),
  ];
  const status = node.state?.status;
  const iconAt = `translate(${px(left + PADDING.x)} ${px(PADDING.y + (LINE_HEIGHT.title - ICON_SIZE) / 2)})`;
  const icon = `<path class="icon ${familyOf(node.kind)}" transform="${iconAt}" d="${KIND_ICONS[node.kind]}"/>`;
  if (status === undefined) return icon + lines.join("");
  const signAt = `translate(${px(left + PADDING.x + 1)} ${px(y + (LINE_HEIGHT.small - 14) / 2)}) scale(.875)`;
  const sign = `<g transform="${signAt}"><circle class="disc ${status}" cx="8" cy="8" r="8"/><path class="sign" d="${STATE_ICONS[status]}"/></g>`;
  return icon + lines.join("") + sign + line(state, LINE_HEIGHT.small, FONT.small, `said ${status}`);
}

/** Kinds of one purpose have one colour of icon. */
function familyOf(kind: DrawnKind): "work" | "flow" | "pause" | "stop" {
  switch (kind) {
    case "task":
    case "transform":
    case "workflow":
    case "other":
      return "work";
    case "switch":
    case "map":
    case "loop":
      return "flow";
    case "wait":
    case "signal":
    case "approval":
      return "pause";
    case "fail":
    case "end":
      return "stop";
    default:
      return assertNever(kind, "kind of node");
  }
}

function shapeMarkup(kind: DrawnKind, width: number, height: number): string {
  const box = (radius: number, classes = "box", offset = 0) =>
    `<rect class="${classes}" x="${px(offset)}" y="${px(offset)}" width="${px(width)}" height="${px(height)}" rx="${px(radius)}"/>`;
  switch (kind) {
    case "task":
    case "transform":
      return box(6);
    case "map":
    case "loop":
      return box(6, "box", 4) + box(6);
    case "workflow":
      return `${box(3)}<path class="bars" d="M5 0V${px(height)}M${px(width - 5)} 0V${px(height)}"/>`;
    case "switch":
      return hexagon(width, height);
    case "wait":
    case "signal":
    case "approval":
      return box(Math.min(height / 2, 20));
    case "fail":
    case "end":
      return box(Math.min(height / 2, 20), "box firm");
    case "other":
      return box(6, "box unknown");
    default:
      return assertNever(kind, "kind of node");
  }
}

/** Its points reach a little beyond the box, so that the words have as much room as in a rectangle. */
function hexagon(width: number, height: number): string {
  const beyond = 10;
  const corners = [
    [0, 0],
    [width, 0],
    [width + beyond, height / 2],
    [width, height],
    [0, height],
    [-beyond, height / 2],
  ] as const;
  return `<path class="box" stroke-linejoin="round" d="M${corners.map(([x, y]) => `${px(x)} ${px(y)}`).join("L")}z"/>`;
}
