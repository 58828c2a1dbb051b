import type { JsonObject } from "../core/json";
import type { Mocks } from "../simulation/mocks";
import { simulate } from "../simulation/simulate";
import { importSource } from "./import-source";
import { readMapping } from "./task-mapping";

const ID = "01900000-0000-7000-8000-0000000000aa";

const RELEASE: JsonObject = {
  id: "release",
  description: "d",
  steps: [
    { name: "build", pattern: "shell", config: { command: "make" } },
    { name: "run tests", pattern: "shell", config: { command: "make test" }, on_success: "publish", on_failure: "fix" },
    { name: "fix", pattern: "shell", config: { command: "./fix.sh" }, on_success: "run tests", on_failure: "fix" },
    { name: "publish", pattern: "noop", on_success: { end: true }, on_failure: { end: true } },
  ],
};

function run(mocks: Mocks) {
  const { definition, name, description, problems } = importSource(RELEASE, { loopMax: 2 });
  expect({ name, description, problems }).toEqual({ name: "release", description: "d", problems: [] });
  const report = simulate(definition, { mocks });
  const ran = report.path.filter(({ type, status }) => type === "task" && status !== "skipped").map(({ id }) => id);
  return { ran, outcome: report.outcome };
}

const fails = { error: { code: "SHELL_EXIT_CODE" } };

test("goes on to the next step, or where a step says, and ends where it says", () => {
  expect(run({}).ran).toEqual(["build", "run_tests", "publish"]);
  expect(run({ run_tests: [fails, { output: null }] }).ran).toEqual([
    "build",
    "run_tests",
    "fix",
    "run_tests#2",
    "publish#2",
  ]);
});

test("a failure that a step says nothing of fails the run; one that ends it does not", () => {
  expect(run({ build: fails }).outcome).toMatchObject({ status: "failed", failure: { code: "SHELL_EXIT_CODE" } });
  expect(run({ publish: fails }).outcome).toMatchObject({
    status: "completed",
    output: { error: { code: "SHELL_EXIT_CODE" } },
  });
});

test("ways back end after as many times as was said", () => {
  expect(run({ run_tests: fails }).outcome).toMatchObject({ status: "failed", failure: { code: "LOOP_EXHAUSTED" } });
  expect(run({ run_tests: fails, fix: fails }).outcome).toMatchObject({
    status: "failed",
    failure: { code: "LOOP_EXHAUSTED" },
  });
});

test.each<[string, JsonObject]>([
  ["shell", { type: "task", config: { task_id: ID, override: { stdin: '${{ json({"goal": "g"}) }}' } } }],
  ["workflow", { type: "workflow", config: { workflow_id: ID, input: { goal: "g" } } }],
])("maps patterns to a stored %s", (type, node) => {
  const mapping = readMapping(`${type}:${ID}`);
  if (!mapping.ok) throw new Error(mapping.error);
  const source = { steps: [{ name: "think", pattern: "agent", config: { goal: "g" } }] };
  const { definition } = importSource(source, { tasks: new Map([["agent", mapping.value]]) });
  expect(definition?.nodes).toEqual([{ id: "think", ...node }]);
});

test("tells all that it cannot take over, with a pointer", () => {
  const { definition, problems } = importSource({
    id: "x",
    owner: "me",
    steps: [
      { name: "a", pattern: "shel", config: {}, on_success: "bb" },
      { name: "b", pattern: "react", on_failure: 3 },
      { name: "b", pattern: "noop" },
      { pattern: "noop", timeout: 3 },
    ],
  });
  expect(definition).toBeNull();
  expect(problems.map(({ code, pointer }) => `${code} ${pointer}`).sort()).toEqual([
    "FIELD_REQUIRED /steps/3",
    "FIELD_VALUE /steps/1/on_failure",
    "NOT_MAPPED /owner",
    "NOT_MAPPED /steps/3/timeout",
    "PATTERN_UNKNOWN /steps/0/pattern",
    "PATTERN_UNKNOWN /steps/1/pattern",
    "STEP_DUPLICATE /steps/2/name",
    "STEP_UNKNOWN /steps/0/on_success",
  ]);
});
