import { z } from "zod";
import { isJsonObject, type JsonObject } from "../../core/json";
import type { GraphNode, Problem } from "../graph-types";
import { MAX_NAME_LENGTH } from "../limits";
import { retrySchema, timeoutSchema } from "../retry-and-timeout";
import { checkTemplatedConfig } from "../task-types/registry";
import type { NodeKind, TemplateAt } from "./node-kind";

const jsonObject = z.record(z.string(), z.unknown());
/** Ids are UUIDs, which take 36 characters; whether there is such a task is seen when the definition is stored. */
const taskId = z.string().min(1, "must be the id of a stored task").max(64, "must be the id of a stored task");

const stored = z.strictObject({
  task_id: taskId.describe("Id of the stored task."),
  override: jsonObject.optional().describe("Rendered, then merged (RFC 7396) over the stored config."),
});
const inline = z.strictObject({
  task_type: z.string().describe("What to run: shell, http, ..."),
  config: jsonObject.describe("As the task type has it; rendered whole."),
});

function nodeWith(config: z.ZodType): z.ZodType {
  return z.strictObject({
    id: z.string(),
    type: z.literal("task"),
    name: z.string().min(1).max(MAX_NAME_LENGTH).optional().describe("For people; the id where absent."),
    config,
    retry: retrySchema.optional().describe("Goes before the config's own."),
    timeout: timeoutSchema.optional().describe("Goes before the config's own."),
  });
}

const storedNode = nodeWith(stored);
const inlineNode = nodeWith(inline);

/** Runs a stored task, or one that is written into the definition. */
export const taskNodeKind: NodeKind = {
  type: "task",
  schemaFor: ({ config }) => (isInline(config) ? inlineNode : storedNode),
  templates: ({ config }: GraphNode): readonly TemplateAt[] => {
    if ("task_type" in config) return [{ pointer: "/config/config", value: config.config }];
    return config.override === undefined ? [] : [{ pointer: "/config/override", value: config.override }];
  },
  check: ({ config }: GraphNode): readonly Problem[] => {
    if (!("task_type" in config)) return [];
    return checkTemplatedConfig(config.task_type, config.config).map((problem) => {
      const place = problem.code === "TASK_TYPE_UNKNOWN" ? "/config/task_type" : `/config/config${problem.pointer}`;
      return { ...problem, pointer: place };
    });
  },
  taskIds: ({ config }: GraphNode) => ("task_id" in config ? [config.task_id] : []),
};

function isInline(config: JsonObject[string] | undefined): boolean {
  return isJsonObject(config) && !Object.hasOwn(config, "task_id") && "task_type" in config;
}
