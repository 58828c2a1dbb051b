import type { JsonObject, JsonValue } from "../core/json";
import { importSource } from "./import-source";

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
        Retry: [{ ErrorEquals: ["States.ALL"] }],
        ItemProcessor: { StartAt: "X", States: { X: { Type: "Tusk", End: true } } },
        Next: "Nowhere",
      },
    },
  };
  const lines = told(source);
  expect(lines.map((line) => line.split(": ")[0]).sort()).toEqual([
    "NOT_MAPPED /States/Call/Colour",
    "NOT_MAPPED /States/Call/Retry/0/ErrorEquals",
    "NOT_MAPPED /States/Call/TimeoutSecondsPath",
    "NOT_MAPPED /States/Everybody/ItemReader",
    "NOT_MAPPED /States/Everybody/Retry",
    "RESOURCE_NOT_MAPPED /States/Call/Resource",
    "STATE_TYPE_UNKNOWN /States/Everybody/ItemProcessor/States/X/Type",
    "STATE_UNKNOWN /States/Everybody/Next",
  ]);
  expect(lines.find((line) => line.startsWith("RESOURCE"))).toMatch(/state 'Call'.*lambda:invoke.*--task/);
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
