import { fc } from "../../tests/property";
import { isOrchestratorError } from "../core/errors";
import type { JsonObject } from "../core/json";
import { isLastEvent } from "../events/event-types";
import type { Mocks } from "./mocks";
import type { SimulationReport } from "./report";
import { simulate } from "./simulate";

const MAX_STEPS = 100;

const expression = fc.constantFrom(
  "true",
  "false",
  "input.n > 2",
  "1 / 0 == 1",
  "input.missing.deep",
  "nodes.n0.output != null",
  "'text'",
  "size(input.list) > 100",
);
const value = fc.constantFrom(null, 1, "x", "${{ input.n }}", "${{ input.gone.gone }}", "${{ nodes.n0.output }}");
const duration = fc.constantFrom("0s", "1ms", "1h", "30d", "${{ input.n }}s", "${{ input.text }}");
const plainDuration = fc.constantFrom("0s", "1ms", "1h", "30d");

/** One node with an id still to be given; bodies hold nodes of their own. */
function nodeOf(depth: number): fc.Arbitrary<JsonObject> {
  const task = fc.record({
    type: fc.constant("task"),
    config: fc.record({ task_type: fc.constant("noop"), config: fc.record({ output: value }) }),
    retry: fc.record({ max_attempts: fc.constantFrom(1, 3, 1_000), initial_interval: fc.constant("1h") }),
  });
  const call = { task_type: "noop", config: {} };
  const leaves: fc.Arbitrary<JsonObject>[] = [
    task,
    task.map((node) => ({ ...node, compensate: call })),
    fc.record({ type: fc.constant("transform"), config: fc.record({ output: value }) }),
    fc.record({
      type: fc.constant("switch"),
      config: fc.record({ cases: fc.tuple(fc.record({ name: fc.constant("a"), when: expression })) }),
    }),
    fc.record({ type: fc.constant("wait"), config: fc.record({ duration }) }),
    fc.record({ type: fc.constant("wait"), config: fc.constant({ until: "${{ input.text }}" }) }),
    fc.record({ type: fc.constant("signal"), config: fc.record({ name: fc.constant("m"), timeout: plainDuration }) }),
    fc.constant({ type: "signal", config: { name: "m", schema: { type: "number" } } }),
    fc.record({
      type: fc.constant("approval"),
      config: fc.record({ message: value.map(String), timeout: plainDuration, on_reject: fc.constant("continue") }),
    }),
    fc.record({ type: fc.constant("workflow"), config: fc.record({ workflow_id: fc.constant("w"), input: value }) }),
    fc.constant({ type: "fail", config: { code: "BROKEN", message: "${{ input.n }}" } }),
    fc.record({ type: fc.constant("end"), config: fc.record({ output: value }) }),
  ];
  if (depth === 0) return fc.oneof(...leaves);
  const body = graphOf(depth - 1, 3);
  const map = fc.record({
    type: fc.constant("map"),
    config: fc.record({
      items: fc.constantFrom("input.list", "input.n", "[1, 2, 3]", "[]", "input.gone"),
      concurrency: fc.constantFrom(1, 2, 1_000),
      max_failures: fc.constantFrom(0, 1, "50%"),
      body,
    }),
  });
  const loop = fc.record({
    type: fc.constant("loop"),
    config: fc.record({
      until: expression,
      max_iterations: fc.constantFrom(1, 3, 1_000_000),
      delay: plainDuration,
      body,
    }),
    timeout: plainDuration.filter((text) => text !== "0s"),
  });
  return fc.oneof(...leaves, map, loop);
}

/** Edges lead from earlier to later nodes, but for those back. Ids are given once the whole is there. */
function graphOf(depth: number, maxNodes: number): fc.Arbitrary<JsonObject> {
  const edge = fc.record({
    from: fc.nat(maxNodes - 1),
    to: fc.nat(maxNodes - 1),
    extra: fc.oneof(
      fc.constant({}),
      fc.record({ condition: expression }),
      fc.record({ on: fc.constantFrom("error", "always") }),
      fc.constant({ error: "*" }),
      fc.constant({ else: true }),
    ),
    max: fc.constantFrom(1, 2, 10_000),
  });
  return fc.record({
    nodes: fc.array(
      fc.tuple(nodeOf(depth), fc.constantFrom({}, { join: "any" }, { when: "input.n > 1" }, { catch: {} })),
      {
        minLength: 1,
        maxLength: maxNodes,
      },
    ),
    edges: fc.array(edge, { maxLength: 2 * maxNodes }),
  }) as unknown as fc.Arbitrary<JsonObject>;
}

