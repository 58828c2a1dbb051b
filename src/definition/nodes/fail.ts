import { z } from "zod";
import type { FailNode } from "../graph-types";
import { MAX_TEXT_LENGTH, MAX_WORD_LENGTH } from "../limits";
import { NULL } from "../types/value-type";
import { nodeSchema, template } from "./common-fields";
import type { NodeKind } from "./node-kind";

const config = z.strictObject({
  code: z
    .string()
    .max(MAX_WORD_LENGTH)
    .regex(
      /^[A-Za-z][A-Za-z0-9_.:-]*$/,
      "must start with a letter and go on with letters, digits and '_.:-'; it is not rendered",
    )
    .describe("For programs: what edges, `catch` and `non_retryable` name."),
  message: z.string().min(1).max(MAX_TEXT_LENGTH).describe("Template; for people."),
  details: template("Template; what else there is to say."),
});

/** Fails. */
export const failNodeKind: NodeKind<FailNode> = {
  type: "fail",
  schema: nodeSchema("fail", "Fails, with a code and a message.", { config }),
  templates: ({ config: { message, details } }) => [
    { pointer: "/config/message", value: message },
    ...(details === undefined ? [] : [{ pointer: "/config/details", value: details }]),
  ],
  output: () => NULL,
};
