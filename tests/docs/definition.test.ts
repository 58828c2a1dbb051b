import fs from "node:fs";
import path from "node:path";
import { parse } from "yaml";
import { FAILURE_CODES } from "../../src/core/errors";
import { MAX_EXPRESSION_LENGTH } from "../../src/definition/expressions/expression";
import {
  MAX_APPROVERS,
  MAX_BACK_EDGE,
  MAX_CASES,
  MAX_EDGES,
  MAX_GRAPH_DEPTH,
  MAX_LABELS,
  MAX_LOOP_ITERATIONS,
  MAX_MAP_CONCURRENCY,
  MAX_NESTING,
  MAX_NODES,
} from "../../src/definition/limits";
import { NODE_TYPES } from "../../src/definition/nodes/registry";
import { parseDefinition } from "../../src/definition/parse-definition";
import { publishedSchema } from "../../src/definition/published-schema";
import { MAX_MAP_ITEMS, TASKS_AT_ONCE } from "../../src/definition/worst-case/bodies";
import { TEMPORAL_LIMITS, TIMERS_AT_ONCE } from "../../src/definition/worst-case/limits";
import { worstCase } from "../../src/definition/worst-case/worst-case";
import { simulate } from "../../src/simulation/simulate";
import { REPOSITORY } from "../repository";
import { type ExampleRun, milliseconds, runExample } from "./run-example";

const page = fs.readFileSync(path.join(REPOSITORY, "docs/definition.md"), "utf8");

interface Example {
  /** Line of the page on which the definition starts. */
  readonly line: number;
  readonly source: unknown;
  readonly runs: readonly { readonly line: number; readonly run: ExampleRun }[];
}

/** Every definition of the page, with the runs that follow it. */
function examplesIn(text: string): readonly Example[] {
  const examples: { line: number; source: unknown; runs: { line: number; run: ExampleRun }[] }[] = [];
  for (const { 1: mark, 2: body, index } of text.matchAll(/^```(?:yaml|json) (definition|run)\n(.*?)^```$/gms)) {
    const line = text.slice(0, index).split("\n").length;
    const value: unknown = parse(body ?? "");
    if (mark === "definition") examples.push({ line, source: value, runs: [] });
    else examples.at(-1)?.runs.push({ line, run: value as ExampleRun });
  }
  return examples;
}

const examples = examplesIn(page);

/** Names of the fields in all objects of the published schema; configs of task types have a page of their own. */
function fieldsIn(schema: unknown, found = new Set<string>()): ReadonlySet<string> {
  if (typeof schema !== "object" || schema === null) return found;
  for (const [name, value] of Object.entries(schema)) {
    if (/^[a-z]+_config/.test(name)) continue;
    if (name === "properties") for (const field of Object.keys(value)) found.add(field);
    fieldsIn(value, found);
  }
  return found;
}

describe("docs/definition.md", () => {
  test("has no block that is neither a definition nor a run of one", () => {
    const marks = [...page.matchAll(/^```(.+)$/gm)].map(([, mark]) => mark);
    expect(new Set(marks)).toEqual(new Set(["yaml definition", "json definition", "yaml run"]));
    expect(examples.length).toBeGreaterThan(20);
    expect(examples.filter(({ runs }) => runs.length === 0)).toEqual([]);
  });

  test.each(examples.map((example) => [example.line, example] as const))(
    "has a valid definition in line %i",
    (_, { source }) => {
      expect(parseDefinition(source)).toMatchObject({ ok: true });
    },
  );

  const runs = examples.flatMap(({ source, runs: all }) => all.map(({ line, run }) => [line, source, run] as const));

  test.each(runs)("says in line %i what a run gives", (_, source, expected) => {
    const parsed = parseDefinition(source);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error, null, 2));
    const { outcome, nodes, ran, tookMs } = runExample(parsed.value, expected);
    const status = expected.failed !== undefined ? "failed" : expected.cancelled === true ? "cancelled" : "completed";
    expect(outcome).toMatchObject({ status });
    if (expected.failed !== undefined) expect(outcome).toMatchObject({ failure: { code: expected.failed } });
    if (expected.output !== undefined) expect(outcome).toMatchObject({ output: expected.output });
    if (expected.output !== undefined && outcome.status === "completed")
      expect(outcome.output).toEqual(expected.output);
    if (expected.nodes !== undefined) expect(nodes).toMatchObject(expected.nodes);
    if (expected.ran !== undefined) expect(ran).toEqual(expected.ran);
    if (expected.takes !== undefined) expect(tookMs).toBe(milliseconds(expected.takes));
  });

  test.each(runs)(
    "computes a worst case for the definition above line %i that its run keeps to",
    (_, source, given) => {
      const parsed = parseDefinition(source);
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.error, null, 2));
      const { used, tookMs } = runExample(parsed.value, given);
      const worst = worstCase(parsed.value);
      expect(used.activities).toBeLessThanOrEqual(worst.total.activities);
      expect(used.timers).toBeLessThanOrEqual(worst.total.timers);
      expect(used.children).toBeLessThanOrEqual(worst.total.children);
      expect(used.activitiesAtOnce).toBeLessThanOrEqual(worst.atOnce.activities);
      expect(tookMs).toBeLessThanOrEqual(worst.longestMs ?? Number.POSITIVE_INFINITY);
      const { cost } = simulate(source, { input: given.input ?? {} });
      expect(cost.historyEvents).toBeLessThanOrEqual(worst.total.events);
    },
  );

  test("says something of each kind of node, and of every code with which the language fails", () => {
    for (const type of NODE_TYPES) expect(page).toContain(`\n### \`${type}\`\n`);
    const ofTaskTypes = /^(SHELL|HTTP)_|^INTERNAL$/;
    for (const code of FAILURE_CODES.filter((each) => !ofTaskTypes.test(each))) expect(page).toContain(`\`${code}\``);
  });

  test("names every field that a definition may hold", () => {
    const fields = fieldsIn(publishedSchema());
    expect(fields.size).toBeGreaterThan(50);
    const quoted = [...page.matchAll(/`([^`\n]+)`/g)].flatMap(([, text]) => text?.match(/[$\w]+/g) ?? []);
    for (const field of fields) expect(quoted).toContain(field);
  });

  test("names every code of a problem, and the limits that there are", () => {
    const folder = path.join(REPOSITORY, "src/definition");
    const files = fs
      .readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /(?<!\.test)\.ts$/.test(name));
    const source = files.map((name) => fs.readFileSync(path.join(folder, name), "utf8")).join("\n");
    const codes = new Set([...source.matchAll(/code: "([A-Z_]+)"/g)].map(([, code]) => code ?? ""));
    for (const code of codes) expect(page).toContain(`\`${code}\``);
    const limits = [MAX_NODES, MAX_EDGES, MAX_NESTING, MAX_GRAPH_DEPTH, MAX_LABELS, MAX_CASES, MAX_APPROVERS];
    const more = [MAX_MAP_CONCURRENCY, MAX_MAP_ITEMS, MAX_LOOP_ITERATIONS, MAX_BACK_EDGE, MAX_EXPRESSION_LENGTH];
    const ofRuns = [TASKS_AT_ONCE, TEMPORAL_LIMITS.childrenAtOnce, TIMERS_AT_ONCE];
    for (const limit of [...limits, ...more, ...ofRuns]) expect(page).toContain(limit.toLocaleString("en-US"));
  });
});
