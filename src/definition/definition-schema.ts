import { z } from "zod";
import {
  MAX_BACK_EDGE,
  MAX_EDGES,
  MAX_LABEL_LENGTH,
  MAX_LABEL_NAME_LENGTH,
  MAX_LABELS,
  MAX_NODES,
  MAX_WORD_LENGTH,
} from "./limits";
import { codePattern, jsonSchema, template } from "./nodes/common-fields";
import { graphReference } from "./nodes/graph-reference";
import { laneSchema, prioritySchema } from "./nodes/task";
import { duration, MAX_TOTAL_MS, retrySchema, timeoutSchema } from "./retry-and-timeout";

export const edgeSchema = z
  .strictObject({
    source: z.string().describe("Id of the node that the edge leaves."),
    target: z.string().describe("Id of the node that it leads to."),
    condition: z.string().nullable().optional().describe("CEL; the edge is taken where it is true."),
    on: z
      .enum(["success", "error", "always"])
      .optional()
      .describe("Which end of the source the edge follows; `success` where absent."),
    error: codePattern
      .optional()
      .describe('Pattern of failure codes that the edge follows, `*` for any text; implies `on: "error"`.'),
    else: z.literal(true).optional().describe("Taken where no other edge out of the source is taken at this end."),
    case: z.string().min(1).max(MAX_WORD_LENGTH).optional().describe("Of a switch: taken where this case is picked."),
    loop: z.literal(true).optional().describe("Leads back, and starts what it leads to anew."),
    max: z.int().min(1).max(MAX_BACK_EDGE).optional().describe("With `loop`: how often it may be taken."),
  })
  .describe("Leads from one node to another of the same graph.");

/** Stand-ins for what is checked one by one; the published schema has the real ones in their place. */
export const nodePlace = z.unknown();
export const edgePlace = z.unknown();

const GRAPH_FIELDS = {
  nodes: z
    .array(nodePlace)
    .min(1, "needs at least one node")
    .max(MAX_NODES)
    .describe("Those without an edge that leads there start at once."),
  edges: z.array(edgePlace).max(MAX_EDGES).optional().describe("None where absent: all nodes start at once."),
  output: template("Template of the output; `{NODE_ID: output}` of the nodes at which the graph ended where absent."),
} as const;

/** A graph inside another one. */
export const graphSchema = z.strictObject(GRAPH_FIELDS).describe("Nodes, and the edges between them.");

const defaultsSchema = z
  .strictObject({
    retry: retrySchema.optional(),
    timeout: timeoutSchema.optional(),
    priority: prioritySchema.optional(),
    lane: laneSchema.optional(),
  })
  .describe("What task nodes take that do not say it themselves.");

const concurrencySchema = z
  .strictObject({
    key: z.string().min(1).describe("Template over `input`; its text is the key."),
    on_conflict: z
      .enum(["reject", "queue", "replace"])
      .optional()
      .describe(
        "What happens to a run whose key is taken: it fails, it waits, or the other run is cancelled; `queue`.",
      ),
  })
  .describe("Runs of this workflow that give the same key go one at a time.");

const labelsSchema = z
  .record(z.string().min(1).max(MAX_LABEL_NAME_LENGTH), z.string().max(MAX_LABEL_LENGTH))
  .refine((labels) => Object.keys(labels).length <= MAX_LABELS, `must have at most ${MAX_LABELS} labels`)
  .meta({ maxProperties: MAX_LABELS })
  .describe("Text for people and searches.");

/** All but what is inside the graphs, which are read one by one. */
export const definitionSchema = z
  .strictObject({
    version: z.literal(1).optional().describe("Of the language; 1 where absent."),
    ...GRAPH_FIELDS,
    input_schema: jsonSchema("JSON Schema (draft 2020-12) that the input of a run must match.").optional(),
    output_schema: jsonSchema("JSON Schema (draft 2020-12) that the output of a run must match.").optional(),
    defaults: defaultsSchema.optional(),
    timeout: duration("a run", 1, MAX_TOTAL_MS)
      .optional()
      .describe("Of the whole run; past it the run fails with `RUN_TIMEOUT`."),
    on_failure: graphReference("Runs after the graph has failed. Sees `error`.").optional(),
    finally: graphReference("Runs last, however the run ended. Sees `error`, which is null after success.").optional(),
    concurrency: concurrencySchema.optional(),
    labels: labelsSchema.optional(),
  })
  .describe("A workflow, as it stands in JSON or YAML.");
