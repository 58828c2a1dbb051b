import type { z } from "zod";

/** What a definition may say of one kind of work. The code that does the work is the runner of the same name. */
export interface TaskType {
  /** As in `task_type`; the runner's activity has the same name in Temporal histories, so it is never changed. */
  readonly name: string;
  /** One line, for lists and help. */
  readonly summary: string;
  /** Of `config`: strict, with `retry` and `timeout` among its fields. */
  readonly schema: z.ZodType;
  /** Attempts in all where `retry.max_attempts` is absent. */
  readonly defaultMaxAttempts: number;
}
