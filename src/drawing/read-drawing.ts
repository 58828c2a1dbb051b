import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { MAX_EDGES, MAX_NODES } from "../definition/limits";
import { backEdges } from "./back-edges";
import { describeEdge } from "./describe-edge";
import { describeNode, objectIn } from "./describe-node";
import type { Drawing, DrawnEdge, DrawnGraph, DrawnKind, DrawnNode, DrawnSection } from "./drawing";
import type { NodeState } from "./node-state";
import { oneLine } from "./one-line";

export interface DrawingOptions {
  readonly title: string;
  readonly subtitle?: string;
  /** By node id. Where it is given, a node without a state is drawn as one that has not run. */
  readonly states?: ReadonlyMap<string, NodeState>;
}

const KINDS: readonly string[] = [
  "task",
  "transform",
  "switch",
  "map",
  "loop",
  "workflow",
  "wait",
  "signal",
  "approval",
  "fail",
  "end",
] satisfies readonly DrawnKind[];

const SECTIONS = [
  { id: "on_failure", title: "on failure" },
  { id: "finally", title: "finally" },
] as const;

/**
 * What to draw of a definition in JSON. It need not be valid, so that what is wrong with one can be seen, but nodes need
 * ids and edges need ends; what keeps it from being drawn is told, one problem a text.
 */
export function readDrawing(definition: JsonObject, options: DrawingOptions): Result<Drawing, readonly string[]> {
  const reader = new Reader(options.states);
  const main = reader.graph(definition, "");
  const sections = SECTIONS.flatMap(({ id, title }): readonly DrawnSection[] => {
    const graph = definition[id];
    return isJsonObject(graph) ? [{ id, title, graph: reader.graph(graph, `/${id}`) }] : [];
  });
  const problems = reader.problems();
  if (problems.length > 0) return err(problems);
  return ok({ title: oneLine(options.title), subtitle: oneLine(options.subtitle ?? ""), main, sections });
}

class Reader {
  readonly #states: ReadonlyMap<string, NodeState> | undefined;
  readonly #problems: string[] = [];
  readonly #ids = new Set<string>();
  #edgeCount = 0;

  constructor(states: ReadonlyMap<string, NodeState> | undefined) {
    this.#states = states;
  }

  problems(): readonly string[] {
    const tooMany = [
      ...(this.#ids.size > MAX_NODES ? [`there are ${this.#ids.size} nodes; at most ${MAX_NODES} are drawn`] : []),
      ...(this.#edgeCount > MAX_EDGES ? [`there are ${this.#edgeCount} edges; at most ${MAX_EDGES} are drawn`] : []),
    ];
    return [...tooMany, ...this.#problems];
  }

  graph(source: JsonObject, pointer: string): DrawnGraph {
    const nodes = listIn(source, "nodes").flatMap((node, index) => this.#node(node, `${pointer}/nodes/${index}`));
    const ids = new Set(nodes.map(({ id }) => id));
    const edges = listIn(source, "edges").flatMap((edge, index) => this.#edge(edge, ids, `${pointer}/edges/${index}`));
    const isBack = backEdges(nodes, edges);
    return { nodes, edges: edges.map((edge, index) => ({ ...edge, isBack: isBack[index] === true })) };
  }

  #node(node: JsonValue, pointer: string): readonly DrawnNode[] {
    const id = isJsonObject(node) ? node["id"] : undefined;
    if (!isJsonObject(node) || typeof id !== "string" || oneLine(id) !== id || id === "")
      return this.#refuse(`${pointer}: a node needs an id`);
    if (this.#ids.has(id)) return this.#refuse(`${pointer}/id: '${id}' is there twice`);
    this.#ids.add(id);
    const kind = (
      typeof node["type"] === "string" && KINDS.includes(node["type"]) ? node["type"] : "other"
    ) as DrawnKind;
    const body = objectIn(node, "config")["body"];
    const title = typeof node["name"] === "string" ? oneLine(node["name"]) : "";
    return [
      {
        id,
        kind,
        title: title === "" ? id : title,
        details: describeNode(node, kind),
        ...(isJsonObject(body) ? { body: this.graph(body, `${pointer}/config/body`) } : {}),
        ...(this.#states === undefined ? {} : { state: this.#states.get(id) ?? { status: "pending" } }),
      },
    ];
  }

  #edge(edge: JsonValue, ids: ReadonlySet<string>, pointer: string): readonly Omit<DrawnEdge, "isBack">[] {
    if (!isJsonObject(edge)) return this.#refuse(`${pointer}: an edge needs a source and a target`);
    const { source, target } = edge;
    this.#edgeCount += 1;
    for (const [name, end] of [
      ["source", source],
      ["target", target],
    ] as const)
      if (typeof end !== "string" || !ids.has(end))
        return this.#refuse(`${pointer}/${name}: there is no node ${JSON.stringify(end ?? null)} beside it`);
    return [{ source: source as string, target: target as string, ...describeEdge(edge) }];
  }

  #refuse(problem: string): readonly never[] {
    this.#problems.push(oneLine(problem));
    return [];
  }
}

function listIn(source: JsonObject, name: string): readonly JsonValue[] {
  const list = source[name];
  return Array.isArray(list) ? (list as readonly JsonValue[]) : [];
}
