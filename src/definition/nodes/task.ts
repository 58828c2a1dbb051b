import { z } from "zod";
import type { TaskNode } from "../graph-types";
import { duration, MAX_TOTAL_MS, retrySchema, timeoutSchema } from "../retry-and-timeout";
import { nodeSchema } from "./common-fields";
import type { NodeKind } from "./node-kind";
import {
  checkTaskCall,
  TASK_CALL_SCHEMAS,
  taskCallOutput,
  taskCallSchema,
  taskCallShape,
  taskCallTemplates,
} from "./task-call";

export const prioritySchema = z.int().min(1).max(5).describe("1 (first) to 5 (last); 3 where absent.");
export const laneSchema = z
  .enum(["standard", "fast"])
  .describe("`fast`: for short work: before the tasks of the standard lane, and without a word on the way.");

const cacheSchema = z
  .strictObject({
    key: z.string().min(1).describe("Template; its text, with the task type, is the key."),
    ttl: duration("the time", 1, MAX_TOTAL_MS).describe("Duration for which a result is taken again."),
  })
  .describe("Takes an earlier result of the same task type and key in place of running the task.");

function schemaWith(config: z.ZodType, compensate: z.ZodType): z.ZodType {
  return nodeSchema("task", "Runs a stored task, or one that is written into the definition.", {
    config,
    retry: retrySchema.optional().describe("Goes before the config's own."),
    timeout: timeoutSchema.optional().describe("Goes before the config's own."),
    compensate: compensate
      .optional()
      .describe("Undoes the task when the run fails or is cancelled after it completed."),
    cache: cacheSchema.optional(),
    priority: prioritySchema.optional(),
    lane: laneSchema.optional(),
  });
}

const { stored, inline } = TASK_CALL_SCHEMAS;
/** By the shape of `config`, then by that of `compensate`. */
const SCHEMAS = {
  stored: { stored: schemaWith(stored, stored), inline: schemaWith(stored, inline) },
  inline: { stored: schemaWith(inline, stored), inline: schemaWith(inline, inline) },
} as const;

/** Runs a stored task, or one that is written into the definition. */
export const taskNodeKind: NodeKind<TaskNode> = {
  type: "task",
  schema: schemaWith(taskCallSchema, taskCallSchema),
  schemaFor: ({ config, compensate }) => SCHEMAS[taskCallShape(config)][taskCallShape(compensate)],
  templates: ({ config, compensate, cache }) => [
    ...taskCallTemplates(config, "/config"),
    ...(compensate === undefined
      ? []
      : taskCallTemplates(compensate, "/compensate").map((found) => ({ ...found, seesItself: true }))),
    ...(cache === undefined ? [] : [{ pointer: "/cache/key", value: cache.key }]),
  ],
  check: ({ config, compensate }) => [
    ...checkTaskCall(config, "/config"),
    ...(compensate === undefined ? [] : checkTaskCall(compensate, "/compensate")),
  ],
  output: ({ config }, types) => taskCallOutput(config, types),
};
