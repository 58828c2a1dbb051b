import { definitions } from "../../tests/generated-graphs";
import { fc } from "../../tests/property";
import { EXECUTION, NOW_MS, snapshotOf } from "../../tests/run-graph";
import type { JsonObject } from "../core/json";
import { outstanding, type StepResult, start, step, viewNodes } from "./engine";
import type { EngineCommand, EngineInput, RunOutcome } from "./engine-types";

/** More than any of these graphs takes. */
const MAX_STEPS = 3_000;

interface World {
  readonly pending: Map<string, "task" | "timer">;
  readonly cancelled: Set<string>;
}

interface Trace {
  readonly commands: readonly EngineCommand[];
  readonly last: StepResult;
  readonly world: World;
  readonly outcome: RunOutcome | undefined;
}

/** Plays the outside: whatever is pending may come next, as `choices` say. */
function play(
  definition: JsonObject,
  choices: readonly number[],
  isSound: boolean,
  advance: typeof step = step,
): Trace {
  const world: World = { pending: new Map(), cancelled: new Set() };
  let last = start(snapshotOf(definition), { n: 3 }, EXECUTION, NOW_MS);
  const commands: EngineCommand[] = [];
  for (let turn = 0; turn < MAX_STEPS; turn += 1) {
    commands.push(...last.commands);
    for (const command of last.commands) carryOut(world, command);
    const input = nextInput(world, choices[turn % choices.length] ?? turn, isSound, turn);
    if (input === undefined || last.state.isFinished) break;
    last = advance(last.state, input, NOW_MS + turn);
  }
  const finishes = commands.flatMap((command) => (command.type === "finish" ? [command.outcome] : []));
  return { commands, last, world, outcome: finishes[0] };
}

function carryOut({ pending, cancelled }: World, command: EngineCommand): void {
  switch (command.type) {
    case "run_task":
      pending.set(command.activityId, "task");
      break;
    case "cancel_task":
      cancelled.add(command.activityId);
      break;
    case "start_timer":
      pending.set(command.timerId, "timer");
      break;
    case "cancel_timer":
      pending.delete(command.timerId);
      break;
    case "start_child":
    case "cancel_child":
    case "yield":
    case "finish":
  }
}

function nextInput(
  { pending, cancelled }: World,
  choice: number,
  isSound: boolean,
  turn: number,
): EngineInput | undefined {
  if (!isSound && choice % 17 === 0) return { type: "message", name: "go", payload: choice };
  if (!isSound && choice % 19 === 0) return { type: "answer", nodeId: `n${choice % 5}`, approved: choice % 2 === 0 };
  if (!isSound && choice % 23 === 0 && turn > 5) return { type: "cancel", reason: "enough" };
  const id = [...pending.keys()][choice % Math.max(1, pending.size)];
  if (id === undefined) return undefined;
  const kind = pending.get(id);
  pending.delete(id);
  if (kind === "timer") return { type: "timer_fired", timerId: id };
  if (cancelled.has(id) && choice % 3 !== 0) return { type: "task_cancelled", activityId: id };
  if (!isSound && choice % 5 === 0)
    return {
      type: "task_failed",
      activityId: id,
      failure: { code: choice % 2 ? "HTTP_STATUS" : "OTHER", message: "no" },
    };
  return { type: "task_completed", activityId: id, output: id.length };
}

const anyChoices = fc.array(fc.nat(), { minLength: 50, maxLength: 50 });
const anyDefinition = definitions({ isSound: false });
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe("the engine, with all that the language has", () => {
  test("runs each node at most once an iteration, and finishes with nothing pending", () => {
    fc.assert(
      fc.property(anyDefinition, anyChoices, (definition, choices) => {
        const { commands, last, world, outcome } = play(definition, choices, false);
        const started = commands.flatMap((command) => (command.type === "run_task" ? [command.activityId] : []));
        expect(new Set(started).size).toBe(started.length);
        for (const id of world.cancelled) expect(started).toContain(id);
        expect(outcome).toBeDefined();
        expect(commands.at(-1)?.type).toBe("finish");
        expect(commands.filter(({ type }) => type === "finish")).toHaveLength(1);
        expect([...world.pending.keys()]).toEqual([]);
        expect(outstanding(last.state)).toEqual([]);
        expect(last.state).toMatchObject({ running: {}, tasks: 0, bodies: 0, agenda: [], isFinished: true });
        expect(viewNodes(last.state).filter(({ status }) => status === "running")).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  test("steps from a state that was written and read again just as from the state itself, which it leaves alone", () => {
    const advance: typeof step = (state, input, nowMs) => {
      const before = JSON.stringify(state);
      const result = step(copy(state), copy(input), nowMs);
      expect(step(state, input, nowMs)).toEqual(result);
      expect(JSON.stringify(state)).toBe(before);
      expect(copy(result)).toEqual(result);
      return result;
    };
    fc.assert(
      fc.property(anyDefinition, anyChoices, (definition, choices) => void play(definition, choices, false, advance)),
      { numRuns: 30 },
    );
  });

  test("ends the same in whatever order results arrive, where nothing fails and no join is a race", () => {
    fc.assert(
      fc.property(definitions({ isSound: true }), anyChoices, anyChoices, (definition, choices, others) => {
        const [one, other] = [play(definition, choices, true), play(definition, others, true)];
        expect(other.outcome).toEqual(one.outcome);
        expect(other.outcome?.status).toBe("completed");
        expect(viewNodes(other.last.state)).toEqual(viewNodes(one.last.state));
      }),
      { numRuns: 60 },
    );
  });
});
