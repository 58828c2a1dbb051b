import { z } from "zod";
import { retrySchema, timeoutSchema } from "../retry-and-timeout";
import type { TaskType } from "./task-type";

const schema = z
  .strictObject({
    output: z.json().default(null).describe("What the task returns."),
    retry: retrySchema.optional(),
    timeout: timeoutSchema.optional(),
  })
  .meta({ title: "noop" });

/** A checked config, defaults filled in. */
export type NoopConfig = z.output<typeof schema>;

export const noopTaskType: TaskType = {
  name: "noop",
  summary: "Returns what it is given: to try out a graph, and to measure what a task costs.",
  schema,
  defaultMaxAttempts: 1,
};
