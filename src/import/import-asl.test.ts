import type { JsonObject, JsonValue } from "../core/json";
import type { Mocks } from "../simulation/mocks";
import type { SimulationReport } from "../simulation/report";
import { simulate } from "../simulation/simulate";
import { type Imported, importSource } from "./import-source";
import { type MappedTask, readMapping } from "./task-mapping";

const TASK = "01900000-0000-7000-8000-0000000000aa";

function mapped(...names: readonly string[]): ReadonlyMap<string, MappedTask> {
  const task = readMapping({ task_id: TASK, override: { output: "${{ arguments }}" } });
  if (!task.ok) throw new Error(task.error);
  return new Map(names.map((name) => [name, task.value]));
}

function imported(source: JsonObject, names: readonly string[] = ["job"]): Imported {
  return importSource(source, { tasks: mapped(...names) });
}

function run(source: JsonObject, input: JsonValue, mocks: Mocks = {}): SimulationReport {
  const { definition, ...told } = imported(source);
  if (definition === null) throw new Error(JSON.stringify(told, null, 1));
  return simulate(definition, { input, mocks });
}

function outcome(source: JsonObject, input: JsonValue, mocks: Mocks = {}): JsonValue {
  const { outcome: found } = run(source, input, mocks);
  if (found.status === "completed") return found.output ?? null;
  return found.status === "failed"
    ? { failed: found.failure.code, message: found.failure.message }
    : { status: found.status };
}

/** As AWS's "job poller" sample has it. */
const JOB_POLLER: JsonObject = {
  Comment: "Polls a job until it is done.",
  StartAt: "Submit Job",
  States: {
    "Submit Job": { Type: "Task", Resource: "job", ResultPath: "$.guid", Next: "Wait X Seconds" },
    "Wait X Seconds": { Type: "Wait", SecondsPath: "$.wait_time", Next: "Get Job Status" },
    "Get Job Status": {
      Type: "Task",
      Resource: "job",
      InputPath: "$.guid",
      ResultPath: "$.status",
      Next: "Job Complete?",
    },
    "Job Complete?": {
      Type: "Choice",
      Choices: [
        { Variable: "$.status", StringEquals: "FAILED", Next: "Job Failed" },
        { Variable: "$.status", StringEquals: "SUCCEEDED", Next: "Get Final Job Status" },
      ],
      Default: "Wait X Seconds",
    },
    "Job Failed": { Type: "Fail", Cause: "AWS Batch Job Failed", Error: "DescribeJob returned FAILED" },
    "Get Final Job Status": { Type: "Task", Resource: "job", InputPath: "$.guid", End: true },
  },
};

describe("a polling loop", () => {
  const mocks: Mocks = {
    Submit_Job: { output: "j-1" },
    Get_Job_Status: [{ output: "RUNNING" }, { output: "RUNNING" }, { output: "SUCCEEDED" }],
    Get_Final_Job_Status: { output: { id: "j-1", done: true } },
  };

  test("goes round until the job is done", () => {
    const report = run(JOB_POLLER, { wait_time: 60 }, mocks);
    expect(report.outcome).toMatchObject({ status: "completed", output: { id: "j-1", done: true } });
    expect(report.durationMs).toBe(180_000);
    expect(
      report.path.filter(({ type, status }) => type === "task" && status === "completed").map(({ id }) => id),
    ).toEqual(["Submit_Job", "Get_Job_Status", "Get_Job_Status#2", "Get_Job_Status#3", "Get_Final_Job_Status#3"]);
  });

  test("fails as the source says", () => {
    expect(outcome(JOB_POLLER, { wait_time: 1 }, { ...mocks, Get_Job_Status: { output: "FAILED" } })).toEqual({
      failed: "DescribeJob_returned_FAILED",
      message: "AWS Batch Job Failed",
    });
  });
});

