/** What each kind of node refuses of its own fields. */
import type { JsonObject } from "../../src/core/json";
import { found, graph, node, shell } from "./definitions";

const of = (type: string, config: JsonObject, more: JsonObject = {}) => found(graph([node("x", type, config, more)]));
const body = graph([shell("b")]);

describe("every node", () => {
  test.each<[string, JsonObject, readonly string[]]>([
    ["a misspelt field", { whne: "true" }, ["FIELD_UNKNOWN /nodes/0/whne (when)"]],
    ["a name that is too long", { name: "n".repeat(61) }, ["FIELD_VALUE /nodes/0/name"]],
    ["a join by another word", { join: "al" }, ["FIELD_VALUE /nodes/0/join (all)"]],
    ["a join of half a path", { join: 1.5 }, ["FIELD_VALUE /nodes/0/join"]],
    ["a rest that is dropped", { join_rest: "drop" }, ["FIELD_VALUE /nodes/0/join_rest"]],
    ["a catch of no code", { catch: { codes: [] } }, ["FIELD_VALUE /nodes/0/catch/codes"]],
    ["a misspelt field of catch", { catch: { ouput: 1 } }, ["FIELD_UNKNOWN /nodes/0/catch/ouput (output)"]],
    ["a condition that does not parse", { when: "input.n >" }, ["EXPRESSION_SYNTAX /nodes/0/when"]],
    [
      "a template that does not parse",
      { catch: { output: { a: "${{ error." } } },
      ["TEMPLATE_SYNTAX /nodes/0/catch/output/a"],
    ],
  ])("refuses %s", (_, more, expected) => {
    expect(of("wait", { duration: "1s" }, more)).toEqual(expected);
  });

  test.each(["transform", "switch", "wait", "signal", "approval", "fail", "end"])("%s has no retries", (type) => {
    expect(of(type, {}, { retry: {} })).toContain("FIELD_UNKNOWN /nodes/0/retry");
  });
});

describe("task", () => {
  const task = (more: JsonObject, config: JsonObject = { task_id: "t" }) => of("task", config, more);

  test.each<[string, readonly string[], readonly string[]]>([
    [
      "an unknown type",
      of("task", { task_type: "shel", config: {} }),
      ["TASK_TYPE_UNKNOWN /nodes/0/config/task_type (shell)"],
    ],
    ["stored and inline", task({}, { task_id: "t", task_type: "shell" }), ["FIELD_UNKNOWN /nodes/0/config/task_type"]],
    [
      "a misspelt config",
      task({}, { task_type: "shell", config: { comand: "x", argv: ["x"] } }),
      ["FIELD_UNKNOWN /nodes/0/config/config/comand (command)"],
    ],
    [
      "a wrong compensation",
      task({ compensate: { task_type: "http", config: { url: "ftp://x" } } }),
      ["FIELD_VALUE /nodes/0/compensate/config/url"],
    ],
    [
      "a compensation of an unknown type",
      task({ compensate: { task_type: "htpp", config: {} } }),
      ["TASK_TYPE_UNKNOWN /nodes/0/compensate/task_type (http)"],
    ],
    [
      "a misspelt compensation",
      task({ compensate: { task_id: "t", overide: {} } }),
      ["FIELD_UNKNOWN /nodes/0/compensate/overide (override)"],
    ],
    ["a cache for two years", task({ cache: { key: "k", ttl: "730d" } }), ["FIELD_VALUE /nodes/0/cache/ttl"]],
    [
      "a heartbeat that is too short",
      task({ timeout: { heartbeat: "1s" } }),
      ["FIELD_VALUE /nodes/0/timeout/heartbeat"],
    ],
    ["a priority of 0", task({ priority: 0 }), ["FIELD_VALUE /nodes/0/priority"]],
    ["a misspelt lane", task({ lane: "fasst" }), ["FIELD_VALUE /nodes/0/lane (fast)"]],
  ])("refuses %s", (_, problems, expected) => {
    expect(problems).toEqual(expected);
  });
});

