import { assertNever } from "../core/assert-never";
import type { Drawing, DrawnEdge, DrawnGraph, DrawnKind, DrawnNode } from "./drawing";
import { edgeLine, nodeLines } from "./node-lines";
import { LIGHT_TINTS } from "./palette";

/** A graph in the DOT language (https://graphviz.org/doc/info/lang.html), for `dot -Tsvg`. */
export function renderDot(drawing: Drawing): string {
  const writer = new DotWriter(drawing);
  return `${writer.lines().join("\n")}\n`;
}

type Attributes = Readonly<Record<string, string>>;

class DotWriter {
  readonly #lines: string[] = [];
  /** Of nodes with a body: where edges that lead to the cluster start and end, which DOT draws only between nodes. */
  readonly #anchors = new Map<string, { readonly first: string; readonly last: string }>();
  #indent = "  ";

  constructor({ title, subtitle, main, sections }: Drawing) {
    const label = [title, subtitle].filter((line) => line !== "");
    this.#write(`graph${attributes({ ...GRAPH, ...(label.length === 0 ? {} : { label: escapedLines(label) }) })};`);
    this.#write(`node${attributes(NODE)};`);
    this.#write(`edge${attributes(EDGE)};`);
    this.#graph(main);
    for (const section of sections)
      this.#cluster(section.id, { label: escapedLines([section.title]), style: "rounded,dashed" }, section.graph);
  }

  lines(): readonly string[] {
    return ["digraph workflow {", ...this.#lines, "}"];
  }

  #graph({ nodes, edges }: DrawnGraph): void {
    for (const node of nodes) this.#node(node);
    for (const edge of edges) this.#edge(edge);
  }

  #node(node: DrawnNode): void {
    const tint = node.state === undefined ? {} : tintOf(node.state.status);
    const label = escapedLines(nodeLines(node));
    const [first] = node.body?.nodes ?? [];
    const last = node.body?.nodes.at(-1);
    if (node.body === undefined || first === undefined || last === undefined) {
      this.#write(`${quoted(node.id)}${attributes({ label, ...shapeOf(node.kind), ...tint })};`);
      return;
    }
    this.#cluster(node.id, { label, style: "rounded,filled", fillcolor: "#00000008", ...tint }, node.body);
    this.#anchors.set(node.id, {
      first: this.#anchors.get(first.id)?.first ?? first.id,
      last: this.#anchors.get(last.id)?.last ?? last.id,
    });
  }

  #cluster(id: string, attributesOfCluster: Attributes, graph: DrawnGraph): void {
    this.#write(`subgraph ${quoted(`cluster_${id}`)} {`);
    const indent = this.#indent;
    this.#indent = `${indent}  `;
    this.#write(`graph${attributes(attributesOfCluster)};`);
    this.#graph(graph);
    this.#indent = indent;
    this.#write("}");
  }

  #edge({ source, target, label, kind }: DrawnEdge): void {
    const tail = this.#anchors.get(source);
    const head = this.#anchors.get(target);
    const shown = attributes({
      ...(label === "" ? {} : { label: escapedLines([edgeLine(label)]) }),
      ...(kind === "error" ? { color: LIGHT_TINTS.failed.line, style: "dashed" } : {}),
      ...(kind === "loop" ? { color: LIGHT_TINTS.running.line, style: "dashed", constraint: "false" } : {}),
      ...(tail === undefined ? {} : { ltail: escapedName(`cluster_${source}`) }),
      ...(head === undefined ? {} : { lhead: escapedName(`cluster_${target}`) }),
    });
    this.#write(`${quoted(tail?.last ?? source)} -> ${quoted(head?.first ?? target)}${shown};`);
  }

  #write(line: string): void {
    this.#lines.push(this.#indent + line);
  }
}

const FONT = { fontname: "Helvetica" };
const GRAPH: Attributes = { compound: "true", rankdir: "TB", labelloc: "t", ...FONT };
const NODE: Attributes = { shape: "box", style: "rounded,filled", fillcolor: "#f6f8fa", color: "#59636e", ...FONT };
const EDGE: Attributes = { color: "#59636e", fontsize: "11", ...FONT };

function tintOf(status: keyof typeof LIGHT_TINTS): Attributes {
  const { fill, line } = LIGHT_TINTS[status];
  return { fillcolor: fill, color: line };
}

function shapeOf(kind: DrawnKind): Attributes {
  switch (kind) {
    case "task":
    case "map":
    case "loop":
      return {};
    case "transform":
      return { shape: "parallelogram", style: "filled" };
    case "switch":
      return { shape: "hexagon", style: "filled" };
    case "workflow":
      return { shape: "box", peripheries: "2" };
    case "wait":
    case "signal":
    case "approval":
      return { shape: "oval", style: "filled" };
    case "fail":
    case "end":
      return { shape: "octagon", style: "filled" };
    case "other":
      return { style: "dashed" };
    default:
      return assertNever(kind, "kind of node");
  }
}

function attributes(values: Attributes): string {
  const pairs = Object.entries(values).map(([name, value]) => `${name}="${value}"`);
  return pairs.length === 0 ? "" : ` [${pairs.join(", ")}]`;
}

/** A name, as nodes and clusters have it: only the quote is special. A backslash before the closing quote would escape it. */
function quoted(id: string): string {
  return `"${escapedName(id)}"`;
}

function escapedName(name: string): string {
  return name.replace(/\\/g, "\\\\").replace(/"/g, '\\"');
}

/** A label also knows escape sequences (`\N` is the node's name) and HTML's entities. */
function escapedLines(lines: readonly string[]): string {
  return lines.map((line) => escapedName(line).replace(/&/g, "&amp;")).join("\\n");
}
