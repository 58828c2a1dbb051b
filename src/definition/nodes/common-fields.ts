import { z } from "zod";
import { MAX_EDGES, MAX_NAME_LENGTH, MAX_WORD_LENGTH } from "../limits";

/** More patterns than there are codes do not tell failures apart. */
const MAX_PATTERNS = 100;

/** `*` stands for any text; everything else for itself. */
export const codePattern = z.string().min(1).max(MAX_WORD_LENGTH);

/** Any JSON: what it is is checked once it is rendered. */
export const template = (description: string) => z.unknown().optional().describe(description);

/** CEL; its syntax, names and types are checked by themselves. */
export const cel = (description: string) => z.string().describe(description);

export const jsonSchema = (description: string) => z.record(z.string(), z.unknown()).describe(description);

export const catchSchema = z
  .strictObject({
    output: template("Template of the node's output; sees `error`. Null where absent."),
    codes: z
      .array(codePattern)
      .min(1)
      .max(MAX_PATTERNS)
      .optional()
      .describe("Patterns of the failure codes that are caught, `*` for any text; all where absent."),
  })
  .describe("Turns a failure into an output: the node counts as completed.");

/** Fields of every node, whatever its type. The id's form is checked with the ids of all other nodes. */
const COMMON_FIELDS = {
  id: z
    .string()
    .meta({ pattern: "^[A-Za-z_][A-Za-z0-9_-]{0,63}$" })
    .describe("Unique in the whole definition: a letter or `_`, then at most 63 letters, digits, `_` or `-`."),
  name: z.string().min(1).max(MAX_NAME_LENGTH).optional().describe("For people; the id where absent."),
  when: cel("CEL; where it is false the node is skipped, and the graph goes on as after a success.").optional(),
  join: z
    .union([z.enum(["all", "any"]), z.int().min(1).max(MAX_EDGES)])
    .optional()
    .describe("How many of the paths that lead here must arrive; `all` (of those that are taken) where absent."),
  join_rest: z
    .enum(["continue", "cancel"])
    .optional()
    .describe("What becomes of the paths that the join no longer waits for; `continue` where absent."),
  catch: catchSchema.optional(),
} as const;

/** The schema of one kind of node: the fields of all nodes, and its own. */
export function nodeSchema(type: string, description: string, fields: Readonly<Record<string, z.ZodType>>): z.ZodType {
  const { id, ...common } = COMMON_FIELDS;
  return z.strictObject({ id, type: z.literal(type), ...common, ...fields }).describe(description);
}
