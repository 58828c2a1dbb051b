import { columnsOf, cut } from "../../core/text-columns";
import type { Drawing, DrawnEdge, DrawnGraph, DrawnNode } from "../drawing";
import { stateText } from "../node-state";
import { STYLES, type Style } from "./canvas";
import type { Glyphs } from "./glyphs";
import { styleOf } from "./node-box";
import { styleOfEdge } from "./placed-item";

export interface TreeOptions {
  readonly width: number;
  readonly hasColor: boolean;
  readonly glyphs: Glyphs;
}

/** Steps in by so much; after so many it goes no further, so that words have room. */
const STEP = 2;
const MAX_STEPS = 12;

/**
 * The graph as indented lines, for terminals too narrow for a drawing: what follows a node stands below it, further in where
 * several nodes do. A node to which several lead stands below the first of them; the others name it.
 */
export function treeLines(drawing: Drawing, options: TreeOptions): readonly string[] {
  const tree = new Tree(options);
  tree.graph(drawing.main, 0);
  for (const { title, graph } of drawing.sections) {
    tree.line(0, [{ text: `${title}:`, style: "bold" }]);
    tree.graph(graph, 1);
  }
  return tree.lines;
}

interface Words {
  readonly text: string;
  readonly style: Style;
}

interface Visit {
  readonly node: DrawnNode;
  readonly steps: number;
  readonly by?: DrawnEdge;
}

class Tree {
  readonly lines: string[] = [];
  readonly #options: TreeOptions;

  constructor(options: TreeOptions) {
    this.#options = options;
  }

  /** Without recursion along edges: a chain of 2,000 nodes is as long. */
  graph({ nodes, edges }: DrawnGraph, steps: number): void {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    const outgoing = new Map<string, DrawnEdge[]>();
    for (const edge of edges) outgoing.set(edge.source, [...(outgoing.get(edge.source) ?? []), edge]);
    const isLedTo = new Set(edges.flatMap(({ isBack, target }) => (isBack ? [] : [target])));
    const seen = new Set<string>();
    const visits: Visit[] = nodes.filter(({ id }) => !isLedTo.has(id)).map((node) => ({ node, steps }));
    visits.reverse();
    for (let visit = visits.pop(); visit !== undefined; visit = visits.pop()) {
      const { node, steps: own, by } = visit;
      if (by?.isBack === true || seen.has(node.id)) {
        this.line(own, [...this.#leads(by), { text: `(${node.title})`, style: "dim" }], 9);
        continue;
      }
      seen.add(node.id);
      this.#node(node, own, by);
      if (node.body !== undefined) this.graph(node.body, own + 2);
      const followers = outgoing.get(node.id) ?? [];
      const inner = followers.length > 1 ? own + 1 : own;
      for (const edge of followers.toReversed()) {
        const target = byId.get(edge.target);
        if (target !== undefined) visits.push({ node: target, steps: inner, by: edge });
      }
    }
  }

  #node({ title, details, state }: DrawnNode, steps: number, by: DrawnEdge | undefined): void {
    const words: Words[] = [...this.#leads(by), { text: title, style: "bold" }];
    if (state !== undefined)
      words.push({
        text: `${this.#options.glyphs.mark(state.status)} ${stateText(state)}`,
        style: styleOf(state.status),
      });
    if (details[0] !== undefined) words.push({ text: details[0], style: "dim" });
    this.line(steps, words, this.#leads(by).length);
  }

  #leads(by: DrawnEdge | undefined): readonly Words[] {
    if (by === undefined) return [];
    const arrow = by.isBack ? this.#options.glyphs.arrowUp : this.#options.glyphs.arrowDown;
    const style = styleOfEdge(by);
    // What follows the label says where it leads, and needs room too.
    const label = cut(by.label, Math.max(10, Math.floor(this.#options.width / 3)));
    return [{ text: arrow, style }, ...(label === "" ? [] : [{ text: `[${label}]`, style }])];
  }

  /** Words of one line, as many as fit. */
  line(steps: number, words: readonly Words[], leading = 0): void {
    const { width, hasColor, glyphs } = this.#options;
    let line = " ".repeat(STEP * Math.min(steps, MAX_STEPS));
    let left = width - line.length;
    for (const [index, { text, style }] of words.entries()) {
      if (left < 3) break;
      // Two spaces between two things, one after an arrow and its label.
      const between = index === 0 ? "" : " ".repeat(index > leading ? 2 : 1);
      const isOwn = text === glyphs.arrowUp || text === glyphs.arrowDown;
      const shown = cut(text, left);
      const word = isOwn ? shown : [...shown].map((character) => glyphs.text(character)).join("");
      line += between + (hasColor && style !== "none" ? `\u001b[${STYLES[style]}m${word}\u001b[0m` : word);
      left -= columnsOf(shown) + 2;
    }
    this.lines.push(line);
  }
}
