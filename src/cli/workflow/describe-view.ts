import type { JsonValue } from "../../core/json";
import { allNodes } from "../../definition/bodies";
import type { View } from "../output/output";
import { type Fields, fieldLines, plainFieldLines, tabLines, tableLines } from "../output/table";
import { harmless, harmlessLine } from "../output/terminal-text";
import { longestText, worstCaseTables } from "./describe-worst-case";
import { schemaLines } from "./schema-lines";
import type { WorkflowSource } from "./workflow-source";

/** What a workflow takes, gives, is made of, and costs at worst. */
export function describeView(source: WorkflowSource): View {
  const tables = worstCaseTables(source);
  const fields = fieldsOf(source, longestText(tables.worst.longestMs));
  return {
    table: (width) => [
      ...fieldLines(fields),
      "",
      ...tableLines(tables.nodes, width),
      "",
      ...tableLines(tables.limits, width),
    ],
    plain: () => [
      ...plainFieldLines(fields),
      ...tabLines(tables.nodes).map((line) => `node: ${line}`),
      ...tabLines(tables.limits).map((line) => `limit: ${line}`),
    ],
    json: () => jsonOf(source, tables),
  };
}

function fieldsOf(source: WorkflowSource, longest: string): Fields {
  const { definition } = source;
  const { labels = {}, concurrency, timeout } = definition;
  const conflict = concurrency === undefined ? "" : `${concurrency.on_conflict ?? "queue"} by ${concurrency.key}`;
  return [
    ["id", source.id ?? ""],
    ["name", harmlessLine(source.name)],
    ["description", harmless(source.description)],
    ["version", source.version === undefined ? "" : String(source.version)],
    ["hash", source.hash],
    [
      "labels",
      Object.entries(labels)
        .map(([name, value]) => `${name}=${harmlessLine(value)}`)
        .join("\n"),
    ],
    ["nodes", nodesText(source)],
    ["phases", (["on_failure", "finally"] as const).filter((name) => definition[name] !== undefined).join(", ")],
    ["input", schemaLines(definition.input_schema).map(harmlessLine).join("\n")],
    [
      "output",
      definition.output_schema === undefined ? "" : schemaLines(definition.output_schema).map(harmlessLine).join("\n"),
    ],
    ["concurrency", harmlessLine(conflict)],
    ["timeout", timeout ?? ""],
    ["longest", longest],
  ];
}

/** `5: 3 task, 1 map, 1 switch`, the most frequent first. */
function nodesText({ definition }: WorkflowSource): string {
  const kinds = countKinds(definition);
  const total = Object.values(kinds).reduce((sum, number) => sum + number, 0);
  const sorted = Object.entries(kinds).sort(([, left], [, right]) => right - left);
  return `${total}: ${sorted.map(([kind, number]) => `${number} ${kind}`).join(", ")}`;
}

function countKinds(definition: WorkflowSource["definition"]): Readonly<Record<string, number>> {
  const kinds: Record<string, number> = {};
  for (const { node } of allNodes(definition)) kinds[node.type] = (kinds[node.type] ?? 0) + 1;
  return kinds;
}

function jsonOf(source: WorkflowSource, tables: ReturnType<typeof worstCaseTables>): Record<string, unknown> {
  const { definition } = source;
  const { nodes, total, atOnce, output, longestMs, definitionBytes } = tables.worst;
  return {
    ...(source.id === undefined ? {} : { id: source.id }),
    name: source.name,
    description: source.description,
    ...(source.version === undefined ? {} : { version: source.version }),
    definition_hash: source.hash,
    labels: definition.labels ?? {},
    node_kinds: countKinds(definition),
    input_schema: definition.input_schema ?? null,
    output_schema: definition.output_schema ?? null,
    timeout: definition.timeout ?? null,
    concurrency: definition.concurrency ?? null,
    worst_case: snakeCase({ nodes, total, atOnce, output, longestMs, definitionBytes }),
    limits: tables.verdicts,
  };
}

/** Keys as everywhere in the JSON of this command line; names of nodes are values here, never keys. */
function snakeCase(value: unknown): JsonValue {
  if (Array.isArray(value)) return value.map(snakeCase);
  if (typeof value !== "object" || value === null) return value as JsonValue;
  const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [snake(key), snakeCase(item)]));
}
