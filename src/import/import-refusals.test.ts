import type { JsonObject, JsonValue } from "../core/json";
import { importSource } from "./import-source";
import { readMapping } from "./task-mapping";

function told(source: JsonObject): readonly string[] {
  const { definition, problems } = importSource(source);
  expect(definition).toBeNull();
  return problems.map(({ code, pointer, message }) => `${code} ${pointer}: ${message}`);
}

function pass(fields: JsonObject): JsonObject {
  return { StartAt: "A", States: { A: { Type: "Pass", End: true, ...fields } } };
}

test.each<[string, RegExp]>([
  ["$.a[?(@.x > 1)]", /column 4: a filter has no counterpart/],
  ["$.a[*].b", /column 4: a wildcard/],
  ["$..a", /column 2: a descent/],
  ["$.a[1:2]", /column 4: a slice/],
  ["$$.Task.Token", /context object has no counterpart/],
  ["States.UUID()", /States\.UUID has no counterpart/],
  ["States.JsonMerge($.a, $.b, true)", /no deep merge/],
  ["States.Format('{} {}', $.a)", /2 times \{\} and 1 values/],
  ["States.Array($.a", /cannot be read from column 17 on/],
])("JSONPath %s", (path, message) => {
  const [line, ...more] = told(pass({ Parameters: { deep: [{ "x.$": path }] } }));
  expect(more).toEqual([]);
  expect(line).toMatch(/^NOT_MAPPED \/States\/A\/Parameters\/deep\/0\/x\.\$: /);
  expect(line).toMatch(message);
});

test.each<[JsonValue, RegExp]>([
  ["{% $states.input.a[x > 1] %}", /column \d+: a predicate/],
  ["{% $states.input.* %}", /a wildcard \*/],
  ["{% foo.bar %}", /write \$states\.input\.foo/],
  ["{% $now() %}", /\$now/],
  ["{% $summ([1]) %}", /did you mean \$sum\?/],
  ["{% $nobody %}", /no state on the way here assigns \$nobody/],
  ["{% 1 + %}", /column/],
  ["{% $states.input.a ~> $uppercase %}", /the chain operator ~>/],
  ["{% $states.result %}", /\$states\.result is not there/],
  ["{% $states.input.a^(b) %}", /sorting/],
])("JSONata %s", (text, message) => {
  const [line, ...more] = told({ QueryLanguage: "JSONata", ...pass({ Output: { x: text } }) });
  expect(more).toEqual([]);
  expect(line).toMatch(/^NOT_MAPPED \/States\/A\/Output\/x: JSONata/);
  expect(line).toMatch(message);
});

test("all problems are told at once, and none of a source is dropped in silence", () => {
  const source: JsonObject = {
    StartAt: "Call",
    States: {
      Call: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Parameters: { FunctionName: "arn:aws:lambda:eu-west-1:1:function:rate:$LATEST", "Payload.$": "$" },
        Retry: [{ ErrorEquals: ["Odd"], MaxAttempts: 2 }],
        TimeoutSecondsPath: "$.t",
        Colour: "red",
        Next: "Everybody",
      },
      Everybody: {
        Type: "Map",
        ItemReader: {},
        Label: "all",
        Retry: [{ ErrorEquals: ["States.ALL"] }],
        ItemProcessor: { StartAt: "X", States: { X: { Type: "Tusk", End: true } }, ProcessorConfig: "INLINE", Size: 3 },
        Next: "Nowhere",
      },
    },
  };
  const lines = told(source);
  expect(lines.map((line) => line.split(": ")[0]).sort()).toEqual([
    "FIELD_TYPE /States/Everybody/ItemProcessor/ProcessorConfig",
    "NOT_MAPPED /States/Call/Colour",
    "NOT_MAPPED /States/Call/Retry/0/ErrorEquals",
    "NOT_MAPPED /States/Call/TimeoutSecondsPath",
    "NOT_MAPPED /States/Everybody/ItemProcessor/Size",
    "NOT_MAPPED /States/Everybody/ItemReader",
    "NOT_MAPPED /States/Everybody/Retry",
    "RESOURCE_NOT_MAPPED /States/Call/Resource",
    "STATE_TYPE_UNKNOWN /States/Everybody/ItemProcessor/States/X/Type",
    "STATE_UNKNOWN /States/Everybody/Next",
  ]);
  expect(lines.find((line) => line.startsWith("RESOURCE"))).toMatch(/state 'Call'.*lambda:invoke.*--task/);
});

const START = "arn:aws:states:::states:startExecution";
const BILLING = { StateMachineArn: "arn:aws:states:eu-west-1:1:stateMachine:billing:3" };

function task(resource: string, fields: JsonObject = {}): JsonObject {
  return { StartAt: "A", States: { A: { Type: "Task", Resource: resource, End: true, ...fields } } };
}

