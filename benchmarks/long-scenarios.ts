/** One long execution: its definition, its input, and how many instances of nodes must end in it. */
export interface LongScenario {
  readonly name: string;
  readonly definition: object;
  readonly input: object;
  readonly instances: number;
}

const ITERATIONS = 100_000;
const ITEMS = 10_000;
const ITEMS_AT_A_TIME = 500;
const LAYERS = 40;
const NODES_OF_A_LAYER = 50;

const NOOP = { task_type: "noop", config: {} };

/** No task: what the engine, the workflow's tasks and the journal cost by themselves. */
const loop: LongScenario = {
  name: `loop of ${ITERATIONS} iterations`,
  definition: {
    version: 1,
    nodes: [
      {
        id: "loop",
        type: "loop",
        config: {
          while: `iteration <= ${ITERATIONS}`,
          max_iterations: ITERATIONS,
          body: { nodes: [{ id: "step", type: "transform", config: { output: "${{ iteration }}" } }], edges: [] },
        },
      },
    ],
    edges: [],
  },
  input: {},
  instances: ITERATIONS + 1,
};

const map: LongScenario = {
  name: `map of ${ITEMS} tasks, ${ITEMS_AT_A_TIME} at a time`,
  definition: {
    version: 1,
    nodes: [{ id: "map", type: "map", config: { items: "input.items", concurrency: ITEMS_AT_A_TIME, task: NOOP } }],
    edges: [],
  },
  input: { items: Array.from({ length: ITEMS }, (_, index) => index) },
  instances: ITEMS + 1,
};

const ids = Array.from({ length: LAYERS * NODES_OF_A_LAYER }, (_, index) => `n${index}`);

const graph: LongScenario = {
  name: `graph of ${ids.length} tasks in ${LAYERS} layers`,
  definition: {
    version: 1,
    nodes: ids.map((id) => ({ id, type: "task", config: NOOP })),
    edges: ids.slice(NODES_OF_A_LAYER).map((target, index) => ({ source: ids[index], target })),
  },
  input: {},
  instances: ids.length,
};

export const LONG_SCENARIOS: readonly LongScenario[] = [loop, map, graph];
