import { z } from "zod";
import type { ApprovalNode } from "../graph-types";
import { MAX_APPROVERS, MAX_TEXT_LENGTH } from "../limits";
import { duration, MAX_TOTAL_MS } from "../retry-and-timeout";
import { typeOfSchema } from "../types/schema-type";
import { BOOL, closedObject, NULL, STRING, unionOf } from "../types/value-type";
import { jsonSchema, nodeSchema } from "./common-fields";
import type { NodeKind } from "./node-kind";
import { schemaProblems } from "./signal";

/** As long as an e-mail address may be (RFC 5321, 4.5.3.1). */
const MAX_APPROVER_LENGTH = 254;

const config = z.strictObject({
  message: z.string().min(1).max(MAX_TEXT_LENGTH).describe("Template; what the person reads."),
  schema: jsonSchema("JSON Schema (draft 2020-12) of the form that comes with the answer.").optional(),
  approvers: z
    .array(z.string().min(1).max(MAX_APPROVER_LENGTH))
    .min(1)
    .max(MAX_APPROVERS)
    .optional()
    .describe("Who may answer; anybody where absent."),
  timeout: duration("the wait", 1, MAX_TOTAL_MS)
    .optional()
    .describe("How long the answer is waited for; for ever where absent."),
  on_timeout: z
    .enum(["fail", "approve", "reject"])
    .optional()
    .describe("What happens then; `fail` where absent, with `APPROVAL_TIMEOUT`."),
  on_reject: z
    .enum(["fail", "continue"])
    .optional()
    .describe("What a rejection does; `fail` where absent, with `APPROVAL_REJECTED`."),
});

/** Waits for a person. */
export const approvalNodeKind: NodeKind<ApprovalNode> = {
  type: "approval",
  schema: nodeSchema("approval", "Waits for a person. Its output is `{approved, by, at, comment, form}`.", { config }),
  templates: ({ config: { message } }) => [{ pointer: "/config/message", value: message }],
  check: ({ config: { schema, timeout, on_timeout } }) => [
    ...schemaProblems(schema, "/config/schema"),
    ...(on_timeout !== undefined && timeout === undefined
      ? [{ code: "FIELD_CONFLICT", pointer: "/config/on_timeout", message: "needs a timeout beside it" }]
      : []),
  ],
  output: ({ config: { schema } }) => {
    const text = unionOf([STRING, NULL]);
    const form = unionOf([typeOfSchema(schema), NULL]);
    return closedObject({ approved: BOOL, by: text, at: text, comment: text, form });
  },
};