describe("data", () => {
  const pass = (fields: JsonObject): JsonObject => ({
    StartAt: "A",
    States: { A: { Type: "Pass", End: true, ...fields } },
  });
  const input = { a: { b: 1, list: [{ c: "x" }, { c: "y" }] }, "odd name": true, text: "hi" };

  test.each<[string, JsonObject, JsonValue]>([
    ["passes its input on", {}, input],
    ["InputPath", { InputPath: "$.a.list[1]" }, { c: "y" }],
    ["InputPath null", { InputPath: null }, {}],
    [
      "Result at a ResultPath",
      { Result: { z: "${{ 1 }}" }, ResultPath: "$.a.q" },
      { ...input, a: { ...input.a, q: { z: "${{ 1 }}" } } },
    ],
    ["Result at a path that is not there", { Result: 1, ResultPath: "$.n.m" }, { ...input, n: { m: 1 } }],
    ["ResultPath null", { Result: 1, ResultPath: null }, input],
    ["OutputPath", { OutputPath: "$.a.b" }, 1],
    [
      "Parameters",
      { Parameters: { "x.$": "$['odd name']", y: [{ "z.$": "$.a.list[0].c" }], k: 2 } },
      { x: true, y: [{ z: "x" }], k: 2 },
    ],
    [
      "the context object",
      { Parameters: { "n.$": "$$.State.Name", "i.$": "$$.Execution.Input.text" } },
      { n: "A", i: "hi" },
    ],
    ["States.Format", { Parameters: { "f.$": "States.Format('{}, {}!', $.text, $.a.b)" } }, { f: "hi, 1!" }],
    [
      "States.JsonMerge",
      { Parameters: { "f.$": "States.JsonMerge($.a, States.StringToJson('{\"b\":2}'), false)" } },
      { f: { ...input.a, b: 2 } },
    ],
    [
      "States.Array",
      { Parameters: { "f.$": "States.Array($.text, States.ArrayLength($.a.list), States.MathAdd($.a.b, -3))" } },
      { f: ["hi", 2, -2] },
    ],
    ["States.StringSplit", { Parameters: { "f.$": "States.StringSplit('a,,b', ',')" } }, { f: ["a", "b"] }],
  ])("%s", (_, fields, expected) => {
    expect(outcome(pass(fields), input)).toEqual(expected);
  });

  test.each<[string, JsonValue, JsonValue]>([
    ["a path", "{% $states.input.a.list[1].c %}", "y"],
    ["arithmetic", "{% ($states.input.a.b + 4) / 2 * 3 %}", 7.5],
    ["text", "{% $states.input.text & ' ' & $states.input.a.b %}", "hi 1"],
    ["a condition", "{% $exists($states.input.a.zz) or $not($states.input.a.b = 1) ? 'p' : 'q' %}", "q"],
    [
      "constructors",
      { k: "{% {'n': $count($states.input.a.list), 'l': [1, $uppercase($states.input.text)]} %}" },
      { k: { n: 2, l: [1, "HI"] } },
    ],
    ["functions over lists", "{% $join($map($states.input.a.list, function($i){ $i.c & '!' }), '-') %}", "x!-y!"],
    ["a block", "{% ($n := $states.input.a.b; $n + $n) %}", 2],
    ["$merge", "{% $merge([{'c': 1}, {'b': 5}]) %}", { c: 1, b: 5 }],
  ])("JSONata: %s", (_, output, expected) => {
    expect(outcome({ QueryLanguage: "JSONata", ...pass({ Output: output }) }, input)).toEqual(expected);
  });
});

