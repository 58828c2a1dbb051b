import { z } from "zod";
import type { JsonObject } from "../../core/json";
import type { Problem, SignalNode } from "../graph-types";
import { checkSchema } from "../json-schema";
import { MAX_WORD_LENGTH } from "../limits";
import { duration, MAX_TOTAL_MS } from "../retry-and-timeout";
import { typeOfSchema } from "../types/schema-type";
import { jsonSchema, nodeSchema } from "./common-fields";
import type { NodeKind } from "./node-kind";

const config = z.strictObject({
  name: z
    .string()
    .max(MAX_WORD_LENGTH)
    .regex(/^[A-Za-z_][A-Za-z0-9_.:-]*$/, "must start with a letter or '_' and go on with letters, digits and '_.:-'")
    .describe("Name of the message that is waited for."),
  schema: jsonSchema(
    "JSON Schema (draft 2020-12) of the payload; a message that does not match is refused.",
  ).optional(),
  timeout: duration("the wait", 1, MAX_TOTAL_MS)
    .optional()
    .describe("Past it the node fails with `SIGNAL_TIMEOUT`; it waits for ever where absent."),
});

/** Waits for a named message from outside. */
export const signalNodeKind: NodeKind<SignalNode> = {
  type: "signal",
  schema: nodeSchema("signal", "Waits for a named message from outside. Its output is the payload.", { config }),
  check: ({ config: { schema } }) => schemaProblems(schema, "/config/schema"),
  output: ({ config: { schema } }) => typeOfSchema(schema),
};

/** What is wrong with a schema that stands in a node. */
export function schemaProblems(schema: JsonObject | undefined, pointer: string): readonly Problem[] {
  if (schema === undefined) return [];
  return checkSchema(schema).map((found) => ({ ...found, pointer: `${pointer}${found.pointer}` }));
}
