import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { checkEdges } from "./checks/check-edges";
import { checkGraph } from "./checks/check-graph";
import { checkIds } from "./checks/check-ids";
import { checkJoins } from "./checks/check-joins";
import { PartsCheck } from "./checks/check-parts";
import { checkDefaultOutput, checkRendered } from "./checks/check-rendered";
import { definitionSchema } from "./definition-schema";
import { shapeOf } from "./graph-shape";
import type { Definition, Problem, ValidDefinition } from "./graph-types";
import { checkSchema } from "./json-schema";
import { KnownTypes, runError } from "./known-types";
import { MAX_PROBLEMS } from "./limits";
import { normaliseDefinition, PHASES, sizeProblems } from "./normalise";
import { plainJson } from "./plain-json";
import { graphsWithin, ownValue, type ReadGraph, readGraph, readInnerGraph } from "./read-graph";
import { namesIn, taskReferences, workflowReferences } from "./references";
import { shapeProblems } from "./schema-problems";
import { phaseScope, rootScope, type Scope, scopesWithin } from "./scopes";
import { NOTHING_STORED, type StoredParts } from "./stored-parts";
import { limitProblems } from "./worst-case/limits";

/**
 * Checks a definition and finds all of its problems at once. The only maker of `ValidDefinition`: `version` and `edges`
 * are there even where the source left them out, in graphs inside it too; nothing else is added. Never throws, whatever
 * `value` is. `stored`: what is known of the tasks and workflows that it names, for the types of their outputs and of what they are
 * given.
 */
export function parseDefinition(
  value: unknown,
  stored: StoredParts = NOTHING_STORED,
): Result<ValidDefinition, readonly Problem[]> {
  const plain = plainJson(value);
  if (!plain.ok) return plain;
  if (!isJsonObject(plain.value)) return err(shapeProblems(definitionSchema, plain.value, ""));
  const sizes = sizeProblems(plain.value);
  if (sizes.length > 0) return err([...shapeProblems(definitionSchema, emptied(plain.value), ""), ...sizes]);
  const definition = normaliseDefinition(plain.value);
  const problems = [...shapeProblems(definitionSchema, definition, ""), ...contentProblems(definition, stored)];
  if (problems.length > 0) return err(problems.slice(0, MAX_PROBLEMS));
  const limits = limitProblems(definition as unknown as Definition);
  return limits.length > 0 ? err(limits) : ok(definition as unknown as ValidDefinition);
}

/** Without the lists that have problems of size, so that these are told once. */
function emptied(source: JsonObject): JsonObject {
  return { ...source, nodes: [null], edges: [] };
}

function contentProblems(definition: JsonObject, stored: StoredParts): readonly Problem[] {
  const main = readGraph(definition, "");
  const phases = PHASES.flatMap((name) => {
    const graph = ownValue(definition, name);
    return isJsonObject(graph) ? [{ name, graph: readInnerGraph(graph, `/${name}`) }] : [];
  });
  const outermost = [main, ...phases.map(({ graph }) => graph)];
  const graphs = outermost.flatMap(graphsWithin);
  const root = rootScope(main);
  const scopes = [
    ...scopesWithin(root),
    ...phases.flatMap(({ name, graph }) => scopesWithin(phaseScope(graph, root, runError(name === "finally")))),
  ];
  return [
    ...outermost.flatMap(({ problems }) => problems),
    ...checkIds(graphs),
    ...graphProblems(graphs),
    ...expressionProblems(definition, scopes, new KnownTypes(ownValue(definition, "input_schema"), scopes, stored)),
    ...schemasProblems(definition),
  ];
}

function graphProblems(graphs: readonly ReadGraph[]): readonly Problem[] {
  const graphOf = new Map(graphs.flatMap(({ nodes, pointer }) => nodes.map(({ id }) => [id, pointer] as const)));
  return graphs
    .map(shapeOf)
    .flatMap((shape) => [...checkGraph(shape, (id) => graphOf.get(id)), ...checkEdges(shape), ...checkJoins(shape)]);
}

/** The first scope is that of the definition's own graph. */
function expressionProblems(definition: JsonObject, scopes: readonly Scope[], types: KnownTypes): readonly Problem[] {
  const [root] = scopes;
  if (root === undefined) return [];
  const check = new PartsCheck(types, scopes);
  const concurrency = ownValue(definition, "concurrency");
  const key = isJsonObject(concurrency) ? ownValue(concurrency, "key") : undefined;
  return [
    ...scopes.flatMap((scope) => check.graph(scope)),
    ...(key === undefined ? [] : check.beforeRun(key, "/concurrency/key", root)),
    ...outputProblems(definition, types, root),
  ];
}

/** What a run ends with, be it by an `end` node, beside `output_schema`. */
function outputProblems(definition: JsonObject, types: KnownTypes, root: Scope): readonly Problem[] {
  const schema = ownValue(definition, "output_schema");
  if (!isJsonObject(schema) || checkSchema(schema).length > 0) return [];
  const { nodes, output } = root.graph;
  const known = types.in(root);
  const at = (template: JsonValue, pointer: string) =>
    checkRendered(template, { schema, by: "output_schema" }, (part) => known.template(part)).map((found) => ({
      ...found,
      pointer: `${pointer}${found.pointer}`,
    }));
  const ends = nodes.flatMap(({ sound, pointer }) =>
    sound?.node.type === "end"
      ? [{ template: sound.node.config.output ?? null, pointer: `${pointer}/config/output` }]
      : [],
  );
  const wrong = ends.flatMap(({ template, pointer }) => at(template, pointer));
  if (output !== undefined) return [...wrong, ...at(output, "/output")];
  const missing =
    ends.length > 0
      ? undefined
      : checkDefaultOutput(
          schema,
          nodes.map(({ id }) => id),
        );
  if (missing === undefined) return wrong;
  const message = `is missing: without it the output is an object of the last nodes' outputs, by id, but ${missing}`;
  return [...wrong, { code: "FIELD_REQUIRED", pointer: "/output", message }];
}

function schemasProblems(definition: JsonObject): readonly Problem[] {
  return ["input_schema", "output_schema"].flatMap((name) => {
    const schema = ownValue(definition, name);
    if (!isJsonObject(schema)) return [];
    return checkSchema(schema).map((found) => ({ ...found, pointer: `/${name}${found.pointer}` }));
  });
}

/** The stored tasks that a definition names anywhere, each once, in the order in which they are first named. */
export function taskIdsOf(definition: Definition): readonly string[] {
  return namesIn(taskReferences(definition));
}

/** The stored workflows that a definition names anywhere, each once, in the order in which they are first named. */
export function workflowIdsOf(definition: Definition): readonly string[] {
  return namesIn(workflowReferences(definition));
}
