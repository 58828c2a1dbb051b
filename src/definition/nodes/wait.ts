import { z } from "zod";
import { parseDuration } from "../../core/duration";
import type { JsonValue } from "../../core/json";
import { parseTime } from "../../core/rfc3339";
import type { Problem, WaitNode } from "../graph-types";
import { exactlyOne } from "../task-types/exactly-one";
import { hasTemplate } from "../templates";
import { NULL } from "../types/value-type";
import { nodeSchema } from "./common-fields";
import type { NodeKind } from "./node-kind";

const config = z
  .strictObject({
    duration: z.string().optional().describe("Template of a duration. Either this or until."),
    until: z.string().optional().describe("Template of a time in RFC 3339. Either this or duration."),
  })
  .refine(...exactlyOne(["duration", "until"], { orNone: false }))
  .meta({ oneOf: [{ required: ["duration"] }, { required: ["until"] }] });

/** Waits for a time. */
export const waitNodeKind: NodeKind<WaitNode> = {
  type: "wait",
  schema: nodeSchema("wait", "Waits for a time. Its output is null.", { config }),
  templates: (node) =>
    Object.entries(node.config).map(([name, value]: [string, JsonValue]) => ({
      pointer: `/config/${name}`,
      value,
      expects: "text",
    })),
  check: (node) =>
    "duration" in node.config ? durationProblems(node.config.duration) : timeProblems(node.config.until),
  output: () => NULL,
};

/** Only of what is written out: a template is read once it is rendered. */
function durationProblems(text: string): readonly Problem[] {
  const parsed = hasTemplate(text) ? null : parseDuration(text);
  if (parsed === null || parsed.ok) return [];
  return [{ code: "FIELD_VALUE", pointer: "/config/duration", message: parsed.error }];
}

function timeProblems(text: string): readonly Problem[] {
  if (hasTemplate(text) || parseTime(text) !== undefined) return [];
  const message = 'must be a time such as "2030-01-31T09:00:00Z" (RFC 3339)';
  return [{ code: "FIELD_VALUE", pointer: "/config/until", message }];
}