test.each<[string, JsonObject, readonly RegExp[]]>([
  [`${START}.sync:2`, {}, [/^RESOURCE_NOT_MAPPED .*--task 'arn:.*:billing:3=workflow:WORKFLOW_ID'/]],
  [START, {}, [/^RESOURCE_NOT_MAPPED .*=TASK_ID'.*goes on without the other run.*write startExecution\.sync:2/]],
  [
    `${START}.sync`,
    { Retry: [{ ErrorEquals: ["States.ALL"] }], HeartbeatSeconds: 9 },
    [/^RESOURCE_NOT_MAPPED/, /^NOT_MAPPED \/States\/A\/Retry: .*on its tasks/, /^NOT_MAPPED .*HeartbeatSeconds: /],
  ],
  [
    "arn:aws:states:::lambda:invoke.waitForTaskToken",
    { Parameters: { FunctionName: "ask", Payload: { "token.$": "$$.Task.Token" } } },
    [/Payload\/token\.\$: '\$\$\.Task\.Token'/, /^RESOURCE_NOT_MAPPED .*'ask=TASK_ID'.*put a signal or approval node/],
  ],
])("%s that nothing stands for, with %j", (resource, fields, expected) => {
  const lines = told(task(resource, { Parameters: BILLING, ...fields }));
  expect(lines).toEqual(expected.map((line) => expect.stringMatching(line)));
});

test("tells what a mapped state machine or token cannot do", () => {
  const read = readMapping("workflow:01900000-0000-7000-8000-0000000000bb");
  if (!read.ok) throw new Error(read.error);
  const tasks = new Map([
    ["billing", read.value],
    ["ask", read.value],
  ]);
  const toldOf = (source: JsonObject) => {
    const { problems, notes } = importSource(source, { tasks });
    return [...problems, ...notes].map(({ code, pointer, message }) => `${code} ${pointer}: ${message}`);
  };
  expect(toldOf(task(START, { Parameters: BILLING }))).toEqual([
    expect.stringMatching(/^NOT_MAPPED \/States\/A\/Resource: startExecution goes on/),
  ]);
  const parameters = { ...BILLING, Input: "{}", Name: "n" };
  expect(toldOf(task(`${START}.sync:2`, { Parameters: parameters, ResultPath: null }))).toEqual([
    "NOT_MAPPED /States/A/Parameters/Input: write the input itself, not a text of its JSON",
    "LEFT_OUT /States/A/Parameters/Name: left out: 'Name' does not reach what stands for the resource",
  ]);
  const asked = { Parameters: { FunctionName: "ask", Payload: {} } };
  expect(toldOf(task("arn:aws:states:::lambda:invoke.waitForTaskToken", asked))).toEqual([
    "CHANGED /States/A/Resource: the state ends with what stands for it, and waits for no token",
  ]);
});

test("notes what is left out or said otherwise", () => {
  const { definition, notes } = importSource({
    ...pass({ Comment: "c" }),
    States: {
      A: { Type: "Wait", Seconds: 1, Comment: "c", Next: "F" },
      F: { Type: "Fail", Error: "odd name", Cause: "c" },
      Lost: { Type: "Succeed" },
    },
  });
  expect(definition).not.toBeNull();
  expect(notes.map(({ pointer }) => pointer).sort()).toEqual(["/States/A/Comment", "/States/F/Error", "/States/Lost"]);
});

test.each<[JsonObject, string]>([
  [{ Mode: "INLINE" }, "LEFT_OUT: left out: the items run in this run anyway"],
  [{ Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" }, "CHANGED: the items run in this run, not in runs of their own"],
])("notes what a Map's ProcessorConfig %j comes to, and its Label", (config, note) => {
  const map = { Type: "Map", Label: "all", ItemProcessor: { ...pass({}), ProcessorConfig: config }, End: true };
  const source = { StartAt: "M", States: { M: map } };
  const { definition, notes } = importSource(source);
  expect(definition).not.toBeNull();
  expect(notes.map(({ code, message, pointer }) => [pointer, `${code}: ${message}`])).toEqual([
    ["/States/M/Label", "LEFT_OUT: left out: items have no runs to be named"],
    ["/States/M/ItemProcessor/ProcessorConfig", note],
  ]);
});

test.each<[JsonObject, boolean]>([
  [{}, true],
  [{ ResultPath: "$.answer" }, true],
  [{ ResultSelector: { "all.$": "States.JsonToString($)" } }, true],
  [{ Assign: { "all.$": "$" }, ResultPath: null }, true],
  [{ ResultSelector: { "body.$": "$.ResponseBody" } }, false],
  [{ OutputPath: "$.ResponseBody" }, false],
  [{ ResultPath: null }, false],
])("a request whose state says %j hands its result on whole: %j", (fields, isWhole) => {
  const request = { Type: "Task", Resource: "arn:aws:states:::http:invoke", End: true };
  const parameters = { ApiEndpoint: "https://example.com/", Method: "GET" };
  const { definition, notes } = importSource({
    StartAt: "A",
    States: { A: { ...request, Parameters: parameters, ...fields } },
  });
  expect(definition).not.toBeNull();
  const note = { code: "LEFT_OUT", pointer: "/States/A/Resource", message: "left out of the result: StatusText" };
  expect(notes).toEqual(isWhole ? [note] : []);
});
