import type { JsonObject, JsonValue } from "../core/json";
import type { Mocks } from "../simulation/mocks";
import { simulate } from "../simulation/simulate";
import { importSource } from "./import-source";
import { type MappedTask, readMapping } from "./task-mapping";

function mapping(given: JsonValue): MappedTask {
  const read = readMapping(given);
  if (!read.ok) throw new Error(read.error);
  return read.value;
}

function outcome(source: JsonObject, input: JsonValue, mocks: Mocks = {}): JsonValue {
  const job = mapping({ task_type: "noop", config: { output: "${{ arguments }}" } });
  const { definition, ...told } = importSource(source, { tasks: new Map([["job", job]]) });
  if (definition === null) throw new Error(JSON.stringify(told, null, 1));
  const report = simulate(definition, { input, mocks });
  expect(report.outcome.status).toBe("completed");
  return report.output;
}

const HTTP: JsonObject = {
  Type: "Task",
  Resource: "arn:aws:states:::http:invoke",
  Parameters: {
    "ApiEndpoint.$": "States.Format('https://e.org/{}', $.id)",
    Method: "POST",
    Authentication: { ConnectionArn: "x" },
    QueryParameters: { a: "b c" },
    RequestBody: { "x.$": "$.id" },
  },
  End: true,
};
const PASS: JsonObject = { Type: "Pass", End: true };

test("an http:invoke becomes a request, and its result is seen as ASL shows it", () => {
  const fields = { ResultSelector: { "b.$": "$.ResponseBody.v" }, ResultPath: "$.r", OutputPath: "$.r.b" };
  const source = { StartAt: "H", States: { H: { ...HTTP, ...fields } } };
  expect(outcome(source, { id: 7 }, { H: { output: { status: 200, headers: {}, body: { v: 3 } } } })).toBe(3);
  expect(importSource(source).definition?.nodes[0]).toMatchObject({
    config: {
      task_type: "http",
      config: {
        url: '${{ join(["https://e.org/", input.id], "") }}?a=b%20c',
        method: "POST",
        json: { x: "${{ input.id }}" },
      },
    },
    retry: { max_attempts: 1 },
  });
});

test("a status is caught by its number, and by the first catcher that fits", () => {
  const catchers = [
    { ErrorEquals: ["States.Http.StatusCode.404"], ResultPath: null, Next: "Z" },
    { ErrorEquals: ["States.ALL"], Next: "Z" },
  ];
  const source = { StartAt: "H", States: { H: { ...HTTP, Catch: catchers }, Z: PASS } };
  const fails = (status: number): Mocks => ({
    H: { error: { code: "HTTP_STATUS", message: "m", details: { status } } },
  });
  expect(outcome(source, { id: 7 }, fails(404))).toEqual({ id: 7 });
  expect(outcome(source, { id: 7 }, fails(500))).toEqual({ Error: "HTTP_STATUS", Cause: "m" });
});

test("a cycle inside a cycle begins anew each time", () => {
  const source: JsonObject = {
    StartAt: "Outer",
    States: {
      Outer: { Type: "Pass", Parameters: { i: 0, "o.$": "States.MathAdd($.o, 1)", "all.$": "$.all" }, Next: "Inner" },
      Inner: {
        Type: "Pass",
        Parameters: { "i.$": "States.MathAdd($.i, 1)", "o.$": "$.o", "all.$": "States.MathAdd($.all, 1)" },
        Next: "More",
      },
      More: {
        Type: "Choice",
        Choices: [
          { Variable: "$.i", NumericLessThan: 3, Next: "Inner" },
          { Variable: "$.o", NumericLessThan: 4, Next: "Outer" },
        ],
        Default: "Done",
      },
      Done: { Type: "Succeed" },
    },
  };
  expect(outcome(source, { o: 0, all: 0 })).toEqual({ i: 3, o: 4, all: 12 });
});

test("a cycle that is entered in its middle takes the data of the way that was taken", () => {
  const source: JsonObject = {
    StartAt: "S",
    States: {
      S: { Type: "Choice", Choices: [{ Variable: "$.mid", BooleanEquals: true, Next: "B" }], Default: "A" },
      A: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, 1)", from: "A" }, Next: "B" },
      B: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, 10)", "was.$": "$.from" }, Next: "C" },
      C: { Type: "Choice", Choices: [{ Variable: "$.n", NumericLessThan: 30, Next: "A" }], Default: "E" },
      E: { Type: "Succeed" },
    },
  };
  expect(outcome(source, { mid: true, n: 0, from: "S" })).toEqual({ n: 32, was: "A" });
  expect(outcome(source, { mid: false, n: 0, from: "S" })).toEqual({ n: 33, was: "A" });
});

test("a task whose failure leads back to itself", () => {
  const catchers = [{ ErrorEquals: ["States.ALL"], ResultPath: "$.e", Next: "W" }];
  const source = { StartAt: "W", States: { W: { Type: "Task", Resource: "job", Catch: catchers, End: true } } };
  expect(outcome(source, { a: 1 }, { W: [{ error: { code: "A" } }, { output: 5 }] })).toBe(5);
});

