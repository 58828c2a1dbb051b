import { columnsOf, cut } from "../../core/text-columns";
import type { Drawing } from "../drawing";
import type { LayOut, Size } from "../layout";
import { Canvas } from "./canvas";
import { ASCII, type Glyphs, UNICODE } from "./glyphs";
import { type Detail, drawFrame } from "./node-box";
import type { TextGraph } from "./placed-item";
import { textGraph } from "./text-graph";
import { treeLines } from "./tree";

export interface TextOptions {
  /** Columns; infinite for a file, which is as wide as it needs to be. */
  readonly width: number;
  readonly hasColor: boolean;
  /** Whether the terminal shows nothing else. */
  readonly isAscii: boolean;
}

/** The first that fits is taken. */
const DETAILS: readonly Detail[] = [
  { titleColumns: 34, details: 3, labelColumns: 24 },
  { titleColumns: 26, details: 2, labelColumns: 18 },
  { titleColumns: 18, details: 1, labelColumns: 14 },
  { titleColumns: 14, details: 0, labelColumns: 10 },
];
/** A file of more characters than this is no help to anybody. */
const MAX_AREA = 2_000_000;

/** The graph in characters, no wider than asked; as an indented tree where it does not fit. */
export function renderText(drawing: Drawing, options: TextOptions, layOut: LayOut): readonly string[] {
  const glyphs = options.isAscii ? ASCII : UNICODE;
  const heading = [drawing.title, drawing.subtitle]
    .filter((line) => line !== "")
    .map((line) => [...cut(line, Math.max(options.width, 1))].map((character) => glyphs.text(character)).join(""));
  const canvas = draw(drawing, options, { glyphs, layOut });
  const body =
    canvas === null
      ? treeLines(drawing, { width: options.width, hasColor: options.hasColor, glyphs })
      : canvas.lines(options.hasColor);
  return [...heading, ...(heading.length === 0 ? [] : [""]), ...body];
}

function draw(
  drawing: Drawing,
  { width }: TextOptions,
  tools: { readonly glyphs: Glyphs; readonly layOut: LayOut },
): Canvas | null {
  for (const detail of DETAILS) {
    const parts = partsOf(drawing, { ...tools, detail });
    if (parts === null) return null;
    const size: Size = {
      width: Math.max(0, ...parts.map((part) => part.width)),
      height: parts.reduce((sum, part) => sum + part.height + 1, -1),
    };
    if (size.width > width) continue;
    if (size.width * size.height > MAX_AREA) return null;
    const canvas = new Canvas(size, tools.glyphs);
    let y = 0;
    for (const part of parts) {
      part.draw(canvas, Math.floor((size.width - part.width) / 2), y);
      y += part.height + 1;
    }
    return canvas;
  }
  return null;
}

function partsOf(
  drawing: Drawing,
  tools: { readonly glyphs: Glyphs; readonly layOut: LayOut; readonly detail: Detail },
): readonly TextGraph[] | null {
  const main = textGraph(drawing.main, tools);
  if (main === null) return null;
  const parts: TextGraph[] = [main];
  for (const { title, graph } of drawing.sections) {
    const inner = textGraph(graph, tools);
    if (inner === null) return null;
    const width = Math.max(inner.width, columnsOf(title)) + 4;
    const height = inner.height + 3;
    parts.push({
      width,
      height,
      draw: (canvas, x, y) => {
        drawFrame(canvas, { x, y, width, height }, tools.glyphs.frame("section"), "dim");
        canvas.text(x + 2, y + 1, title, "bold");
        inner.draw(canvas, x + Math.floor((width - inner.width) / 2), y + 2);
      },
    });
  }
  return parts;
}
