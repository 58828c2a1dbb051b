import { definitions } from "../../tests/generated-graphs";
import { Play } from "../../tests/play-graph";
import { fc } from "../../tests/property";
import type { JsonObject } from "../core/json";
import { outstanding, viewNodes } from "./engine";
import type { SteerAction } from "./engine-types";
import type { Breakpoints } from "./steering";

/** More than any of these graphs takes. */
const MAX_TURNS = 3_000;

/** What the outside does next, as a number says. */
type Meddle = (choice: number, play: Play) => SteerAction | undefined;

/** Ends whatever runs in the order of `choices`, and steers in between. A run that only waits to be resumed is resumed. */
function play(definition: JsonObject, choices: readonly number[], meddle: Meddle, breakpoints: Breakpoints = {}): Play {
  const playing = new Play(definition, { n: 3 }, breakpoints);
  for (let turn = 0; turn < MAX_TURNS && playing.outcome === undefined; turn += 1) {
    const choice = choices[turn % choices.length] ?? turn;
    // Two numbers of the same choice, so that what is steered does not depend on what ends.
    const action = meddle(Math.floor(choice / 7) + turn, playing);
    if (action !== undefined) playing.feed({ type: "steer", ...action });
    if (playing.outcome === undefined) goOn(playing, choice);
  }
  return playing;
}

function goOn(playing: Play, choice: number): void {
  const pending = [...playing.running, ...playing.timers.keys()];
  const next = pending[choice % Math.max(1, pending.length)];
  if (next === undefined) playing.feed({ type: "steer", action: "resume" });
  else if (playing.timers.has(next)) playing.fire(next);
  else if (playing.cancelled.has(next) && choice % 3 !== 0) playing.cancelOne(next);
  else playing.completeWith(next, next.length);
}

const anyAction: Meddle = (choice, { running, state }) => {
  const views = viewNodes(state);
  const nodeId = running[choice % 5] ?? views[choice % Math.max(1, views.length)]?.id ?? "n0";
  switch (choice % 11) {
    case 0:
      return { action: "pause" };
    case 1:
      return { action: "resume" };
    case 2:
      return { action: "resume", step: true };
    case 3:
      return { action: "skip", nodeId };
    case 4:
      return { action: "set_output", nodeId, output: choice };
    case 5:
      return { action: "cancel_node", nodeId };
    case 6:
      return { action: "update", timeoutAtMs: 1_767_225_700_000 + choice };
    default:
      return undefined;
  }
};

const anyChoices = fc.array(fc.nat(), { minLength: 50, maxLength: 50 });
const anyBreakpoints = fc.constantFrom<Breakpoints>({}, { at: ["n1", "n3"] }, { step: true });

describe("the engine, steered at random", () => {
  test("finishes every run, with nothing pending", () => {
    fc.assert(
      fc.property(definitions({ isSound: false }), anyChoices, anyBreakpoints, (definition, choices, breakpoints) => {
        const { outcome, state, tasks, timers } = play(definition, choices, anyAction, breakpoints);
        expect(outcome).toBeDefined();
        expect([...tasks.keys(), ...timers.keys()]).toEqual([]);
        expect(outstanding(state)).toEqual([]);
        expect(state).toMatchObject({ running: {}, tasks: 0, bodies: 0, agenda: [], isFinished: true });
        expect(viewNodes(state).filter(({ status }) => status === "running")).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test("ends a run that is paused and resumed as one that is not, where nothing fails and no join is a race", () => {
    const pauses: Meddle = (choice) => {
      if (choice % 3 === 0) return { action: "pause" };
      return choice % 3 === 1 ? { action: "resume", ...(choice % 2 === 0 ? { step: true } : {}) } : undefined;
    };
    fc.assert(
      fc.property(definitions({ isSound: true }), anyChoices, anyBreakpoints, (definition, choices, breakpoints) => {
        const plain = play(definition, choices, () => undefined);
        const paused = play(definition, choices, pauses, breakpoints);
        expect(plain.outcome?.status).toBe("completed");
        expect(paused.outcome).toEqual(plain.outcome);
        expect(viewNodes(paused.state)).toEqual(viewNodes(plain.state));
      }),
      { numRuns: 50 },
    );
  });

  test("starts nothing while it is paused", () => {
    fc.assert(
      fc.property(definitions({ isSound: false }), anyChoices, (definition, choices) => {
        const playing = new Play(definition, { n: 3 });
        if (playing.outcome !== undefined) return;
        playing.feed({ type: "steer", action: "pause" });
        const before = new Set(playing.running);
        for (const choice of choices) {
          if (playing.running.length + playing.timers.size === 0 || playing.outcome !== undefined) break;
          goOn(playing, choice);
          for (const id of playing.running) expect(before).toContain(id);
        }
      }),
      { numRuns: 50 },
    );
  });
});
