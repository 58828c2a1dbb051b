import { z } from "zod";
import type { JsonObject } from "../../core/json";
import { isJsonObject } from "../../core/json";
import type { MapNode, Problem } from "../graph-types";
import { MAX_MAP_CONCURRENCY } from "../limits";
import { retrySchema, timeoutSchema, totalTimeoutSchema } from "../retry-and-timeout";
import { exactlyOne } from "../task-types/exactly-one";
import {
  ANY,
  alternatives,
  closedObject,
  listOf,
  NULL,
  NUMBER,
  STRING,
  unionOf,
  type ValueType,
} from "../types/value-type";
import { cel, nodeSchema } from "./common-fields";
import { graphReference } from "./graph-reference";
import type { ExtraVariables, GraphAt, NodeKind, NodeTypes } from "./node-kind";
import {
  checkTaskCall,
  TASK_CALL_SCHEMAS,
  taskCallOutput,
  taskCallSchema,
  taskCallShape,
  taskCallTemplates,
} from "./task-call";

const SHARE = /^(?:100|[1-9]?\d)(?:\.\d{1,3})?%$/;

const items = z.union([z.string(), z.array(z.unknown())]).describe("CEL that gives a list, or a list of templates.");

const maxFailures = z
  .union([z.int().min(0), z.string().regex(SHARE, 'must be a whole number, or a share such as "10%"')])
  .describe('Failed items that are borne: a count, or a share as `"10%"`; 0 where absent.');

function schemaWith(task: z.ZodType, timeout: z.ZodType): z.ZodType {
  const config = z
    .strictObject({
      items,
      concurrency: z.int().min(1).max(MAX_MAP_CONCURRENCY).optional().describe("Items at a time; 10 where absent."),
      max_failures: maxFailures.optional(),
      item_key: cel("CEL over `item` and `index`; gives the text by which an item is known.").optional(),
      body: graphReference("The graph that runs for each item. Sees `item` and `index`, from 0.").optional(),
      task: task.optional().describe("In place of `body`: the task that runs for each item."),
    })
    .refine(...exactlyOne(["body", "task"], { orNone: false }))
    .meta({ oneOf: [{ required: ["body"] }, { required: ["task"] }] });
  return nodeSchema("map", "Runs its body, or one task, for each item.", {
    config,
    timeout: timeout
      .optional()
      .describe("`attempt` and `heartbeat` for the task of each item; `total` of the whole map."),
    retry: retrySchema.optional().describe("For the task of each item."),
  });
}

const { stored, inline } = TASK_CALL_SCHEMAS;
/** By the shape of `task`, then by that of `timeout`. */
const SCHEMAS = {
  stored: { text: schemaWith(stored, totalTimeoutSchema), object: schemaWith(stored, timeoutSchema) },
  inline: { text: schemaWith(inline, totalTimeoutSchema), object: schemaWith(inline, timeoutSchema) },
} as const;

/** Runs its body, or one task, for each item. */
export const mapNodeKind: NodeKind<MapNode> = {
  type: "map",
  schema: schemaWith(taskCallSchema, timeoutSchema),
  schemaFor: ({ config, timeout }) =>
    SCHEMAS[taskCallShape(isJsonObject(config) ? config["task"] : undefined)][
      isJsonObject(timeout) ? "object" : "text"
    ],
  templates: (node) => [
    ...(typeof node.config.items === "string" ? [] : [{ pointer: "/config/items", value: node.config.items }]),
    ...(node.config.task === undefined
      ? []
      : taskCallTemplates(node.config.task, "/config/task").map((found) => ({ ...found, extra: itemVariables(node) }))),
  ],
  conditions: ({ config: { items: list, item_key } }) => [
    ...(typeof list === "string" ? [{ pointer: "/config/items", text: list, expects: "list" as const }] : []),
    ...(item_key === undefined
      ? []
      : [{ pointer: "/config/item_key", text: item_key, expects: "text" as const, extra: keyVariables(list) }]),
  ],
  check: (node) => [
    ...(node.config.task === undefined ? bodyProblems(node) : checkTaskCall(node.config.task, "/config/task")),
  ],
  graphs: (node) => bodyOf(node),
  output: (node, types) => outputType(node, types),
};

function bodyOf(node: MapNode): readonly GraphAt[] {
  const { body } = node.config;
  return body === undefined ? [] : [{ pointer: "/config/body", graph: body, extra: itemVariables(node) }];
}

/** A body's tasks have their own retries and limits. */
function bodyProblems(node: MapNode): readonly Problem[] {
  const timeout: JsonObject = isJsonObject(node.timeout) ? node.timeout : {};
  const misplaced = [
    ...(node.retry === undefined ? [] : ["/retry"]),
    ...["attempt", "heartbeat"].filter((name) => Object.hasOwn(timeout, name)).map((name) => `/timeout/${name}`),
  ];
  const message = "is for the task of each item; with a body, write it at the body's nodes";
  return misplaced.map((pointer) => ({ code: "FIELD_CONFLICT", pointer, message }));
}

function keyVariables(items: MapNode["config"]["items"]): ExtraVariables {
  return (types) => ({ item: itemType(items, types), index: NUMBER });
}

function itemVariables({ config: { items, item_key } }: MapNode): ExtraVariables {
  return (types) => ({
    item: itemType(items, types),
    index: NUMBER,
    ...(item_key === undefined ? {} : { key: STRING }),
  });
}

function itemType(items: MapNode["config"]["items"], types: NodeTypes): ValueType {
  const list = typeof items === "string" ? types.condition(items) : types.template(items);
  return unionOf(alternatives(list).map((type) => (type.kind === "list" ? type.items : ANY)));
}

function outputType(node: MapNode, types: NodeTypes): ValueType {
  const { task } = node.config;
  const [body] = bodyOf(node);
  // The output of a task depends on its item only where a template of its config says it out.
  const one = body !== undefined ? types.graph(body) : task === undefined ? ANY : taskCallOutput(task, types);
  const failed = closedObject({ index: NUMBER, key: STRING, code: STRING, message: STRING });
  return closedObject({ outputs: listOf(unionOf([one, NULL])), failed: listOf(failed) });
}