describe("switch", () => {
  const cases = (...names: string[]) => names.map((name) => ({ name, when: "true" }));

  test("refuses cases of the same name, none, and more than 100", () => {
    expect(of("switch", { cases: cases("a", "b", "a") })).toEqual(["CASE_DUPLICATE /nodes/0/config/cases/2/name"]);
    expect(of("switch", { cases: [] })).toEqual(["FIELD_VALUE /nodes/0/config/cases"]);
    const many = Array.from({ length: 101 }, (_, index) => `c${index}`);
    expect(of("switch", { cases: cases(...many) })).toEqual(["FIELD_VALUE /nodes/0/config/cases"]);
    expect(of("switch", { cases: cases(...many.slice(1)) })).toEqual([]);
    expect(of("switch", { cases: cases("a"), mode: "frist" })).toEqual(["FIELD_VALUE /nodes/0/config/mode (first)"]);
  });
});

describe("map", () => {
  const map = (config: JsonObject, more: JsonObject = {}) => of("map", { items: "[1]", ...config }, more);

  test.each<[string, readonly string[], readonly string[]]>([
    ["a body and a task", map({ body, task: { task_id: "t" } }), ["FIELD_VALUE /nodes/0/config"]],
    ["neither", map({}), ["FIELD_VALUE /nodes/0/config"]],
    ["items that are a number", map({ items: 3, body }), ["FIELD_TYPE /nodes/0/config/items"]],
    ["0 at a time", map({ body, concurrency: 0 }), ["FIELD_VALUE /nodes/0/config/concurrency"]],
    ["a share without a sign", map({ body, max_failures: "10" }), ["FIELD_VALUE /nodes/0/config/max_failures"]],
    [
      "a wrong task",
      map({ task: { task_type: "shell", config: { argv: [] } } }),
      ["FIELD_VALUE /nodes/0/config/task/config/argv"],
    ],
    ["retries beside a body", map({ body }, { retry: { max_attempts: 2 } }), ["FIELD_CONFLICT /nodes/0/retry"]],
    [
      "attempts beside a body",
      map({ body }, { timeout: { attempt: "1s", total: "1m" } }),
      ["FIELD_CONFLICT /nodes/0/timeout/attempt"],
    ],
    [
      "an unknown field of its body",
      map({ body: { ...body, outptu: 1 } }),
      ["FIELD_UNKNOWN /nodes/0/config/body/outptu (output)"],
    ],
    ["a body without nodes", map({ body: {} }), ["FIELD_REQUIRED /nodes/0/config/body/nodes"]],
    ["a body that is a list", map({ body: [] }), ["FIELD_TYPE /nodes/0/config/body"]],
  ])("refuses %s", (_, problems, expected) => {
    expect(problems).toEqual(expected);
  });

  test("tells what is wrong with itself and inside its body at once", () => {
    expect(map({ boddy: 1, body: graph([node("b", "tusk")], [{ source: "b" }]) })).toEqual([
      "FIELD_UNKNOWN /nodes/0/config/boddy (body)",
      "NODE_TYPE_UNKNOWN /nodes/0/config/body/nodes/0/type (task)",
      "FIELD_REQUIRED /nodes/0/config/body/edges/0/target",
    ]);
  });
});

describe("loop", () => {
  const loop = (config: JsonObject, more: JsonObject = {}) =>
    of("loop", { max_iterations: 1, until: "true", body, ...config }, more);

  test.each<[string, readonly string[], readonly string[]]>([
    ["no condition", of("loop", { max_iterations: 1, body }), ["FIELD_VALUE /nodes/0/config"]],
    ["no limit", of("loop", { until: "true", body }), ["FIELD_REQUIRED /nodes/0/config/max_iterations"]],
    ["more than a million", loop({ max_iterations: 1_000_001 }), ["FIELD_VALUE /nodes/0/config/max_iterations"]],
    ["a delay that is none", loop({ delay: "a while" }), ["FIELD_VALUE /nodes/0/config/delay"]],
    ["the limit of an attempt", loop({}, { timeout: { attempt: "1s" } }), ["FIELD_UNKNOWN /nodes/0/timeout/attempt"]],
    ["a limit of two years", loop({}, { timeout: "730d" }), ["FIELD_VALUE /nodes/0/timeout"]],
  ])("refuses %s", (_, problems, expected) => {
    expect(problems).toEqual(expected);
  });
});

