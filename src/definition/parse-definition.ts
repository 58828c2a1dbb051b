import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { isLargerThan } from "../core/utf8-size";
import { checkCondition, checkTemplate, type Visible } from "./check-expressions";
import { checkGraph, type ReadableGraph } from "./check-graph";
import { type GraphIndex, upstreamTable } from "./graph-index";
import type { Definition, Edge, GraphNode, Problem, ValidDefinition } from "./graph-types";
import { pointerTo } from "./json-pointer";
import { checkSchema } from "./json-schema";
import { MAX_DEFINITION_BYTES, MAX_EDGES, MAX_NESTING, MAX_NODES, MAX_PROBLEMS } from "./limits";
import { nearName } from "./near-name";
import { NODE_TYPES, nodeKind } from "./nodes/registry";
import { schemaProblems, unknownField } from "./schema-problems";

const edgeSchema = z.strictObject({
  source: z.string().describe("Id of the node that the edge leaves."),
  target: z.string().describe("Id of the node that it leads to."),
  condition: z.string().nullable().optional().describe("CEL; the edge is taken where it is true."),
  on: z.enum(["success", "error", "always"]).optional().describe("Which end of the source it follows; success."),
});

const jsonObject = z.record(z.string(), z.unknown());

/** All but what is inside the nodes, which their kinds check. */
const definitionSchema = z.strictObject({
  version: z.literal(1).optional(),
  nodes: z.array(z.unknown()).min(1, "needs at least one node"),
  edges: z.array(z.unknown()).optional(),
  input_schema: jsonObject.optional(),
  output_schema: jsonObject.optional(),
  output: z.unknown().optional(),
});

/**
 * Checks a definition and finds all of its problems at once. The only maker of `ValidDefinition`: `version` and `edges`
 * are there even where the source left them out; nothing else is added. Never throws, whatever `value` is.
 */
export function parseDefinition(value: unknown): Result<ValidDefinition, readonly Problem[]> {
  const plain = plainJson(value);
  if (!plain.ok) return plain;
  const source = plain.value;
  const problems = [...shapeProblems(definitionSchema, source, "")];
  if (!isJsonObject(source)) return err(problems);
  const sizes = sizeProblems(source);
  if (sizes.length > 0) return err(sizes);

  const nodes = readNodes(listIn(source, "nodes"));
  const edges = readEdges(listIn(source, "edges"));
  const graph: ReadableGraph = { nodes: nodes.named, edges: edges.read };
  const checked = checkGraph(graph);
  problems.push(...nodes.problems, ...edges.problems, ...checked.problems);
  problems.push(...expressionProblems(source, nodes, graph, checked.hasCycle ? null : checked.index));
  for (const name of ["input_schema", "output_schema"] as const) {
    const schema = ownValue(source, name);
    if (isJsonObject(schema))
      problems.push(...checkSchema(schema).map((found) => ({ ...found, pointer: `/${name}${found.pointer}` })));
  }
  if (problems.length > 0) return err(problems.slice(0, MAX_PROBLEMS));
  const definition: Definition = {
    ...(source as unknown as Definition),
    version: 1,
    edges: edges.read.map(({ edge }) => edge),
  };
  return ok(definition as ValidDefinition);
}

/** The stored tasks that a definition names, each once, in the order in which they are first named. */
export function taskIdsOf(definition: Definition): readonly string[] {
  return [...new Set(definition.nodes.flatMap((node) => nodeKind(node.type)?.taskIds(node) ?? []))];
}

/** What is left of any value once it has been JSON: no cycles, no getters, no prototypes. */
function plainJson(value: unknown): Result<JsonValue, readonly Problem[]> {
  const refuse = (code: string, message: string) => err([{ code, pointer: "", message }]);
  try {
    const text: string | undefined = JSON.stringify(value);
    if (text === undefined) return refuse("FIELD_TYPE", "must be an object");
    if (isLargerThan(text, MAX_DEFINITION_BYTES))
      return refuse("LIMIT_EXCEEDED", `must be at most ${MAX_DEFINITION_BYTES} bytes of JSON`);
    const plain: JsonValue = JSON.parse(text);
    if (isDeeperThan(plain, MAX_NESTING)) return refuse("LIMIT_EXCEEDED", `must not nest deeper than ${MAX_NESTING}`);
    return ok(plain);
  } catch {
    return refuse("FIELD_TYPE", "must be JSON: no cycles, and not nested too deeply");
  }
}

/** Recursion ends at the limit, so a deep value cannot exhaust the stack. */
function isDeeperThan(value: JsonValue, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((item: JsonValue) => isDeeperThan(item, levels - 1));
}

function shapeProblems(schema: z.ZodType, value: JsonValue, pointer: string): readonly Problem[] {
  const parsed = schema.safeParse(value);
  return parsed.success ? [] : schemaProblems(schema, parsed.error.issues, value, pointer);
}

function sizeProblems(source: JsonObject): readonly Problem[] {
  const limits = { nodes: MAX_NODES, edges: MAX_EDGES } as const;
  return (["nodes", "edges"] as const).flatMap((name) => {
    const count = listIn(source, name).length;
    if (count <= limits[name]) return [];
    return [{ code: "LIMIT_EXCEEDED", pointer: `/${name}`, message: `has ${count} ${name}; at most ${limits[name]}` }];
  });
}

