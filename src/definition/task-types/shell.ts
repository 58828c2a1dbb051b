import { z } from "zod";
import { retrySchema, timeoutSchema } from "../retry-and-timeout";
import { exactlyOne } from "./exactly-one";
import type { TaskType } from "./task-type";

/** Linux takes at most 128 KiB in one argument (MAX_ARG_STRLEN), and `command` is one argument of `/bin/sh`. */
const MAX_ARGUMENT_LENGTH = 128 * 1_024 - 1;
/** Well under what Linux takes in all (a quarter of the stack's limit, 2 MiB) for arguments and environment. */
const MAX_ARGUMENTS = 1_000;
/** Input comes to the worker in Temporal's history; 1 MiB leaves room beside it under Temporal's 2 MiB for one payload. */
const MAX_STDIN_LENGTH = 1_024 * 1_024;

/** What the operating system is given ends at a NUL. */
const argument = z
  .string()
  .max(MAX_ARGUMENT_LENGTH)
  .refine((text) => !text.includes("\0"), "must not hold a NUL character");

const variableName = z.string().regex(/^[^=\0]+$/, "must be the name of an environment variable, without '='");

const cwd = argument
  .refine((path) => !path.startsWith("/"), "must be relative: it is a folder inside the workspace")
  .refine((path) => !path.split("/").includes(".."), "must not leave the workspace by '..'");

const schema = z
  .strictObject({
    command: argument.min(1).optional().describe("Text for /bin/sh -c. Either this or argv."),
    argv: z
      .array(argument)
      .min(1)
      .max(MAX_ARGUMENTS)
      .refine(([program]) => program !== "", "must start with a program")
      .optional()
      .describe("Program and arguments, run without a shell. Either this or command."),
    env: z
      .record(variableName, argument)
      .optional()
      .describe(
        "Environment variables, beside the few that a task inherits of its worker: PATH, HOME, TZ and their like.",
      ),
    cwd: cwd.optional().describe("Folder inside the workspace; the workspace itself by default."),
    stdin: z.string().max(MAX_STDIN_LENGTH).optional().describe("Text for standard input; none by default."),
    success_exit_codes: z
      .array(z.int().min(0).max(255))
      .min(1)
      .default([0])
      .describe("Exit codes that count as success."),
    retry: retrySchema.optional(),
    timeout: timeoutSchema.optional(),
  })
  .refine(...exactlyOne(["command", "argv"], { orNone: false }))
  .meta({ title: "shell", oneOf: [{ required: ["command"] }, { required: ["argv"] }] });

/** A checked config, defaults filled in. */
export type ShellConfig = z.output<typeof schema>;

export const shellTaskType: TaskType = {
  name: "shell",
  summary: "Runs a command or a program in the workspace.",
  schema,
  defaultMaxAttempts: 1,
};
