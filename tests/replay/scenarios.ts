import type { StartedRun } from "../../src/temporal/runs-port";
import { OPTIONS, type RunsFixture, scripted, startGraph, startTask } from "../integration/runs-fixture";
import { BODY_SCENARIOS } from "./scenarios-bodies";
import { cancelled, ENDING_SCENARIOS } from "./scenarios-endings";
import { REDRIVE_SCENARIOS } from "./scenarios-redrive";
import { STARTING_SCENARIOS } from "./scenarios-starting";
import { STEERING_SCENARIOS } from "./scenarios-steering";
import { WAITING_SCENARIOS } from "./scenarios-waiting";

/** Runs whose histories are kept, by the file's name. Add new ones; the old must replay for as long as their engine lives. */
export const SCENARIOS: Readonly<Record<string, (fixture: RunsFixture) => Promise<StartedRun>>> = {
  ...BODY_SCENARIOS,
  ...WAITING_SCENARIOS,
  ...STEERING_SCENARIOS,
  ...REDRIVE_SCENARIOS,
  ...ENDING_SCENARIOS,
  ...STARTING_SCENARIOS,

  "task-completed": (fixture) => startTask(fixture, { command: "say hello; say world" }),

  "task-retried-and-failed": (fixture) =>
    startTask(
      fixture,
      { command: "say x; fail HTTP_STATUS 2; fail SHELL_EXIT_CODE" },
      { options: { ...OPTIONS, maxAttempts: 3 } },
    ),

  "task-cancelled": async (fixture) => cancelled(fixture, await startTask(fixture, { command: "say x; wait never" })),

  "graph-parallel-join": (fixture) =>
    startGraph(
      fixture,
      {
        version: 1,
        nodes: [
          scripted("a", "say ${{ input.word }}"),
          scripted("b", "say b"),
          scripted("c", "say c; sleep 100"),
          scripted("d", "say ${{ nodes.c.output.attempt }}"),
        ],
        edges: [
          { source: "a", target: "b" },
          { source: "a", target: "c" },
          { source: "b", target: "d" },
          { source: "c", target: "d" },
        ],
      },
      { word: "hello" },
    ),

  "graph-error-edge": (fixture) =>
    startGraph(fixture, {
      version: 1,
      nodes: [scripted("a", "fail HTTP_STATUS"), scripted("mend", "say mended"), scripted("go", "say on")],
      edges: [
        { source: "a", target: "mend", on: "error" },
        { source: "a", target: "go" },
      ],
    }),

  "graph-skipped": (fixture) =>
    startGraph(
      fixture,
      {
        version: 1,
        nodes: [
          scripted("a", "say a"),
          scripted("big", "say big"),
          scripted("small", "say small"),
          scripted("end", "say end"),
        ],
        edges: [
          { source: "a", target: "big", condition: "input.n > 10" },
          { source: "a", target: "small", condition: "input.n <= 10" },
          { source: "big", target: "end" },
          { source: "small", target: "end" },
        ],
      },
      { n: 3 },
    ),

  "graph-failed": (fixture) =>
    startGraph(fixture, {
      version: 1,
      nodes: [
        scripted("bad", "sleep 200; fail HTTP_STATUS"),
        scripted("long", "wait never"),
        scripted("next", "say x"),
      ],
      edges: [{ source: "bad", target: "next" }],
    }),

  "graph-expression-failed": (fixture) =>
    startGraph(fixture, {
      version: 1,
      nodes: [scripted("a", "say a"), scripted("b", "say ${{ nodes.a.output.missing }}")],
      edges: [{ source: "a", target: "b" }],
    }),

  "graph-cancelled": async (fixture) =>
    cancelled(
      fixture,
      await startGraph(fixture, {
        version: 1,
        nodes: [scripted("a", "wait never"), scripted("b", "wait never"), scripted("c", "say c")],
        edges: [{ source: "a", target: "c" }],
      }),
    ),
};
