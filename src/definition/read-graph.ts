import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { edgeSchema, graphSchema } from "./definition-schema";
import type { Edge, GraphNode, Problem } from "./graph-types";
import { pointerTo } from "./json-pointer";
import { type Mended, mend } from "./mend";
import { meantHint, nearName } from "./near-name";
import type { GraphAt, NodeKind } from "./nodes/node-kind";
import { NODE_TYPES, nodeKind } from "./nodes/registry";
import { shapeProblems, unknownField } from "./schema-problems";

/** A graph as far as it could be read, with the places of its parts in the definition. */
export interface ReadGraph {
  /** As it stands in the definition. */
  readonly source: JsonObject;
  readonly pointer: string;
  /** Nodes that have an id, whatever else is wrong with them, so that edges to them are not called unknown. */
  readonly nodes: readonly ReadNode[];
  /** Edges that it is known of where they lead. */
  readonly edges: readonly ReadEdge[];
  readonly output: JsonValue | undefined;
  /** Problems of shape, and those that nodes find in themselves. */
  readonly problems: readonly Problem[];
}

export interface ReadNode {
  readonly id: string;
  readonly pointer: string;
  /** Null where its shape has a problem. */
  readonly sound: SoundNode | null;
  /** What is left of it then, for its expressions; null where it is sound, or nothing is left. */
  readonly mended: MendedNode | null;
  readonly graphs: readonly NestedGraph[];
}

export interface SoundNode {
  readonly node: GraphNode;
  readonly kind: NodeKind;
}

export interface MendedNode extends SoundNode {
  /** As in `Mended`; pointers from the definition's root. */
  readonly renamed: Mended["renamed"];
  /** False where something of its `config` is wrong, so that it is not known which variables it gives its body. */
  readonly isConfigWhole: boolean;
}

export interface ReadEdge {
  readonly edge: Edge;
  readonly pointer: string;
  /** Absent where its shape has a problem, and some of its fields are left out. */
  readonly isWhole?: true;
}

export interface NestedGraph {
  readonly graph: ReadGraph;
  /** What its node says of it; null where too much of that node is wrong. */
  readonly at: GraphAt | null;
}

/** Reads a graph and those inside it. Of its own fields, only `nodes`, `edges` and `output` are looked at. */
export function readGraph(value: JsonObject, pointer: string): ReadGraph {
  const nodes = listIn(value, "nodes").map((node, index) => readNode(node, `${pointer}/nodes/${index}`));
  const edges = listIn(value, "edges").map((edge, index) => readEdge(edge, `${pointer}/edges/${index}`));
  return {
    source: value,
    pointer,
    nodes: nodes.flatMap(({ read }) => (read === null ? [] : [read])),
    edges: edges.flatMap(({ read }) => (read === null ? [] : [read])),
    output: ownValue(value, "output"),
    problems: [...nodes, ...edges].flatMap(({ problems }) => problems),
  };
}

/** Reads a graph that is a part of a node or of the definition, its own fields included. */
export function readInnerGraph(value: JsonObject, pointer: string): ReadGraph {
  const read = readGraph(value, pointer);
  return { ...read, problems: [...shapeProblems(graphSchema, value, pointer), ...read.problems] };
}

/** A graph and all graphs inside it, from the outside in. */
export function graphsWithin(graph: ReadGraph): readonly ReadGraph[] {
  return [graph, ...graph.nodes.flatMap(({ graphs }) => graphs.flatMap((nested) => graphsWithin(nested.graph)))];
}

interface Read<Part> {
  readonly read: Part | null;
  readonly problems: readonly Problem[];
}

function readNode(value: JsonValue, pointer: string): Read<ReadNode> {
  if (!isJsonObject(value))
    return { read: null, problems: [{ code: "FIELD_TYPE", pointer, message: "must be an object" }] };
  const type = ownValue(value, "type");
  const kind = typeof type === "string" ? nodeKind(type) : undefined;
  const shape = kind === undefined ? typeProblems(value, type, pointer) : kindProblems(kind, value, pointer);
  const sound = kind === undefined || shape.length > 0 ? null : { node: value as unknown as GraphNode, kind };
  const mended = kind === undefined || sound !== null ? null : mendedNode(kind, value, pointer);
  // Also where its own name is misspelt, so that edges to it are not called unknown.
  const id = ownValue(value, "id") ?? mended?.node.id;
  const checked = sound ?? (mended?.isConfigWhole === true ? mended : null);
  const own = checked === null ? [] : (checked.kind.check?.(checked.node) ?? []);
  const graphs = kind?.graphs === undefined ? [] : innerGraphs(value, sound ?? mended, pointer);
  const problems = [
    ...shape,
    ...own.map((problem) => asWritten({ ...problem, pointer: `${pointer}${problem.pointer}` }, mended?.renamed ?? [])),
    ...graphs.flatMap(({ graph }) => graph.problems),
  ];
  return { read: typeof id === "string" ? { id, pointer, sound, mended, graphs } : null, problems };
}

