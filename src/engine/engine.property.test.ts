import { fc } from "../../tests/property";
import type { JsonValue } from "../core/json";
import type { DefinitionSnapshot } from "../definition/graph-types";
import { parseDefinition } from "../definition/parse-definition";
import { type EngineState, type StepResult, start, step, viewNodes } from "./engine";
import type { EngineCommand, EngineInput, RunOutcome } from "./engine-types";

const NOW_MS = 1_767_225_600_000;
const EXECUTION = { id: "01900000-0000-7000-8000-000000000001" };

interface Plan {
  readonly snapshot: DefinitionSnapshot;
  /** Whether each node's task completes. */
  readonly succeeds: readonly boolean[];
  /** Numbers that pick the next task to end, or any other thing to happen. */
  readonly choices: readonly number[];
}

const CONDITIONS = [
  undefined,
  "input.n > 0",
  "nodes.SOURCE.output.exit_code >= 0",
  "input.n > 100",
  'nodes.SOURCE.output.stdout == ""',
];
const COMMANDS = ["true", "echo ${{ input.n }}", "echo ${{ json(nodes) }}", "echo ${{ input.missing }}"];

/** Graphs whose edges all lead from an earlier node to a later one. `isSound` leaves out what fails by itself. */
function plans(isSound: boolean): fc.Arbitrary<Plan> {
  const node = fc.record({ command: fc.nat(isSound ? 2 : 3), succeeds: isSound ? fc.constant(true) : fc.boolean() });
  const edge = fc.record({
    source: fc.nat(20),
    ahead: fc.integer({ min: 1, max: 5 }),
    on: fc.constantFrom(undefined, "success", "error", "always"),
    condition: fc.nat(isSound ? 3 : 4),
  });
  return fc
    .record({
      nodes: fc.array(node, { minLength: 1, maxLength: 12 }),
      edges: fc.array(edge, { maxLength: 24 }),
      choices: fc.array(fc.nat(), { minLength: 40, maxLength: 40 }),
    })
    .map(({ nodes, edges, choices }) => {
      const seen = new Set<string>();
      const kept = edges.flatMap(({ source, ahead, on, condition }) => {
        const text = CONDITIONS[condition]?.replace("SOURCE", `n${source}`);
        const made = {
          source: `n${source}`,
          target: `n${source + ahead}`,
          ...(on && { on }),
          ...(text && { condition: text }),
        };
        const key = JSON.stringify([made.source, made.target, on ?? "success", text]);
        if (source + ahead >= nodes.length || seen.has(key)) return [];
        seen.add(key);
        return [made];
      });
      const parsed = parseDefinition({
        nodes: nodes.map(({ command }, index) => ({
          id: `n${index}`,
          type: "task",
          config: { task_type: "shell", config: { command: COMMANDS[command] } },
        })),
        edges: kept,
      });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
      const snapshot = { definition: parsed.value, hash: "0", tasks: {} };
      return { snapshot, succeeds: nodes.map(({ succeeds }) => succeeds), choices };
    });
}

interface Trace {
  readonly results: readonly StepResult[];
  readonly commands: readonly EngineCommand[];
  readonly state: EngineState;
  readonly outcome: RunOutcome | undefined;
  /** Tasks that were started and have not ended. */
  readonly pending: readonly string[];
}

/** Plays the outside: starts and cancels what it is told, and ends tasks in the order of `choices`. */
function play(
  plan: Plan,
  advance: typeof step = step,
  disturb: (index: number) => EngineInput | undefined = () => undefined,
): Trace {
  const results = [start(plan.snapshot, { n: 1 }, EXECUTION, NOW_MS)];
  const pending = new Set<string>();
  const cancelled = new Set<string>();
  for (let turn = 0; turn < 200; turn += 1) {
    const last = results.at(-1);
    if (last === undefined) throw new Error("nothing started");
    for (const command of last.commands) {
      if (command.type === "run_task") pending.add(command.activityId);
      if (command.type === "cancel_task") cancelled.add(command.activityId);
    }
    const unexpected = disturb(turn);
    const next = unexpected ?? nextResult(plan, turn, pending, cancelled);
    if (next === undefined) break;
    if (unexpected === undefined && "activityId" in next) pending.delete(next.activityId);
    results.push(advance(last.state, next, NOW_MS));
  }
  const commands = results.flatMap((result) => result.commands);
  const finishes = commands.flatMap((command) => (command.type === "finish" ? [command.outcome] : []));
  const state = results.at(-1)?.state;
  if (state === undefined) throw new Error("nothing started");
  return { results, commands, state, outcome: finishes[0], pending: [...pending] };
}

function nextResult(
  plan: Plan,
  turn: number,
  pending: ReadonlySet<string>,
  cancelled: ReadonlySet<string>,
): EngineInput | undefined {
  const choice = plan.choices[turn % plan.choices.length] ?? 0;
  const activityId = [...pending][choice % Math.max(1, pending.size)];
  if (activityId === undefined) return undefined;
  if (cancelled.has(activityId) && choice % 3 !== 0) return { type: "task_cancelled", activityId };
  const position = Number(activityId.slice(1));
  if (plan.succeeds[position]) return { type: "task_completed", activityId, output: outputOf(position) };
  return { type: "task_failed", activityId, failure: { code: "SHELL_EXIT_CODE", message: "exit code 1" } };
}

