import type { Definition } from "../../src/definition/graph-types";
import type { StartedRun } from "../../src/temporal/runs-port";
import { type RunsFixture, scripted, startGraph } from "../integration/runs-fixture";
import { lastRunOf } from "./scenarios-endings";

type Scenario = (fixture: RunsFixture) => Promise<StartedRun>;

const items = { version: 1 as const, edges: [] };

/** A loop that waits a little each time, over several runs. */
const chain: Definition = {
  ...items,
  nodes: [
    {
      id: "l",
      type: "loop",
      config: {
        until: "iteration == 14",
        max_iterations: 14,
        delay: "20ms",
        body: { nodes: [scripted("t", "say x")], edges: [] },
      },
    },
    { id: "late", type: "wait", config: { duration: "300ms" } },
  ],
};

/** A loop that computes much in few events, and therefore goes over several runs. */
const heavy: Definition = {
  ...items,
  nodes: [
    {
      id: "l",
      type: "loop",
      config: {
        until: "iteration == 25",
        max_iterations: 25,
        body: {
          nodes: [
            {
              id: "t",
              type: "transform",
              config: { output: `\${{ size(${"input.map(x, ".repeat(4)}x${")".repeat(4)}) + iteration }}` },
            },
          ],
          edges: [],
        },
      },
    },
  ],
};
const TWENTY = Array.from({ length: 20 }, (_, index) => index);

/** Graphs inside graphs, ways back, and runs that go on in others. */
export const BODY_SCENARIOS: Readonly<Record<string, Scenario>> = {
  "graph-map": (fixture) =>
    startGraph(
      fixture,
      {
        ...items,
        nodes: [
          {
            id: "m",
            type: "map",
            config: {
              items: "input",
              concurrency: 2,
              max_failures: 1,
              body: {
                nodes: [scripted("a", "${{ item }}"), scripted("b", "say b")],
                edges: [{ source: "a", target: "b" }],
              },
            },
          },
          {
            id: "s",
            type: "map",
            config: { items: [1, 2], task: { task_type: "shell", config: { command: "say s" } } },
          },
        ],
        edges: [{ source: "m", target: "s" }],
      },
      ["say one", "fail HTTP_STATUS", "say three"],
    ),

  "graph-loop-delay": (fixture) => startGraph(fixture, { ...chain, nodes: chain.nodes.slice(0, 1) }),

  "graph-back-edge": (fixture) =>
    startGraph(fixture, {
      ...items,
      nodes: [scripted("a", "say a"), scripted("b", "say b"), scripted("c", "say c")],
      edges: [
        { source: "a", target: "b" },
        { source: "b", target: "a", loop: true, max: 2 },
        { source: "b", target: "c" },
      ],
    }),

  "graph-yield": (fixture) =>
    startGraph(fixture, {
      ...items,
      nodes: [
        {
          id: "l",
          type: "loop",
          config: {
            until: "iteration == 510",
            max_iterations: 510,
            body: { nodes: [{ id: "t", type: "transform", config: { output: null } }], edges: [] },
          },
        },
      ],
    }),

  "graph-continued": (fixture) => startGraph(fixture, chain, {}, { continueAfterEvents: 60 }),

  "graph-computed": (fixture) => startGraph(fixture, heavy, TWENTY),

  "graph-resumed": async (fixture) =>
    lastRunOf(fixture, await startGraph(fixture, chain, {}, { continueAfterEvents: 60 })),
};