test("JSONata in branches, items and catchers", () => {
  const source: JsonObject = {
    QueryLanguage: "JSONata",
    StartAt: "P",
    States: {
      P: {
        Type: "Parallel",
        Arguments: { k: "{% $states.input.k + 1 %}" },
        Branches: [
          {
            StartAt: "X",
            States: { X: { Type: "Task", Resource: "job", Arguments: "{% $states.input %}", End: true } },
          },
          { StartAt: "Y", States: { Y: { Type: "Succeed", Output: "{% $states.input.k * 2 %}" } } },
        ],
        Assign: { k: "{% $states.result[1] %}" },
        Next: "M",
      },
      M: {
        Type: "Map",
        Items: [1, 2, 3],
        ItemSelector: { v: "{% $states.context.Map.Item.Value * $k %}" },
        ItemProcessor: {
          StartAt: "Q",
          States: {
            Q: { Type: "Choice", Choices: [{ Condition: "{% $states.input.v > 8 %}", Next: "F" }], Default: "G" },
            F: { Type: "Fail", Error: "Big", Cause: "{% 'v ' & $states.input.v %}" },
            G: { Type: "Succeed", Output: "{% $states.input.v %}" },
          },
        },
        Catch: [
          {
            ErrorEquals: ["Big"],
            Output: "{% $states.errorOutput.Error & ': ' & $states.errorOutput.Cause %}",
            Next: "R",
          },
        ],
        End: true,
      },
      R: { Type: "Pass", Output: "{% [$states.input, $k] %}", End: true },
    },
  };
  expect(outcome(source, { k: 1 })).toEqual(["Big: v 12", 4]);
  expect(outcome(source, { k: -1 })).toEqual([0, 0, 0]);
});

test("waits for times, and calls functions by their payload", () => {
  const waits: JsonObject = {
    StartAt: "W",
    States: {
      W: { Type: "Wait", TimestampPath: "$.t", Next: "V" },
      V: { Type: "Wait", Timestamp: "2026-01-03T00:00:00Z", End: true },
    },
  };
  expect(outcome(waits, { t: "2026-01-02T00:00:00Z" })).toEqual({ t: "2026-01-02T00:00:00Z" });
  const parameters = { FunctionName: "arn:aws:lambda:eu:1:function:job:$LATEST", "Payload.$": "$.a" };
  const invoke = {
    Type: "Task",
    Resource: "arn:aws:states:::lambda:invoke",
    Parameters: parameters,
    OutputPath: "$.Payload",
    End: true,
  };
  expect(outcome({ StartAt: "L", States: { L: invoke } }, { a: 4 }, { L: { output: "paid" } })).toBe("paid");
});

const WORKFLOW = "01900000-0000-7000-8000-0000000000bb";

function startBilling(suffix: string, fields: JsonObject = {}): JsonObject {
  const parameters = { StateMachineArn: "arn:aws:states:eu-west-1:1:stateMachine:billing", "Input.$": "$.order" };
  const resource = `arn:aws:states:::states:startExecution${suffix}`;
  const state = { Type: "Task", Resource: resource, Parameters: parameters, End: true, ...fields };
  return { StartAt: "Bill", States: { Bill: state, ...("Catch" in fields ? { Sorry: PASS } : {}) } };
}

describe("another state machine", () => {
  const run = (source: JsonObject, mocks: Mocks, given: JsonValue = `workflow:${WORKFLOW}`) => {
    const imported = importSource(source, { tasks: new Map([["billing", mapping(given)]]) });
    if (imported.definition === null) throw new Error(JSON.stringify(imported.problems));
    return { ...imported, report: simulate(imported.definition, { input: { order: { id: 7 } }, mocks }) };
  };

  test("is a workflow node, whose output stands where ASL has it", () => {
    const source = startBilling(".sync:2", { TimeoutSeconds: 60, OutputPath: "$.Output.sum" });
    const { definition, notes, report } = run(source, { Bill: { output: { sum: 3 } } });
    expect(definition?.nodes[0]).toEqual({
      id: "Bill",
      type: "workflow",
      config: { workflow_id: WORKFLOW, input: "${{ input.order }}" },
      timeout: "60s",
    });
    expect(notes).toEqual([]);
    expect(report.output).toBe(3);
  });

  test("gives its output as a text where the source does not say sync:2, and tells what else is left out", () => {
    const { notes, report } = run(startBilling(".sync"), { Bill: { output: { sum: 3 } } });
    expect(report.output).toEqual({ Output: '{"sum":3}', Status: "SUCCEEDED" });
    expect(notes.map(({ message }) => message)).toEqual([
      "left out of the result: ExecutionArn, Input, Name, StartDate, StateMachineArn, StopDate",
    ]);
  });

  test("may be a task, or a workflow with an input and a result of its own", () => {
    const given = { workflow_id: WORKFLOW, input: { n: "${{ arguments.id }}" }, result: { got: "${{ output.sum }}" } };
    const named = run(startBilling(".sync:2", { OutputPath: "$.Output" }), { Bill: { output: { sum: 3 } } }, given);
    expect(named.definition?.nodes[0]).toMatchObject({ config: { input: { n: "${{ input.order.id }}" } } });
    expect(named.report.output).toEqual({ got: 3 });
    const task = run(startBilling(""), { Bill: { output: { ExecutionArn: "x" } } }, `noop:${WORKFLOW}`);
    expect(task.definition?.nodes[0]).toMatchObject({ type: "task" });
    expect(task.report.output).toEqual({ ExecutionArn: "x" });
  });

  test("fails the state when it fails", () => {
    const catchers = [{ ErrorEquals: ["States.TaskFailed"], Next: "Sorry" }];
    const fails = { Bill: { error: { code: "Broke", message: "no money" } } };
    const { report } = run(startBilling(".sync:2", { Catch: catchers }), fails);
    expect(report.output).toEqual({ Error: "Broke", Cause: "no money" });
  });
});