const outputOf = (position: number): JsonValue => ({ exit_code: position });

const isRunTask = (command: EngineCommand) => command.type === "run_task";
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe("the engine, on any graph", () => {
  test("starts each node at most once, and only its own commands come after one another", () => {
    fc.assert(
      fc.property(plans(false), (plan) => {
        const { commands } = play(plan);
        const started = commands
          .filter(isRunTask)
          .map((command) => ("activityId" in command ? command.activityId : ""));
        expect(new Set(started).size).toBe(started.length);
        const cancels = commands.flatMap((command) => (command.type === "cancel_task" ? [command.activityId] : []));
        for (const activityId of cancels) expect(started).toContain(activityId);
      }),
    );
  });

  test("finishes every run once, when all of its tasks have ended, as its very last command", () => {
    fc.assert(
      fc.property(plans(false), (plan) => {
        const { commands, state, outcome, pending } = play(plan);
        expect(outcome).toBeDefined();
        expect(pending).toEqual([]);
        expect(commands.filter(({ type }) => type === "finish")).toHaveLength(1);
        expect(commands.at(-1)?.type).toBe("finish");
        expect(state.isFinished).toBe(true);
        expect(viewNodes(state).filter(({ status }) => status === "running")).toEqual([]);
        if (outcome?.status === "completed")
          expect(viewNodes(state).filter(({ status }) => status === "pending")).toEqual([]);
      }),
    );
  });

  test("ends the same in whatever order results arrive, where all tasks complete", () => {
    fc.assert(
      fc.property(plans(true), fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (plan, choices) => {
        const [one, other] = [play(plan), play({ ...plan, choices })];
        expect(other.outcome).toEqual(one.outcome);
        expect(viewNodes(other.state)).toEqual(viewNodes(one.state));
        const configs = (trace: Trace) =>
          new Map(
            trace.commands.flatMap((command) =>
              command.type === "run_task" ? [[command.nodeId, command.config]] : [],
            ),
          );
        expect(configs(other)).toEqual(configs(one));
      }),
    );
  });

  test("steps from a state that was written and read again just as from the state itself", () => {
    const advance: typeof step = (state, input) => {
      const result = step(copy(state), copy(input), NOW_MS);
      expect(result).toEqual(step(state, input, NOW_MS));
      expect(copy(result)).toEqual(result);
      return result;
    };
    fc.assert(fc.property(plans(false), (plan) => void play(plan, advance)));
  });

  test("does the same again given the same, and leaves the state that it was given alone", () => {
    const advance: typeof step = (state, input) => {
      const before = JSON.stringify(state);
      const result = step(state, input, NOW_MS);
      expect(JSON.stringify(state)).toBe(before);
      expect(step(state, input, NOW_MS)).toEqual(result);
      return result;
    };
    fc.assert(fc.property(plans(false), (plan) => void play(plan, advance)));
  });

  test("does not mind results that come twice, late or for nobody, nor a cancel at any time", () => {
    const input = fc.oneof(
      fc.record({ type: fc.constant("cancel" as const), reason: fc.string() }),
      fc.record({
        type: fc.constant("task_cancelled" as const),
        activityId: fc.constantFrom("nobody", "__proto__", "n99"),
      }),
    );
    const times = fc.array(fc.option(input, { nil: undefined, freq: 3 }), { maxLength: 10 });
    fc.assert(
      fc.property(plans(false), times, (plan, inputs) => {
        const trace = play(plan, step, (turn) => inputs[turn]);
        expect(trace.outcome).toBeDefined();
        const again = step(trace.state, { type: "task_completed", activityId: "n0", output: 1 }, NOW_MS);
        expect(again).toEqual({ state: trace.state, commands: [], journal: [] });
      }),
    );
  });
});

describe("the largest graph", () => {
  test("of 2,000 nodes in a row or side by side takes a step for each", () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `n${index}`);
    const nodes = ids.map((id) => ({ id, type: "task", config: { task_type: "shell", config: { command: "true" } } }));
    const inRow = ids.slice(1).map((target, index) => ({ source: `n${index}`, target }));
    const join = ids.slice(1, -1).flatMap((id) => [
      { source: "n0", target: id },
      { source: id, target: "n1999" },
    ]);
    for (const edges of [inRow, join]) {
      const parsed = parseDefinition({ nodes, edges });
      if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
      let result = start({ definition: parsed.value, hash: "0", tasks: {} }, {}, EXECUTION, NOW_MS);
      const pending: string[] = [];
      let steps = 0;
      for (;;) {
        for (const command of result.commands) if (command.type === "run_task") pending.push(command.activityId);
        const activityId = pending.shift();
        if (activityId === undefined) break;
        result = step(result.state, { type: "task_completed", activityId, output: 1 }, NOW_MS);
        steps += 1;
      }
      expect(steps).toBe(2_000);
      expect(result.state.isFinished).toBe(true);
    }
  });
});
