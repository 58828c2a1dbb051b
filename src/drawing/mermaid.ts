import { assertNever } from "../core/assert-never";
import { allNodesIn, type Drawing, type DrawnEdge, type DrawnGraph, type DrawnKind, type DrawnNode } from "./drawing";
import { edgeLine, frameLine, nodeLines } from "./node-lines";
import { NODE_STATUSES } from "./node-state";
import { INK, LIGHT_TINTS } from "./palette";

/** A flowchart in Mermaid's syntax (https://mermaid.js.org/syntax/flowchart.html), as GitHub and GitLab show it in Markdown. */
export function renderMermaid(drawing: Drawing): string {
  const writer = new MermaidWriter();
  writer.graph(drawing.main);
  for (const { id, title, graph } of drawing.sections) writer.section(id, title, graph);
  const heading = [drawing.title, drawing.subtitle].filter((text) => text !== "").join(": ");
  const hasStates = allNodesIn(drawing).some(({ state }) => state !== undefined);
  const lines = [
    ...(heading === "" ? [] : ["---", `title: ${yamlText(heading)}`, "---"]),
    "flowchart TB",
    ...writer.lines(),
    ...(hasStates ? stateClasses() : []),
  ];
  return `${lines.join("\n")}\n`;
}

function stateClasses(): readonly string[] {
  return NODE_STATUSES.map((status) => {
    const { fill, line } = LIGHT_TINTS[status];
    return `  classDef ${status} fill:${fill},stroke:${line},color:${INK.light}`;
  });
}

class MermaidWriter {
  readonly #lines: string[] = [];
  readonly #linkStyles: string[] = [];
  /** Nodes have names of our own: `end` and some others are words of the language. */
  readonly #names = new Map<string, string>();
  #indent = "  ";
  #edgeCount = 0;

  lines(): readonly string[] {
    return [...this.#lines, ...this.#linkStyles];
  }

  graph({ nodes, edges }: DrawnGraph): void {
    for (const node of nodes) this.#node(node);
    for (const edge of edges) this.#edge(edge);
  }

  section(id: string, title: string, graph: DrawnGraph): void {
    this.#subgraph(id, text(title), graph);
    this.#lines.push(`  style ${id} stroke-dasharray:5 5`);
  }

  #node(node: DrawnNode): void {
    const name = `n${this.#names.size}`;
    this.#names.set(node.id, name);
    const label = nodeLines(node).map(text).join("<br/>");
    if (node.body === undefined || node.body.nodes.length === 0) {
      const [open, close] = shapeOf(node.kind);
      const state = node.state === undefined ? "" : `:::${node.state.status}`;
      this.#write(`${name}${open}"${label}"${close}${state}`);
      return;
    }
    // Mermaid keeps room for one line.
    this.#subgraph(name, text(frameLine(node)), node.body);
    if (node.state === undefined) return;
    // A class of ours would not reach a subgraph: the theme's own colours go before it.
    const { fill, line } = LIGHT_TINTS[node.state.status];
    this.#write(`style ${name} fill:${fill},stroke:${line},color:${INK.light}`);
  }

  #subgraph(name: string, label: string, graph: DrawnGraph): void {
    this.#write(`subgraph ${name}["${label}"]`);
    const indent = this.#indent;
    this.#indent = `${indent}  `;
    this.#write("direction TB");
    this.graph(graph);
    this.#indent = indent;
    this.#write("end");
  }

  #edge({ source, target, label, kind }: DrawnEdge): void {
    const arrow = kind === "success" || kind === "always" ? "-->" : "-.->";
    const shown = label === "" ? "" : `|"${text(edgeLine(label))}"|`;
    this.#write(`${this.#names.get(source)} ${arrow}${shown} ${this.#names.get(target)}`);
    if (kind === "error") this.#linkStyles.push(`  linkStyle ${this.#edgeCount} stroke:${LIGHT_TINTS.failed.line}`);
    if (kind === "loop") this.#linkStyles.push(`  linkStyle ${this.#edgeCount} stroke:${LIGHT_TINTS.running.line}`);
    this.#edgeCount += 1;
  }

  #write(line: string): void {
    this.#lines.push(this.#indent + line);
  }
}

function shapeOf(kind: DrawnKind): readonly [open: string, close: string] {
  switch (kind) {
    case "task":
    case "map":
    case "loop":
      return ["[", "]"];
    case "other":
    case "transform":
      return ["[/", "/]"];
    case "switch":
      return ["{{", "}}"];
    case "workflow":
      return ["[[", "]]"];
    case "wait":
    case "signal":
    case "approval":
      return ["([", "])"];
    case "fail":
    case "end":
      return ["(((", ")))"];
    default:
      return assertNever(kind, "kind of node");
  }
}

/**
 * All that could end a quoted text, start a directive (`%%{`), HTML, Markdown or an entity becomes a number entity, which
 * Mermaid shows as the character. The colon because Mermaid takes `style x:#...;` in any line for CSS.
 */
function text(value: string): string {
  const escaped = value.replace(/[^\p{L}\p{N}\p{M} .,!?'()/=+\-_…✓✗●○»⊘]/gu, (c) => `#${c.codePointAt(0)};`);
  // A text that starts like a list would be refused as Markdown that is not supported.
  return escaped.replace(/^(\d+\.|[-+]) /, "$1#160;");
}

/** A double-quoted scalar of YAML 1.2; all but plain characters escaped, so that no directive is found in it. */
function yamlText(value: string): string {
  const unicodeEscape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `"${value.replace(/[^A-Za-z0-9 .,:()/_-]/g, unicodeEscape)}"`;
}
