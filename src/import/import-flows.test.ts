import type { JsonObject, JsonValue } from "../core/json";
import type { Mocks } from "../simulation/mocks";
import { simulate } from "../simulation/simulate";
import { importSource } from "./import-source";
import { readMapping } from "./task-mapping";

function outcome(source: JsonObject, input: JsonValue, mocks: Mocks = {}): JsonValue {
  const job = readMapping({ task_type: "noop", config: { output: "${{ arguments }}" } });
  if (!job.ok) throw new Error(job.error);
  const { definition, ...told } = importSource(source, { tasks: new Map([["job", job.value]]) });
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
