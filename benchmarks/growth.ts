import { LiveFold } from "../src/cli/live/live-fold";
import type { JsonObject } from "../src/core/json";
import { parseDefinition } from "../src/definition/parse-definition";
import { openLayout } from "../src/drawing/layout";
import { renderSvg } from "../src/drawing/svg/render-svg";
import { renderText } from "../src/drawing/text/render-text";
import type { ExecutionEvent } from "../src/events/event-types";
import { drawingOf, largeDefinition } from "../tests/drawings";
import { Play, path, show } from "../tests/play-graph";

/** Each job is done with a quarter of what a definition may hold, and with four times that. */
const TIMES = 4;
/** What is left over of the noise is in the least of so many tries. */
const TRIES = 3;

/** How long a job takes with a quarter of the most, and with the most. */
export interface GrowthRow {
  readonly name: string;
  readonly most: number;
  readonly quarterMs: number;
  readonly wholeMs: number;
  /** About 4 where the job takes as long for each item however many there are; 16 where it grows with their square. */
  readonly ratio: number;
}

interface Job {
  readonly name: string;
  readonly most: number;
  run(count: number): unknown;
}

/** Jobs of this process alone, which a large definition or a long run must not make slow out of proportion. */
export async function growth(): Promise<readonly GrowthRow[]> {
  const layOut = await openLayout();
  const drawn = { width: 100, hasColor: false, isAscii: false };
  const jobs: readonly Job[] = [
    { name: "engine: nodes in a row", most: 2_000, run: (count) => play(nodesInRow(count)) },
    { name: "engine: nodes side by side", most: 2_000, run: (count) => play({ nodes: nodes(count) }) },
    { name: "engine: items of a map", most: 10_000, run: (count) => play(ITEMS, indexes(count)) },
    { name: "engine: iterations of a loop", most: 20_000, run: (count) => play(loopOf(count)) },
    { name: "parser and limits: nodes", most: 2_000, run: (count) => parse(manyEdges(count)) },
    { name: "live view: nodes", most: 2_000, run: fold },
    { name: "drawing of SVG: nodes", most: 2_000, run: (count) => renderSvg(drawing(count), layOut) },
    { name: "drawing of text: nodes", most: 2_000, run: (count) => renderText(drawing(count), drawn, layOut) },
  ];
  return jobs.map(({ name, most, run }) => {
    const quarterMs = leastOf(() => run(most / TIMES));
    const wholeMs = leastOf(() => run(most));
    return { name, most, quarterMs, wholeMs, ratio: wholeMs / quarterMs };
  });
}

/** A table for a terminal. */
export function formatGrowth(rows: readonly GrowthRow[]): string {
  return rows
    .map(({ name, most, quarterMs, wholeMs, ratio }) =>
      [
        name.padEnd(32),
        `${(most / TIMES).toLocaleString("en")} -> ${most.toLocaleString("en")}`.padStart(16),
        `${quarterMs.toFixed(0)} -> ${wholeMs.toFixed(0)} ms`.padStart(16),
        `${ratio.toFixed(1)}x`.padStart(7),
      ].join(""),
    )
    .join("\n");
}

function leastOf(job: () => unknown): number {
  return Math.min(
    ...Array.from({ length: TRIES }, () => {
      const started = performance.now();
      job();
      return performance.now() - started;
    }),
  );
}

const indexes = (count: number) => Array.from({ length: count }, (_, index) => index);
const nodes = (count: number) => indexes(count).map((index) => show(`n${index}`, null));
const nodesInRow = (count: number) => ({ nodes: nodes(count), edges: path(...indexes(count).map((at) => `n${at}`)) });
const PAIR: JsonObject = { nodes: [show("a", null), show("b", null)], edges: path("a", "b") };
const ITEMS: JsonObject = {
  nodes: [{ id: "m", type: "map", config: { items: "input", concurrency: 1_000, body: PAIR } }],
};

function loopOf(count: number): JsonObject {
  const body = { nodes: [{ id: "t", type: "transform", config: { output: "${{ iteration }}" } }] };
  return {
    nodes: [{ id: "l", type: "loop", config: { until: `iteration == ${count}`, max_iterations: 100_000, body } }],
  };
}

/** Runs it to its end, the tasks one after another. */
function play(definition: JsonObject, input: readonly number[] = []): void {
  const run = new Play(definition, input);
  for (let id = run.running[0]; id !== undefined; id = run.tasks.keys().next().value) run.complete(id);
  if (run.outcome?.status !== "completed") throw new Error(JSON.stringify(run.outcome));
}

function drawing(count: number) {
  return drawingOf(largeDefinition("random", count));
}

/** Each node with edges to the five after it. */
function manyEdges(count: number): JsonObject {
  const edges = indexes(count).flatMap((source) =>
    [1, 2, 3, 4, 5].flatMap((ahead) =>
      source + ahead < count ? [{ source: `n${source}`, target: `n${source + ahead}` }] : [],
    ),
  );
  return { nodes: nodes(count), edges };
}

function parse(definition: JsonObject): void {
  const parsed = parseDefinition(definition);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
}

function fold(count: number): void {
  const live = new LiveFold();
  const timestamp = new Date(0).toISOString();
  for (const index of indexes(count)) {
    for (const type of ["NODE_ENTERED", "NODE_COMPLETED"] as const) {
      const data: ExecutionEvent["data"] = { execution_id: "e", node_type: "transform", status: "completed" };
      live.add({ offset: `${index}-${type}`, type, timestamp, nodeId: `n${index}`, data });
    }
  }
  live.model();
}