interface RawGraph {
  readonly nodes: readonly (readonly [JsonObject, JsonObject])[];
  readonly edges: readonly {
    readonly from: number;
    readonly to: number;
    readonly extra: JsonObject;
    readonly max: number;
  }[];
}

function named(raw: JsonObject, next: { id: number }): JsonObject {
  const { nodes, edges } = raw as unknown as RawGraph;
  const ids = nodes.map(() => `n${next.id++}`);
  return {
    nodes: nodes.map(([node, more], position) => {
      const config = node["config"] as JsonObject;
      const body = config["body"] as JsonObject | undefined;
      const inner = body === undefined ? config : { ...config, body: named(body, next) };
      return { id: ids[position] ?? "", ...node, config: inner, ...more };
    }),
    edges: edges.flatMap(({ from, to, extra, max }) => {
      const [source, target] = [ids[from], ids[to]];
      if (source === undefined || target === undefined) return [];
      return [{ source, target, ...extra, ...(from >= to ? { loop: true, max } : {}) }];
    }),
  };
}

const definitions = fc
  .record({ graph: graphOf(2, 5), timeout: fc.constantFrom({}, { timeout: "1h" }) })
  .map(({ graph, timeout }): JsonObject => ({ ...named(graph, { id: 0 }), ...timeout }));
const taskMocks = fc.array(
  fc.oneof(
    fc.record({ output: fc.jsonValue({ maxDepth: 2 }), after: plainDuration }),
    fc.record({ error: fc.record({ code: fc.constantFrom("X", "HTTP_STATUS") }), after: plainDuration }),
  ),
  { minLength: 1, maxLength: 3 },
);

/** Gives mocks to whatever takes them. */
function mocksFor(definition: JsonObject, list: Mocks[string], found: Record<string, Mocks[string]> = {}): Mocks {
  for (const node of definition["nodes"] as readonly JsonObject[]) {
    const id = String(node["id"]);
    if (node["type"] === "task" || node["type"] === "workflow") found[id] = list;
    const body = (node["config"] as JsonObject)["body"];
    if (body !== undefined) mocksFor(body as JsonObject, list, found);
  }
  return { ...found, $messages: [{ name: "m", payload: 1, after: "1h" }] };
}

function attempt(definition: JsonObject, mocks: Mocks): SimulationReport | null {
  try {
    const input = { n: 3, list: ["a", "b", "c"], text: "no time" };
    return simulate(definition, { input, mocks, maxSteps: MAX_STEPS });
  } catch (error) {
    if (isOrchestratorError(error) && error.code === "INVALID_ARGUMENT") return null;
    throw error;
  }
}

test("a simulation ends, whatever the definition, and its stream with it", () => {
  const seen: Record<string, number> = {};
  fc.assert(
    fc.property(definitions, taskMocks, fc.boolean(), (definition, list, withMocks) => {
      const report = attempt(definition, withMocks ? mocksFor(definition, list as Mocks[string]) : {});
      const status = report?.outcome.status ?? "refused";
      seen[status] = (seen[status] ?? 0) + 1;
      if (report === null) return;
      const hasEnded = !["waiting", "stopped"].includes(status);
      expect(report.events.filter(isLastEvent)).toHaveLength(hasEnded ? 1 : 0);
      if (hasEnded) expect(report.path.filter((step) => step.status === "running")).toEqual([]);
      // One task may take its thousand attempts in its last step.
      expect(report.cost.workflowTasks + report.cost.attempts).toBeLessThan(2 * MAX_STEPS + 1_000 * 20);
    }),
    { numRuns: 200 },
  );
  for (const status of ["completed", "failed"]) expect(seen[status]).toBeGreaterThan(5);
});

test("the same simulation gives the same report", () => {
  fc.assert(
    fc.property(definitions, taskMocks, (definition, list) => {
      const mocks = mocksFor(definition, list as Mocks[string]);
      expect(attempt(definition, mocks)).toEqual(attempt(definition, mocks));
    }),
    { numRuns: 40 },
  );
});