describe("choices", () => {
  const choose = (rule: JsonObject): JsonObject => ({
    StartAt: "C",
    States: {
      C: { Type: "Choice", Choices: [{ ...rule, Next: "Yes" }], Default: "No" },
      Yes: { Type: "Pass", Result: true, Next: "Done" },
      No: { Type: "Pass", Result: false, Next: "Done" },
      Done: { Type: "Succeed" },
    },
  });
  const input = { n: 5, s: "log-1.txt", t: "2026-01-02T00:00:00Z", none: null, yes: true, other: 6 };

  test.each<[JsonObject, boolean]>([
    [{ Variable: "$.n", NumericEquals: 5 }, true],
    [{ Variable: "$.n", NumericLessThan: 5 }, false],
    [{ Variable: "$.n", NumericLessThanEquals: 5 }, true],
    [{ Variable: "$.s", NumericLessThan: 5 }, false],
    [{ Variable: "$.n", StringEquals: "5" }, false],
    [{ Variable: "$.n", NumericLessThanPath: "$.other" }, true],
    [{ Variable: "$.s", StringMatches: "log-*.txt" }, true],
    [{ Variable: "$.s", StringMatches: "log-*xtxt" }, false],
    [{ Variable: "$.s", StringGreaterThan: "a" }, true],
    [{ Variable: "$.t", TimestampGreaterThan: "2026-01-01T12:00:00+02:00" }, true],
    [{ Variable: "$.s", TimestampGreaterThan: "2026-01-01T12:00:00Z" }, false],
    [{ Variable: "$.t", IsTimestamp: true }, true],
    [{ Variable: "$.yes", BooleanEquals: true }, true],
    [{ Variable: "$.none", IsNull: true }, true],
    [{ Variable: "$.n", IsNumeric: false }, false],
    [{ Variable: "$.a.b", IsPresent: false }, true],
    [{ Variable: "$.n", IsPresent: true }, true],
    [
      {
        And: [
          { Variable: "$.zz", IsPresent: true },
          { Variable: "$.zz", NumericEquals: 1 },
        ],
      },
      false,
    ],
    [{ Or: [{ Variable: "$.n", NumericEquals: 1 }, { Not: { Variable: "$.yes", BooleanEquals: false } }] }, true],
  ])("%j is %j", (rule, expected) => {
    expect(outcome(choose(rule), input)).toBe(expected);
  });

  test("fail where no rule holds and there is no default", () => {
    const source = {
      StartAt: "C",
      States: {
        C: { Type: "Choice", Choices: [{ Variable: "$.n", NumericEquals: 1, Next: "D" }] },
        D: { Type: "Succeed" },
      },
    };
    expect(outcome(source, input)).toMatchObject({ failed: "States.NoChoiceMatched" });
  });
});

describe("failures", () => {
  const source: JsonObject = {
    StartAt: "Work",
    States: {
      Work: {
        Type: "Task",
        Resource: "job",
        Retry: [
          { ErrorEquals: ["Broken"], MaxAttempts: 0 },
          { ErrorEquals: ["States.ALL"], IntervalSeconds: 2, MaxAttempts: 2, BackoffRate: 3 },
        ],
        Catch: [
          { ErrorEquals: ["States.Timeout"], Next: "Late" },
          { ErrorEquals: ["Broken", "Bent"], ResultPath: "$.error", Next: "Mend" },
        ],
        Next: "Done",
      },
      Late: { Type: "Pass", Result: "late", End: true },
      Mend: { Type: "Pass", Next: "Done" },
      Done: { Type: "Succeed" },
    },
  };

  test("are tried again, and waited for as the source says", () => {
    const report = run(
      source,
      { k: 1 },
      { Work: [{ error: { code: "Odd" } }, { error: { code: "Odd" } }, { output: "ok" }] },
    );
    expect(report.outcome).toMatchObject({ status: "completed", output: "ok" });
    expect(report.durationMs).toBe(8_000);
  });

  test("are caught by name, with the error put into the input", () => {
    expect(outcome(source, { k: 1 }, { Work: { error: { code: "Broken", message: "no" } } })).toEqual({
      k: 1,
      error: { Error: "Broken", Cause: "no" },
    });
    expect(outcome(source, { k: 1 }, { Work: { error: { code: "TIMEOUT" } } })).toBe("late");
    expect(outcome(source, {}, { Work: { error: { code: "Odd", message: "m" } } })).toEqual({
      failed: "Odd",
      message: "m",
    });
  });
});