function ownValue(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function listIn(source: JsonObject, name: string): readonly JsonValue[] {
  const list = ownValue(source, name);
  return Array.isArray(list) ? list : [];
}

interface NodesRead {
  readonly problems: readonly Problem[];
  /** Nodes that have an id, whatever else is wrong with them, so that edges to them are not called unknown. */
  readonly named: ReadableGraph["nodes"];
  /** Nodes without a problem of their own shape. */
  readonly sound: readonly { readonly node: GraphNode; readonly position: number }[];
}

function readNodes(values: readonly JsonValue[]): NodesRead {
  const problems: Problem[] = [];
  const named: { readonly id: string; readonly position: number }[] = [];
  const sound: { readonly node: GraphNode; readonly position: number }[] = [];
  for (const [position, value] of values.entries()) {
    const id = isJsonObject(value) ? ownValue(value, "id") : undefined;
    if (typeof id === "string") named.push({ id, position });
    const found = nodeShapeProblems(value, `/nodes/${position}`);
    problems.push(...found);
    if (found.length > 0) continue;
    const node = value as unknown as GraphNode;
    sound.push({ node, position });
    for (const problem of nodeKind(node.type)?.check(node) ?? [])
      problems.push({ ...problem, pointer: `/nodes/${position}${problem.pointer}` });
  }
  return { problems, named, sound };
}

function nodeShapeProblems(value: JsonValue, pointer: string): readonly Problem[] {
  if (!isJsonObject(value)) return [{ code: "FIELD_TYPE", pointer, message: "must be an object" }];
  const type = ownValue(value, "type");
  if (type === undefined) {
    // The other fields are known only with the kind, but a slip in its own name can be told.
    const slips = Object.keys(value).filter((key) => nearName(key, ["type"]) !== undefined);
    return [
      ...slips.map((key) => unknownField(key, ["type"], pointerTo(pointer, [key]))),
      { code: "FIELD_REQUIRED", pointer: `${pointer}/type`, message: "is required" },
    ];
  }
  const kind = typeof type === "string" ? nodeKind(type) : undefined;
  if (kind !== undefined) return shapeProblems(kind.schemaFor(value), value, pointer);
  const suggestion = typeof type === "string" ? nearName(type, NODE_TYPES) : undefined;
  const hint = suggestion === undefined ? "" : `; did you mean '${suggestion}'?`;
  const message = `unknown node type ${JSON.stringify(type).slice(0, 64)}; known are ${NODE_TYPES.join(", ")}${hint}`;
  const problem = { code: "NODE_TYPE_UNKNOWN", pointer: `${pointer}/type`, message };
  return [suggestion === undefined ? problem : { ...problem, suggestion }];
}

function readEdges(values: readonly JsonValue[]): {
  readonly problems: readonly Problem[];
  readonly read: ReadableGraph["edges"];
} {
  const problems: Problem[] = [];
  const read: { readonly edge: Edge; readonly position: number }[] = [];
  for (const [position, value] of values.entries()) {
    const found = shapeProblems(edgeSchema, value, `/edges/${position}`);
    problems.push(...found);
    if (found.length > 0) continue;
    // Older clients write `null` for no condition.
    const { condition, ...rest } = value as unknown as Edge & { readonly condition?: string | null };
    read.push({ edge: typeof condition === "string" ? { ...rest, condition } : rest, position });
  }
  return { problems, read };
}

/** `index` is null where the graph has a cycle, as then nothing is before anything. */
function expressionProblems(
  source: JsonObject,
  nodes: NodesRead,
  graph: ReadableGraph,
  index: GraphIndex | null,
): readonly Problem[] {
  const ids = new Set(graph.nodes.map(({ id }) => id));
  const isBefore = index === null ? () => true : idsBefore(index);
  const inNodes = nodes.sound.flatMap(({ node, position }) => {
    const visible: Visible = { ids, hasEnded: (id) => isBefore(id, node.id), place: `before '${node.id}'` };
    const templates = nodeKind(node.type)?.templates(node) ?? [];
    return templates.flatMap(({ pointer, value }) => checkTemplate(value, `/nodes/${position}${pointer}`, visible));
  });
  const inEdges = graph.edges.flatMap(({ edge, position }) => {
    if (edge.condition === undefined) return [];
    const hasEnded = (id: string) => id === edge.source || isBefore(id, edge.source);
    const visible: Visible = { ids, hasEnded, place: `when '${edge.source}' ends` };
    return checkCondition(edge.condition, `/edges/${position}/condition`, visible);
  });
  const output = ownValue(source, "output");
  const atEnd: Visible = { ids, hasEnded: () => true, place: "at the end" };
  const inOutput = output === undefined ? [] : checkTemplate(output, "/output", atEnd);
  return [...inNodes, ...inEdges, ...inOutput];
}

/** Whether the first node has always ended before the second one can start. */
function idsBefore(index: GraphIndex): (id: string, other: string) => boolean {
  const isUpstream = upstreamTable(index);
  return (id, other) => isUpstream(index.positions.get(other) ?? -1, index.positions.get(id) ?? -1);
}
