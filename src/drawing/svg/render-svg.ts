import { allNodesIn, type Drawing, type DrawnGraph } from "../drawing";
import type { LayOut, Point, Size } from "../layout";
import { stateText } from "../node-state";
import { edgeLabel, edgeLine } from "./draw-edge";
import { nodeMarkup } from "./draw-node";
import { escapeXml, px, textWidth } from "./markup";
import { FONT, LINE_HEIGHT } from "./node-block";
import { BODY_PADDING, type PlacedGraph, placeGraph } from "./place-graph";
import { stylesheet } from "./stylesheet";

const MARGIN = 24;
const BETWEEN_SECTIONS = 28;
const SECTION_TITLE_HEIGHT = 32;

interface Block extends Size {
  readonly markup: (at: Point) => string;
}

/** A drawing on its own: no script, no font and no file beside it; light or dark as the reader's system is. */
export function renderSvg(drawing: Drawing, layOut: LayOut): string {
  const rows = [[heading(drawing)], [graphBlock(drawing.main, layOut)], sectionBlocks(drawing, layOut)]
    .map((row) => row.filter(({ height }) => height > 0))
    .filter((row) => row.length > 0);
  const widthOf = (row: readonly Block[]) =>
    row.reduce((sum, { width }) => sum + width + BETWEEN_SECTIONS, -BETWEEN_SECTIONS);
  const width = Math.max(...rows.map(widthOf), 0) + 2 * MARGIN;
  const markup: string[] = [];
  let y = MARGIN;
  for (const row of rows) {
    let x = (width - widthOf(row)) / 2;
    for (const block of row) {
      markup.push(block.markup({ x, y }));
      x += block.width + BETWEEN_SECTIONS;
    }
    y += Math.max(...row.map(({ height }) => height)) + BETWEEN_SECTIONS;
  }
  const height = y - BETWEEN_SECTIONS + MARGIN;
  const size = `width="${px(width)}" height="${px(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="aco" role="img" ${size} viewBox="0 0 ${px(width)} ${px(height)}" aria-labelledby="aco-title aco-desc">`,
    `<title id="aco-title">${escapeXml(drawing.title === "" ? "Workflow" : drawing.title)}</title>`,
    `<desc id="aco-desc">${escapeXml(description(drawing))}</desc>`,
    `<style>${stylesheet()}</style>`,
    `<rect class="page" ${size} rx="6"/>`,
    ...markup,
    "</svg>\n",
  ].join("\n");
}

function heading({ title, subtitle }: Drawing): Block {
  const lines = [
    { text: title, size: 17, height: 24, classes: "heading" },
    { text: subtitle, size: FONT.small, height: 18, classes: "quiet" },
  ].filter(({ text }) => text !== "");
  return {
    width: Math.max(0, ...lines.map(({ text, size }) => textWidth(text, size, true))),
    height: lines.reduce((sum, line) => sum + line.height, 0),
    markup: ({ y }) => {
      let top = y;
      const texts = lines.map(({ text, height, classes }) => {
        top += height;
        return `<text class="${classes}" x="${px(MARGIN)}" y="${px(top - 7)}">${escapeXml(text)}</text>`;
      });
      return texts.join("");
    },
  };
}

function graphBlock(graph: DrawnGraph, layOut: LayOut): Block {
  const placed = placeGraph(graph, layOut);
  return { width: placed.width, height: placed.height, markup: (at) => graphMarkup(placed, at) };
}

function sectionBlocks({ sections }: Drawing, layOut: LayOut): readonly Block[] {
  return sections.map(({ title, graph }): Block => {
    const inner = graphBlock(graph, layOut);
    const width = Math.max(inner.width, textWidth(title, FONT.title, true)) + 2 * BODY_PADDING;
    const height = inner.height + SECTION_TITLE_HEIGHT + BODY_PADDING;
    const frame = `<rect class="frame section" width="${px(width)}" height="${px(height)}" rx="10"/>`;
    const label = `<text class="title quiet" x="${BODY_PADDING}" y="${px(6 + LINE_HEIGHT.title)}">${escapeXml(title)}</text>`;
    const innerAt = { x: (width - inner.width) / 2, y: SECTION_TITLE_HEIGHT };
    return { width, height, markup: (at) => group(at, frame + label + inner.markup(innerAt)) };
  });
}

function graphMarkup({ nodes, edges }: PlacedGraph, at: Point): string {
  return group(
    at,
    [
      ...edges.map(edgeLine),
      ...nodes.map((placed) => {
        const body = placed.body === undefined ? "" : graphMarkup(placed.body, placed.bodyAt);
        return group(placed.at, nodeMarkup(placed) + body);
      }),
      ...edges.map(edgeLabel),
    ]
      .filter((markup) => markup !== "")
      .join("\n"),
  );
}

function group({ x, y }: Point, markup: string): string {
  return `<g transform="translate(${px(x)} ${px(y)})">${markup}</g>`;
}

/** For who hears the drawing: every node, what it is, how it stands and where it leads. */
function description(drawing: Drawing): string {
  const graphs = [drawing.main, ...drawing.sections.map(({ graph }) => graph)];
  const leads = new Map<string, string[]>();
  for (const { source, target, label } of graphs.flatMap(edgesIn))
    leads.set(source, [...(leads.get(source) ?? []), label === "" ? target : `${target} (${label})`]);
  const sentences = allNodesIn(drawing).map(({ id, kind, state }) => {
    const said = state === undefined ? kind : `${kind}, ${stateText(state)}`;
    const targets = leads.get(id);
    return targets === undefined ? `${id}: ${said}.` : `${id}: ${said}; leads to ${targets.join(", ")}.`;
  });
  return [drawing.subtitle, ...sentences].filter((text) => text !== "").join("\n");
}

function edgesIn(graph: DrawnGraph): DrawnGraph["edges"] {
  return [...graph.edges, ...graph.nodes.flatMap(({ body }) => (body === undefined ? [] : edgesIn(body)))];
}
