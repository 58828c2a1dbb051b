import type { JsonObject, JsonValue } from "../src/core/json";
import type { DefinitionSnapshot, ValidDefinition } from "../src/definition/graph-types";
import { parseDefinition } from "../src/definition/parse-definition";
import { condition, Dice, expression, hostileInput, STRANGE_TEXTS, template } from "./hostile-values";

/** A run that somebody who wishes us ill, or a newer version of ours, might start. */
export interface HostileRun {
  readonly seed: number;
  readonly snapshot: DefinitionSnapshot;
  readonly input: JsonValue;
}

/** The one child workflow that the snapshots hold, and one that they lack. */
const CHILD_ID = "01900000-0000-7000-8000-0000000000bb";
const MISSING_ID = "01900000-0000-7000-8000-0000000000cc";

/** Longest that a run takes by itself. */
const RUN_TIMEOUT = "2s";

/** The first so many runs that the parser takes, from a seed on. In one of five a newer engine has put a kind of node that this one does not know. */
export function acceptedRuns(count: number, firstSeed: number): readonly HostileRun[] {
  const runs: HostileRun[] = [];
  for (let seed = firstSeed; runs.length < count; seed += 1) {
    const run = hostileRun(seed);
    if (run !== null) runs.push(seed % 5 === 0 ? withUnknownKind(run) : run);
  }
  return runs;
}

function withUnknownKind(run: HostileRun): HostileRun {
  const { definition } = run.snapshot;
  const [first, ...others] = definition.nodes;
  const nodes = [...others, { ...first, type: "quantum" }];
  return { ...run, snapshot: { ...run.snapshot, definition: { ...definition, nodes } as unknown as ValidDefinition } };
}

function hostileRun(seed: number): HostileRun | null {
  const dice = new Dice(seed);
  const written = new Writer(dice).definition();
  const parsed = parseDefinition(written);
  if (!parsed.ok) return null;
  return {
    seed,
    input: hostileInput(dice),
    snapshot: {
      definition: parsed.value,
      hash: "0".repeat(64),
      tasks: {},
      workflows: { [CHILD_ID]: { name: "A child", version: 1, hash: "1".repeat(64), definition: childOf(dice) } },
    },
  };
}

function childOf(dice: Dice): ValidDefinition {
  const graphs: readonly JsonObject[] = [
    { nodes: [{ id: "c", type: "transform", config: { output: "${{ input }}" } }], edges: [] },
    { nodes: [{ id: "c", type: "fail", config: { code: "CHILD_FAILED", message: "${{ json(input) }}" } }], edges: [] },
    { nodes: [{ id: "c", type: "wait", config: { duration: "1d" } }], edges: [] },
    { nodes: [{ id: "c", type: "transform", config: { output: "${{ input.a.b }}" } }], edges: [] },
  ];
  const parsed = parseDefinition({ version: 1, timeout: RUN_TIMEOUT, input_schema: {}, ...dice.pick(graphs) });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return parsed.value;
}