describe("branches and items", () => {
  const parallel: JsonObject = {
    StartAt: "Both",
    States: {
      Both: {
        Type: "Parallel",
        Branches: [
          { StartAt: "A", States: { A: { Type: "Task", Resource: "job", Next: "A2" }, A2: { Type: "Succeed" } } },
          {
            StartAt: "B",
            States: {
              B: { Type: "Wait", Seconds: 5, Next: "B2" },
              B2: { Type: "Pass", Result: { b: 1 }, ResultPath: "$.r", End: true },
            },
          },
        ],
        Catch: [{ ErrorEquals: ["Broken"], Next: "Sorry" }],
        ResultPath: "$.both",
        End: true,
      },
      Sorry: { Type: "Pass", End: true },
    },
  };

  test("branches give a list", () => {
    expect(outcome(parallel, { x: 1 }, { A: { output: "a" } })).toEqual({ x: 1, both: ["a", { x: 1, r: { b: 1 } }] });
  });

  test("the first failure of a branch ends the others, with its own code", () => {
    const report = run(parallel, { x: 1 }, { A: { error: { code: "Broken", message: "m" }, after: "1s" } });
    expect(report.outcome).toMatchObject({ status: "completed", output: { Error: "Broken", Cause: "m" } });
    expect(report.durationMs).toBe(1_000);
  });

  const map: JsonObject = {
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        ItemsPath: "$.orders",
        ItemSelector: { "order.$": "$$.Map.Item.Value", "at.$": "$$.Map.Item.Index", "shop.$": "$.shop" },
        MaxConcurrency: 2,
        ItemProcessor: {
          StartAt: "Big?",
          States: {
            "Big?": {
              Type: "Choice",
              Choices: [{ Variable: "$.order.n", NumericGreaterThan: 10, Next: "Work" }],
              Default: "Skip",
            },
            Work: { Type: "Task", Resource: "job", End: true },
            Skip: { Type: "Pass", Parameters: { "s.$": "States.Format('{}-{}', $.shop, $.at)" }, End: true },
          },
        },
        Catch: [{ ErrorEquals: ["Broken"], Next: "Sorry" }],
        End: true,
      },
      Sorry: { Type: "Pass", End: true },
    },
  };
  const orders = { shop: "s", orders: [{ n: 1 }, { n: 20 }, { n: 3 }] };

  test("items give a list in order", () => {
    expect(outcome(map, orders, { Work: { output: "done" } })).toEqual([{ s: "s-0" }, "done", { s: "s-2" }]);
  });

  test("an item's failure is caught under its own name", () => {
    expect(outcome(map, orders, { Work: { error: { code: "Broken", message: "m" } } })).toEqual({
      Error: "Broken",
      Cause: "m",
    });
  });

  const mapWith = (fields: JsonObject, catchers: readonly string[] | undefined): JsonObject => {
    const { Each: each, Sorry: sorry } = map["States"] as Readonly<Record<string, JsonObject>>;
    const { Catch: _, ...others } = each as JsonObject;
    const caught = catchers === undefined ? {} : { Catch: [{ ErrorEquals: catchers, Next: "Sorry" }] };
    return { ...map, States: { Each: { ...others, ...fields, ...caught }, Sorry: sorry as JsonObject } };
  };
  const broken: Mocks = { Work: { error: { code: "Broken", message: "m" } } };

  test("too many failures of items are caught as ASL names them", () => {
    const threshold = ["States.ExceedToleratedFailureThreshold"];
    const { Each: each } = map["States"] as Readonly<Record<string, JsonObject>>;
    const distributed = { ...(each?.["ItemProcessor"] as JsonObject), ProcessorConfig: { Mode: "DISTRIBUTED" } };
    for (const fields of [{ ToleratedFailureCount: 0 }, { ItemProcessor: distributed }])
      expect(outcome(mapWith(fields, threshold), orders, broken)).toMatchObject({ Error: "MAP_FAILED" });
    expect(outcome(mapWith({}, threshold), orders, broken)).toMatchObject({ failed: "MAP_FAILED" });
  });

  test("an item's failure that nothing catches fails the run with the failure of the map", () => {
    expect(outcome(mapWith({}, undefined), orders, broken)).toMatchObject({ failed: "MAP_FAILED" });
  });
});

describe("JSONata", () => {
  const counter: JsonObject = {
    QueryLanguage: "JSONata",
    StartAt: "Init",
    States: {
      Init: { Type: "Pass", Assign: { n: 0, total: 0, limit: "{% $states.input.limit %}" }, Next: "Step" },
      Step: {
        Type: "Task",
        Resource: "job",
        Arguments: { at: "{% $n %}" },
        Assign: { n: "{% $n + 1 %}", total: "{% $total + $states.result.v %}" },
        Output: "{% $states.result.v %}",
        Next: "More?",
      },
      "More?": {
        Type: "Choice",
        Choices: [{ Condition: "{% $n < $limit %}", Next: "Step" }],
        Default: "Sum",
      },
      Sum: { Type: "Pass", Output: { n: "{% $n %}", total: "{% $total %}", last: "{% $states.input %}" }, End: true },
    },
  };

  test("carries variables round a cycle", () => {
    const mocks: Mocks = { Step: [{ output: { v: 5 } }, { output: { v: 6 } }, { output: { v: 7 } }] };
    expect(outcome(counter, { limit: 3 }, mocks)).toEqual({ n: 3, total: 18, last: 7 });
  });
});
