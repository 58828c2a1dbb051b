import type { JsonObject, JsonValue } from "../src/core/json";
import { parseDefinition } from "../src/definition/parse-definition";
import { fc } from "./property";

/** What a generated graph may hold. */
export interface GraphOptions {
  /** Leaves out whatever makes the outcome depend on which of two things comes first, and all that fails. */
  readonly isSound: boolean;
}

interface Names {
  next: number;
}

/** Each of its bits may decide something. */
const MAX_FLAGS = 2 ** 20;

const CONDITIONS = ["true", "false", "input.n > 0", "input.n > 5"];

/** Definitions that the parser takes, made of every kind of node and edge. */
export function definitions(options: GraphOptions): fc.Arbitrary<JsonObject> {
  const handlers = fc.record({ on_failure: seeds(1), finally: seeds(1) }, { requiredKeys: [] });
  return fc
    .record({ main: seeds(2), handlers })
    .map(({ main, handlers: { on_failure, finally: atLast } }) => {
      const names = { next: 0 };
      return {
        ...graphOf(main, names, options),
        ...(options.isSound ? {} : { timeout: "1d" }),
        ...(on_failure === undefined ? {} : { on_failure: graphOf(on_failure, names, options) }),
        ...(atLast === undefined ? {} : { finally: graphOf(atLast, names, options) }),
      } as JsonObject;
    })
    .filter((definition) => parseDefinition(definition).ok);
}

interface NodeSeed {
  readonly kind: number;
  readonly flags: number;
  readonly body?: GraphSeed | undefined;
}

interface GraphSeed {
  readonly nodes: readonly NodeSeed[];
  readonly edges: readonly { readonly source: number; readonly ahead: number; readonly flags: number }[];
}

function seeds(depth: number): fc.Arbitrary<GraphSeed> {
  const body = depth === 0 ? fc.constant(undefined) : fc.option(seeds(depth - 1), { nil: undefined });
  const node = fc.record({ kind: fc.nat(99), flags: fc.noBias(fc.nat(MAX_FLAGS)), body });
  const edge = fc.record({
    source: fc.nat(9),
    ahead: fc.integer({ min: -2, max: 4 }),
    flags: fc.noBias(fc.nat(MAX_FLAGS)),
  });
  return fc.record({
    nodes: fc.array(node, { minLength: 1, maxLength: depth === 2 ? 8 : 3 }),
    edges: fc.array(edge, { maxLength: depth === 2 ? 16 : 4 }),
  });
}

function graphOf({ nodes, edges }: GraphSeed, names: Names, options: GraphOptions): JsonObject {
  const made = nodes.map((seed) => nodeOf(seed, names, options));
  const ids = made.map(({ id }) => String(id));
  const isEnd = new Set(made.filter(({ type }) => type === "end" || type === "fail").map(({ id }) => id));
  const kept = new Map<string, JsonObject>();
  // Most nodes come after the one before, so that ways are long, joins have something to wait for, and back edges close a circle.
  const chain = nodes.map(({ flags }, position) => ({
    source: position,
    ahead: (flags >> 15) % 3 === 0 ? 99 : 1,
    flags,
  }));
  for (const { source: any, ahead, flags } of [...chain, ...edges]) {
    const source = any % nodes.length;
    const [from, to] = [ids[source], ids[source + ahead]];
    if (from === undefined || to === undefined || isEnd.has(from)) continue;
    if (ahead <= 0 && (options.isSound || source + ahead < 0)) continue;
    kept.set(`${from} ${to}`, { source: from, target: to, ...edgeOf(flags, ahead <= 0, options) });
  }
  const all = [...kept.values()];
  const joined = made.map((node, position) => {
    const paths = all.filter(({ target, loop }) => target === node["id"] && loop !== true).length;
    return paths < 2 || options.isSound ? node : { ...node, ...joinOf(nodes[position]?.flags ?? 0) };
  });
  return { nodes: joined, edges: all };
}

function joinOf(flags: number): JsonObject {
  const join = ["any", 2, "all", undefined][(flags >> 9) % 4];
  if (join === undefined) return {};
  return { join, ...(join !== "all" && (flags >> 11) % 2 === 0 ? { join_rest: "cancel" } : {}) };
}

function edgeOf(flags: number, isBack: boolean, { isSound }: GraphOptions): JsonObject {
  const on = isSound ? "success" : (["success", "success", "error", "always"][flags % 4] ?? "success");
  const condition = CONDITIONS[(flags >> 2) % 8];
  if (isBack) return { loop: true, max: 1 + (flags % 3), on };
  if (!isSound && (flags >> 5) % 7 === 0) return { error: "HTTP_*" };
  if ((flags >> 8) % 5 === 0) return { on, else: true };
  return condition === undefined ? { on } : { on, condition };
}

function nodeOf({ kind, flags, body }: NodeSeed, names: Names, options: GraphOptions): JsonObject {
  const id = `n${names.next}`;
  names.next += 1;
  return { id, ...kindOf(id, kind, flags, body, names, options), ...optionsOf(flags, options) };
}

function optionsOf(flags: number, { isSound }: GraphOptions): JsonObject {
  const when = (flags >> 3) % 6 === 0 ? { when: CONDITIONS[flags % 4] ?? "true" } : {};
  if (isSound) return when;
  return {
    ...when,
    ...((flags >> 6) % 5 === 0 ? { catch: { codes: ["HTTP_*"], output: "${{ error.code }}" } } : {}),
  };
}

function kindOf(
  id: string,
  kind: number,
  flags: number,
  seed: GraphSeed | undefined,
  names: Names,
  options: GraphOptions,
): JsonObject {
  const call = { task_type: "noop", config: { output: "${{ input }}" } };
  const body = () =>
    seed === undefined
      ? { nodes: [{ id: `${id}b`, type: "task", config: call }], edges: [] }
      : graphOf(seed, names, options);
  if (kind < 15) return { type: "transform", config: { output: { seen: "${{ nodes }}" } } };
  if (kind < 25) return { type: "wait", config: { duration: "1h" } };
  if (kind < 40) return mapOf(flags, body, seed === undefined ? call : undefined, options);
  if (kind < 52)
    return {
      type: "loop",
      config: { until: `iteration == ${1 + (flags % 3)}`, max_iterations: options.isSound ? 3 : 2, body: body() },
    };
  if (options.isSound || kind < 85)
    return { type: "task", config: call, ...(flags % 3 === 0 && !options.isSound ? { compensate: call } : {}) };
  if (kind < 90) return { type: "signal", config: { name: "go", timeout: "2h" } };
  if (kind < 94) return { type: "approval", config: { message: "Go on?", timeout: "3h", on_timeout: "reject" } };
  return kind < 97
    ? { type: "end", config: { output: "early" } }
    : { type: "fail", config: { code: "HTTP_OWN", message: "no" } };
}

function mapOf(flags: number, body: () => JsonObject, task: JsonObject | undefined, options: GraphOptions): JsonObject {
  const items: JsonValue = Array.from({ length: flags % 4 }, (_, index) => index);
  return {
    type: "map",
    config: {
      items,
      concurrency: 1 + (flags % 3),
      ...(options.isSound ? {} : { max_failures: flags % 2 }),
      ...(task !== undefined && flags % 2 === 0 ? { task } : { body: body() }),
    },
    ...(options.isSound ? {} : { timeout: "5h" }),
  };
}