/** Writes definitions of every kind of node, most of which the parser takes. */
class Writer {
  readonly #dice: Dice;
  #next = 0;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  definition(): JsonObject {
    const dice = this.#dice;
    return {
      version: 1,
      timeout: dice.pick(["100ms", "500ms", "1s", RUN_TIMEOUT]),
      ...this.#graph(2, true),
      ...(dice.once(6) ? { output_schema: dice.pick(SCHEMAS) } : {}),
      ...(dice.once(4) ? { on_failure: this.#graph(0, false) } : {}),
      ...(dice.once(4) ? { finally: this.#graph(0, false) } : {}),
    };
  }

  /**
   * `mayWait`: whether it may hold what only the run's timeout ends. What runs at the run's end may not: neither that nor a cancel cuts
   * it short.
   */
  #graph(depth: number, mayWait: boolean): JsonObject {
    const dice = this.#dice;
    const nodes = Array.from({ length: 1 + dice.roll(depth === 2 ? 7 : 3) }, () => this.#node(depth, mayWait));
    const ids = nodes.map(({ id }) => String(id));
    const edges: JsonObject[] = [];
    for (const [position, source] of ids.entries()) {
      const isEnd = nodes[position]?.["type"] === "end" || nodes[position]?.["type"] === "fail";
      if (isEnd) continue;
      const isSwitch = nodes[position]?.["type"] === "switch";
      for (const target of dice.some(ids.slice(position + 1), 2))
        edges.push({ source, target, ...this.#edge(isSwitch) });
      const back = dice.once(6) ? dice.pick(ids.slice(0, position + 1)) : source;
      if (back === source) continue;
      const max = dice.pick([1, 5, 10_000]);
      edges.push({ source, target: back, loop: true, max: mayWait ? max : Math.min(max, 5) });
    }
    return { nodes, edges, ...(dice.once(4) ? { output: template(dice) } : {}) };
  }

  #edge(isOfSwitch: boolean): JsonObject {
    const dice = this.#dice;
    return dice.pick<() => JsonObject>([
      () => ({}),
      () => ({ on: "always" }),
      () => ({ on: "error" }),
      () => ({ error: dice.pick(["*", "EXPRESSION_*", "OUTPUT_TOO_LARGE"]) }),
      () => ({ condition: condition(dice) }),
      () => ({ else: true }),
      () => (isOfSwitch ? { case: "a" } : {}),
    ])();
  }

  #node(depth: number, mayWait: boolean): JsonObject {
    const dice = this.#dice;
    this.#next += 1;
    const common = {
      id: `n${this.#next}`,
      ...(dice.once(10) ? { name: dice.pick(["😀".repeat(30), "|", "\ud800"]) } : {}),
      ...(dice.once(6) ? { when: condition(dice) } : {}),
      ...(dice.once(5) ? { catch: dice.once(2) ? {} : { output: template(dice) } } : {}),
      ...(dice.once(8) ? { join: dice.pick(["any", "all"]) } : {}),
    };
    return { ...common, ...this.#kind(depth, mayWait) };
  }

  #kind(depth: number, mayWait: boolean): JsonObject {
    const dice = this.#dice;
    const bodies = depth > 0 ? [() => this.#map(depth), () => this.#loop(depth)] : [];
    return dice.pick<() => JsonObject>([
      () => this.#task(mayWait),
      () => this.#task(mayWait),
      () => ({ type: "transform", config: { output: template(dice) } }),
      () => ({ type: "transform", config: { output: template(dice) } }),
      () => ({
        type: "switch",
        config: { cases: [{ name: "a", when: condition(dice) }], mode: dice.pick(["first", "all"]) },
      }),
      () => this.#wait(mayWait),
      () => this.#signal(mayWait),
      () => this.#approval(mayWait),
      () => ({
        type: "workflow",
        config: { workflow_id: dice.once(4) ? MISSING_ID : CHILD_ID, input: template(dice) },
        ...(mayWait ? {} : { timeout: "100ms" }),
      }),
      () => ({
        type: "fail",
        config: { code: "HOSTILE", message: `\${{ ${expression(dice)} }}!`, details: template(dice) },
      }),
      () => ({ type: "end", config: { output: template(dice) } }),
      ...bodies,
      ...bodies,
    ])();
  }

  #call(): JsonObject {
    const dice = this.#dice;
    if (dice.once(4)) return { task_type: "shell", config: { command: dice.pick(["fail HOSTILE", "big 1900000"]) } };
    return { task_type: "noop", config: { output: template(dice) } };
  }

  #task(isUndone: boolean): JsonObject {
    const dice = this.#dice;
    const { compensate, ...task } = this.#anyTask(dice);
    return isUndone && compensate !== undefined ? { ...task, compensate } : task;
  }

  #anyTask(dice: Dice): JsonObject {
    return {
      type: "task",
      config: this.#call(),
      retry: { max_attempts: 1 },
      ...(dice.once(4) ? { compensate: this.#call() } : {}),
      ...(dice.once(4) ? { lane: "fast" } : {}),
      ...(dice.once(6) ? { priority: 1 + dice.roll(5) } : {}),
      ...(dice.once(8) ? { timeout: { total: "1ms" } } : {}),
      ...(dice.once(8) ? { cache: { key: template(dice), ttl: "1h" } } : {}),
    };
  }

  #map(depth: number): JsonObject {
    const dice = this.#dice;
    const items = dice.pick<() => JsonValue>([
      () => expression(dice),
      () => "input.list",
      () => [template(dice), template(dice)],
      () => [1, 2, 3],
    ])();
    return {
      type: "map",
      config: {
        items,
        concurrency: dice.pick([1, 10, 1_000]),
        ...(dice.once(3) ? { max_failures: dice.pick([5, "50%", "100%"]) } : {}),
        ...(dice.once(5) ? { item_key: expression(dice) } : {}),
        ...(dice.once(3) ? { task: this.#call() } : { body: this.#graph(depth - 1, true) }),
      },
    };
  }

  #loop(depth: number): JsonObject {
    const dice = this.#dice;
    return {
      type: "loop",
      config: {
        [dice.pick(["while", "until"])]: dice.once(2) ? condition(dice) : dice.pick(["true", "false", "iteration > 3"]),
        max_iterations: dice.pick([1, 3, 1_000_000]),
        ...(dice.once(3) ? { delay: dice.pick(["1ms", "10ms", "365d"]) } : {}),
        body: this.#graph(depth - 1, true),
      },
    };
  }

  #wait(mayWait: boolean): JsonObject {
    const dice = this.#dice;
    const soon = [{ duration: "1ms" }, { duration: "${{ '0s' }}" }, { until: "1970-01-01T00:00:00Z" }];
    const absurd = [
      { duration: "365d" },
      { duration: `\${{ ${expression(dice)} }}` },
      { duration: "${{ '-1s' }}" },
      { until: "9999-12-31T23:59:59Z" },
      { until: "${{ '+275760-09-13T00:00:00Z' }}" },
      { until: `\${{ ${expression(dice)} }}` },
    ];
    return { type: "wait", config: dice.pick(mayWait ? [...soon, ...absurd] : soon) };
  }

  #signal(mayWait: boolean): JsonObject {
    const dice = this.#dice;
    return {
      type: "signal",
      config: {
        name: dice.pick(["go", "stop"]),
        ...(dice.once(2) ? { schema: dice.pick(SCHEMAS) } : {}),
        ...(mayWait && dice.once(2) ? {} : { timeout: dice.pick(["1ms", "100ms"]) }),
      },
    };
  }

  #approval(mayWait: boolean): JsonObject {
    const dice = this.#dice;
    return {
      type: "approval",
      config: {
        message: dice.once(2) ? "Well?" : `Well, \${{ ${expression(dice)} }}?`,
        ...(dice.once(3) ? { schema: dice.pick(SCHEMAS) } : {}),
        ...(dice.once(3) ? { approvers: ["me", "\ud800"] } : {}),
        ...(mayWait && dice.once(2)
          ? {}
          : { timeout: dice.pick(["1ms", "100ms"]), on_timeout: dice.pick(["fail", "approve", "reject"]) }),
        on_reject: dice.pick(["fail", "continue"]),
      },
    };
  }
}

/** A chain of definitions, each of which asks for the next one twice. */
const DOUBLING: JsonObject = {
  $ref: "#/$defs/d0",
  $defs: Object.fromEntries(
    Array.from({ length: 40 }, (_, level) => {
      const next = { $ref: `#/$defs/d${level + 1}` };
      return [`d${level}`, level === 39 ? {} : { allOf: [next, next] }];
    }),
  ),
};

const SCHEMAS: readonly JsonObject[] = [
  { type: "string" },
  { type: "object", required: ["__proto__", "constructor"] },
  { type: "array", uniqueItems: true },
  { allOf: [{ $ref: "#" }, { $ref: "#" }] },
  { properties: { x: { $ref: "#" } }, items: { $ref: "#" }, maxProperties: 3 },
  { not: {} },
  { pattern: "(x+x+)+y" },
  { type: "array", items: { type: "string" } },
  { enum: [...STRANGE_TEXTS] },
  DOUBLING,
];
