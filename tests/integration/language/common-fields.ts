import type { JsonObject, JsonValue } from "../../../src/core/json";
import type { GraphNode } from "../../../src/definition/graph-types";
import type { Scenario } from "./scenario";

/** A node of one kind, once so that it works and once so that it fails. */
interface Sample {
  readonly works: JsonObject;
  readonly output: JsonValue;
  readonly fails: JsonObject;
  /** With which it fails. */
  readonly code: string;
}

const noop = { task_type: "noop", config: { output: 1 } };
const failing = { task_type: "shell", config: { command: "exit 3" } };
const body = {
  nodes: [{ id: "inner", type: "transform", config: { output: 1 } }],
  output: "${{ nodes.inner.output }}",
};

const SAMPLES: Readonly<Record<GraphNode["type"], Sample>> = {
  task: { works: { config: noop }, output: 1, fails: { config: failing }, code: "SHELL_EXIT_CODE" },
  transform: {
    works: { config: { output: 1 } },
    output: 1,
    fails: { config: { output: "${{ input.none }}" } },
    code: "EXPRESSION_FAILED",
  },
  switch: {
    works: { config: { cases: [{ name: "yes", when: "input.yes" }] } },
    output: { cases: ["yes"] },
    fails: { config: { cases: [{ name: "yes", when: "input.none" }] } },
    code: "EXPRESSION_FAILED",
  },
  map: {
    works: { config: { items: ["x"], task: noop } },
    output: { outputs: [1], failed: [] },
    fails: { config: { items: ["x"], task: failing } },
    code: "MAP_FAILED",
  },
  loop: {
    works: { config: { until: "input.yes", max_iterations: 1, body } },
    output: 1,
    fails: { config: { until: "!input.yes", max_iterations: 1, body } },
    code: "LOOP_EXHAUSTED",
  },
  workflow: {
    works: { config: { workflow_id: "<called>", input: { n: 1 } } },
    output: 1,
    fails: { config: { workflow_id: "<called>", input: { n: "${{ input.word }}" } } },
    code: "CONFIG_INVALID",
  },
  wait: {
    works: { config: { duration: "1ms" } },
    output: null,
    fails: { config: { duration: "${{ input.word }}" } },
    code: "CONFIG_INVALID",
  },
  signal: {
    works: { config: { name: "go" } },
    output: "gone",
    fails: { config: { name: "go", timeout: "1ms" } },
    code: "SIGNAL_TIMEOUT",
  },
  approval: {
    works: { config: { message: "Go?", timeout: "1ms", on_timeout: "approve" } },
    output: { approved: true },
    fails: { config: { message: "Go?", timeout: "1ms" } },
    code: "APPROVAL_TIMEOUT",
  },
  // It never works but for its `catch`.
  fail: {
    works: { config: { code: "NOT_GOOD", message: "no" }, catch: { output: 1 } },
    output: 1,
    fails: { config: { code: "NOT_GOOD", message: "no" } },
    code: "NOT_GOOD",
  },
  end: {
    works: { config: { output: 1 } },
    output: 1,
    fails: { config: { output: "${{ input.none }}" } },
    code: "EXPRESSION_FAILED",
  },
};

/** The fields that every kind of node has, on each of them. */
export function commonFieldScenarios(): readonly Scenario[] {
  return Object.entries(SAMPLES).flatMap(([type, sample]) => [
    atFirst(type, sample),
    atSecond(type, sample),
    whenFalse(type, sample),
    caught(type, sample),
    notCaught(type, sample),
  ]);
}

const made = (id: string) => ({ id, type: "transform", config: { output: id } });
const intoX = (...sources: readonly string[]) => sources.map((source) => ({ source, target: "x" }));

function scenario(definition: JsonObject, type: string, rest: Omit<Scenario, "definition">): Scenario {
  const isCalled = type === "workflow";
  const input_schema = { type: "object", properties: { n: { type: "number" } } };
  return {
    ...rest,
    definition: { version: 1, ...definition },
    input: { yes: true, word: "soon" },
    ...(isCalled ? { workflows: { called: { input_schema, ...body } } } : {}),
  };
}

function atFirst(type: string, { works, output }: Sample): Scenario {
  const x = { id: "x", type, name: `The ${type}`, when: "input.yes", join: "any", join_rest: "cancel", ...works };
  const slow = { id: "slow", type: "wait", config: { duration: "1h" } };
  return scenario({ nodes: [made("quick"), slow, x], edges: intoX("quick", "slow") }, type, {
    scenario: `${type}: starts at the first path that arrives, where \`when\` is true, and cancels the others`,
    ...goes(type),
    expect: {
      nodes: { quick: "completed", slow: "cancelled", x: "completed" },
      outputs: { x: output },
      names: { x: `The ${type}` },
    },
  });
}

function atSecond(type: string, { works, output }: Sample): Scenario {
  const x = { id: "x", type, join: 2, join_rest: "continue", ...works };
  const slow = { id: "slow", type: "wait", config: { duration: "300ms" } };
  const nodes = [made("one"), made("two"), slow, x];
  // An end ends its graph, and what runs in it, whatever its paths are to do.
  const isEnd = type === "end";
  return scenario({ nodes, edges: intoX("one", "two", "slow") }, type, {
    scenario: `${type}: starts at the second path that arrives, and lets the others go on`,
    ...goes(type),
    expect: {
      nodes: { slow: isEnd ? "cancelled" : "completed", x: "completed" },
      outputs: { x: output },
      order: ["NODE_ENTERED x", "NODE_COMPLETED slow"],
    },
  });
}

function whenFalse(type: string, { works }: Sample): Scenario {
  const x = { id: "x", type, join: "all", when: "!input.yes", ...works };
  const slow = { id: "slow", type: "wait", config: { duration: "50ms" } };
  const isEnd = type === "end";
  const after = isEnd ? [] : [made("after")];
  const on = isEnd ? [] : [{ source: "x", target: "after" }];
  return scenario({ nodes: [made("quick"), slow, x, ...after], edges: [...intoX("quick", "slow"), ...on] }, type, {
    scenario: `${type}: is skipped once all paths have arrived, where \`when\` is false, and the graph goes on`,
    expect: {
      nodes: { x: "skipped", ...(isEnd ? {} : { after: "completed" }) },
      order: ["NODE_COMPLETED slow", "NODE_COMPLETED x", ...(isEnd ? [] : ["NODE_COMPLETED after"])],
    },
  });
}

function caught(type: string, { fails, code }: Sample): Scenario {
  const pattern = `${code.slice(0, 3)}*`;
  const x = { id: "x", type, ...fails, catch: { codes: ["OTHER", pattern], output: "${{ error.code }}!" } };
  return scenario({ nodes: [x], output: "${{ nodes.x.output }}" }, type, {
    scenario: `${type}: a failure is caught by its code, and becomes an output`,
    expect: { nodes: { x: "completed" }, output: `${code}!` },
  });
}

function notCaught(type: string, { fails, code }: Sample): Scenario {
  const x = { id: "x", type, ...fails, catch: { codes: ["OTHER", `${code}_*`], output: "caught" } };
  return scenario({ nodes: [x] }, type, {
    scenario: `${type}: a failure of another code is not caught`,
    expect: { nodes: { x: "failed" }, failed: code },
  });
}

function goes(type: string): Pick<Scenario, "outside"> {
  return type === "signal" ? { outside: [{ message: { name: "go", payload: "gone" } }] } : {};
}
