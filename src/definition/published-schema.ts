import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { definitionSchema, edgePlace, edgeSchema, graphSchema, nodePlace } from "./definition-schema";
import { catchSchema } from "./nodes/common-fields";
import { isGraphReference } from "./nodes/graph-reference";
import { NODE_KINDS, NODE_TYPES } from "./nodes/registry";
import { taskCallSchema } from "./nodes/task-call";
import { taskConfigDefinitions, taskConfigRules } from "./published-task-configs";
import { retrySchema, timeoutSchema, totalTimeoutSchema } from "./retry-and-timeout";

/** A name and no address: the schema comes with `aco workflow schema`. Never changed for this version of the language. */
export const SCHEMA_ID = "urn:aco:workflow-definition:1";

/** What stands in many places and is written out once, by name. */
const SHARED = {
  task_call: taskCallSchema,
  catch: catchSchema,
  retry: retrySchema,
  timeout: timeoutSchema,
  total_timeout: totalTimeoutSchema,
} as const;

const NAMES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  [nodePlace, "node"],
  [edgePlace, "edge"],
  ...Object.entries(SHARED).map(([name, schema]) => [schema, name] as const),
]);

/** What files hold beside the definition; see `aco workflow create`. */
const FILE_FIELDS: JsonObject = {
  $schema: { type: "string", description: "In files: for editors." },
  name: { type: "string", description: "In files: the workflow's name; that of the file where absent." },
  description: { type: "string", description: "In files: what the workflow is for." },
};

/** JSON Schema, draft 2020-12, of definitions, made from the schemas by which the parser reads them. */
export function publishedSchema(): JsonObject {
  const kinds = [...NODE_KINDS].map(([type, kind]) => [nodeName(type), partOf(kind.schema)] as const);
  const shared = Object.entries(SHARED).map(([name, schema]) => [name, partOf(schema)] as const);
  const { $schema, properties, ...definition } = convert(definitionSchema);
  const defs: Record<string, JsonValue> = {
    graph: partOf(graphSchema),
    node: nodeOfAnyKind(),
    edge: partOf(edgeSchema),
    ...Object.fromEntries(kinds),
    ...Object.fromEntries(shared),
    ...taskConfigDefinitions(),
  };
  defs["task_call"] = { ...partOf(taskCallSchema), allOf: taskConfigRules() };
  return {
    $schema: $schema ?? null,
    $id: SCHEMA_ID,
    title: "Workflow definition",
    ...definition,
    properties: { ...FILE_FIELDS, ...(isJsonObject(properties) ? properties : {}) },
    $defs: defs,
  };
}

function nodeName(type: string): string {
  return `${type}_node`;
}

/** By its type and not by `oneOf`, so that an editor tells what is wrong with a task and not with ten other kinds. */
function nodeOfAnyKind(): JsonObject {
  return {
    description: "A step of the graph; its type decides which fields it has.",
    type: "object",
    required: ["id", "type"],
    properties: { type: { enum: NODE_TYPES } },
    allOf: NODE_TYPES.map((type) => ({
      if: { required: ["type"], properties: { type: { const: type } } },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own keyword.
      then: { $ref: `#/$defs/${nodeName(type)}` },
    })),
  };
}

/** Of a part: the whole document names the dialect. */
function partOf(schema: z.ZodType): JsonObject {
  const { $schema: _, ...part } = convert(schema);
  return part;
}

function convert(schema: z.ZodType): JsonObject {
  const json: unknown = z.toJSONSchema(schema, {
    io: "input",
    target: "draft-2020-12",
    override: ({ zodSchema, jsonSchema, path }) => {
      const name = isGraphReference(zodSchema) ? "graph" : NAMES.get(zodSchema);
      if (name === undefined || path.length === 0) return;
      const { description } = jsonSchema;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema];
      jsonSchema.$ref = `#/$defs/${name}`;
      // Of a graph, its place tells more than the graph itself.
      if (name === "graph" && description !== undefined) jsonSchema.description = description;
    },
  });
  if (!isJsonObject(json)) throw new Error("a schema of the language has no JSON Schema");
  return json;
}