describe("transform, workflow, wait, signal, approval, fail and end", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["a transform of nothing", of("transform", {}), ["FIELD_REQUIRED /nodes/0/config/output"]],
    ["a workflow without an id", of("workflow", { workflow_id: "" }), ["FIELD_VALUE /nodes/0/config/workflow_id"]],
    [
      "a wait for two things",
      of("wait", { duration: "1s", until: "2030-01-01T00:00:00Z" }),
      ["FIELD_VALUE /nodes/0/config"],
    ],
    ["a wait that is no duration", of("wait", { duration: "tomorrow" }), ["FIELD_VALUE /nodes/0/config/duration"]],
    ["a wait until no time", of("wait", { until: "2030-13-01T00:00:00Z" }), ["FIELD_VALUE /nodes/0/config/until"]],
    ["a wait until a day", of("wait", { until: "2030-01-01" }), ["FIELD_VALUE /nodes/0/config/until"]],
    [
      "a signal with a rendered name",
      of("signal", { name: "${{ input.name }}" }),
      ["FIELD_VALUE /nodes/0/config/name"],
    ],
    [
      "a signal with a wrong schema",
      of("signal", { name: "a", schema: { type: "strin" } }),
      ["SCHEMA_INVALID /nodes/0/config/schema/type (string)"],
    ],
    [
      "an approval with a wrong schema",
      of("approval", { message: "?", schema: { required: 1 } }),
      ["SCHEMA_INVALID /nodes/0/config/schema/required"],
    ],
    [
      "an approval by nobody",
      of("approval", { message: "?", approvers: [] }),
      ["FIELD_VALUE /nodes/0/config/approvers"],
    ],
    [
      "on_timeout without a timeout",
      of("approval", { message: "?", on_timeout: "reject" }),
      ["FIELD_CONFLICT /nodes/0/config/on_timeout"],
    ],
    [
      "a failure with a rendered code",
      of("fail", { code: "${{ input.c }}", message: "x" }),
      ["FIELD_VALUE /nodes/0/config/code"],
    ],
    ["a failure without words", of("fail", { code: "X", message: "" }), ["FIELD_VALUE /nodes/0/config/message"]],
    ["a misspelt end", of("end", { outptu: 1 }), ["FIELD_UNKNOWN /nodes/0/config/outptu (output)"]],
  ])("refuse %s", (_, problems, expected) => {
    expect(problems).toEqual(expected);
  });
});

describe("a definition", () => {
  const definition = (more: JsonObject) => found({ ...graph([shell("a")]), ...more });

  test.each<[string, JsonObject, readonly string[]]>([
    ["a timeout that is none", { timeout: "1 hour" }, ["FIELD_VALUE /timeout"]],
    ["a misspelt default", { defaults: { retires: {} } }, ["FIELD_UNKNOWN /defaults/retires"]],
    ["a wrong default", { defaults: { retry: { max_attempts: 0 } } }, ["FIELD_VALUE /defaults/retry/max_attempts"]],
    ["a key that is missing", { concurrency: { on_conflict: "queue" } }, ["FIELD_REQUIRED /concurrency/key"]],
    [
      "a misspelt conflict",
      { concurrency: { key: "k", on_conflict: "que" } },
      ["FIELD_VALUE /concurrency/on_conflict"],
    ],
    ["a label that is a number", { labels: { a: 1 } }, ["FIELD_TYPE /labels/a"]],
    ["a label without a name", { labels: { "": "a" } }, ["FIELD_VALUE /labels/"]],
    [
      "33 labels",
      { labels: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`l${n}`, ""])) },
      ["FIELD_VALUE /labels"],
    ],
    [
      "an input schema that is none",
      { input_schema: { type: "strin" } },
      ["SCHEMA_INVALID /input_schema/type (string)"],
    ],
    [
      "an output schema that refers to nothing",
      { output_schema: { $ref: "#/$defs/x" } },
      ["SCHEMA_INVALID /output_schema"],
    ],
    ["a phase without nodes", { on_failure: { nodes: [] } }, ["FIELD_VALUE /on_failure/nodes"]],
    ["a phase that is a list", { finally: [] }, ["FIELD_TYPE /finally"]],
    ["a misspelt phase", { finaly: graph([shell("f")]) }, ["FIELD_UNKNOWN /finaly (finally)"]],
  ])("refuses %s", (_, more, expected) => {
    expect(definition(more)).toEqual(expected);
  });
});