/** A problem of a mended node at the place where its part stands. */
export function asWritten(problem: Problem, renamed: MendedNode["renamed"]): Problem {
  const { pointer } = problem;
  const [now, written] = renamed.find(([name]) => pointer === name || pointer.startsWith(`${name}/`)) ?? ["", ""];
  return now === "" ? problem : { ...problem, pointer: written + pointer.slice(now.length) };
}

/** Fields that hold tasks, which kinds check by themselves. */
const CHECKED_FIELDS = ["config", "compensate"];

function mendedNode(kind: NodeKind, value: JsonObject, pointer: string): MendedNode | null {
  const mended = mend(value, (each) => kind.schemaFor?.(each) ?? kind.schema, ["id", "type"]);
  if (mended === null) {
    const { id, type, when } = value;
    // Of the kind's own parts nothing is known. What all nodes have can be looked at.
    const bare = { id, type, ...(typeof when === "string" ? { when } : {}) } as unknown as GraphNode;
    const { templates: _, conditions: __, check: ___, graphs: ____, ...common } = kind;
    return { node: bare, kind: common, renamed: [], isConfigWhole: false };
  }
  return {
    node: mended.value as unknown as GraphNode,
    kind,
    renamed: mended.renamed.map(([now, written]) => [pointer + now, pointer + written]),
    isConfigWhole: !CHECKED_FIELDS.some((field) => mended.touched.has(field)),
  };
}

function kindProblems(kind: NodeKind, value: JsonObject, pointer: string): readonly Problem[] {
  return shapeProblems(kind.schemaFor?.(value) ?? kind.schema, value, pointer);
}

function typeProblems(value: JsonObject, type: JsonValue | undefined, pointer: string): readonly Problem[] {
  if (type === undefined) {
    // The other fields are known only with the kind, but a slip in its own name can be told.
    const slips = Object.keys(value).filter((key) => nearName(key, ["type"]) !== undefined);
    return [
      ...slips.map((key) => unknownField(key, ["type"], pointerTo(pointer, [key]))),
      { code: "FIELD_REQUIRED", pointer: `${pointer}/type`, message: "is required" },
    ];
  }
  const suggestion = typeof type === "string" ? nearName(type, NODE_TYPES) : undefined;
  const hint = meantHint(suggestion);
  const message = `unknown node type ${JSON.stringify(type).slice(0, 64)}; known are ${NODE_TYPES.join(", ")}${hint}`;
  const problem = { code: "NODE_TYPE_UNKNOWN", pointer: `${pointer}/type`, message };
  return [suggestion === undefined ? problem : { ...problem, suggestion }];
}

/** Also of a node that is not sound: what is wrong inside is told at once with what is wrong outside. */
function innerGraphs(value: JsonObject, read: SoundNode | null, pointer: string): readonly NestedGraph[] {
  const body = bodyIn(value);
  if (body === undefined) return [];
  const at = read?.kind.graphs?.(read.node).find((found) => found.pointer === BODY_POINTER) ?? null;
  return [{ graph: readInnerGraph(body, `${pointer}${BODY_POINTER}`), at }];
}

/** Where every kind with a graph inside has it. */
export const BODY_POINTER = "/config/body";

/** The graph inside a node, if it has one. */
export function bodyIn(node: JsonObject): JsonObject | undefined {
  const config = ownValue(node, "config");
  const body = isJsonObject(config) ? ownValue(config, "body") : undefined;
  const type = ownValue(node, "type");
  const hasGraphs = typeof type === "string" && nodeKind(type)?.graphs !== undefined;
  return hasGraphs && isJsonObject(body) ? body : undefined;
}

function readEdge(value: JsonValue, pointer: string): Read<ReadEdge> {
  const problems = shapeProblems(edgeSchema, value, pointer);
  if (problems.length === 0) return { read: { edge: value as unknown as Edge, pointer, isWhole: true }, problems };
  const mended = isJsonObject(value) ? mend(value, () => edgeSchema, ["source", "target", "loop"]) : null;
  return { read: mended === null ? null : { edge: mended.value as unknown as Edge, pointer }, problems };
}

export function ownValue(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

export function listIn(source: JsonObject, name: string): readonly JsonValue[] {
  const list = ownValue(source, name);
  return Array.isArray(list) ? list : [];
}
