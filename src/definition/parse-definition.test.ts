import { fc } from "../../tests/property";
import type { JsonObject, JsonValue } from "../core/json";
import type { Problem } from "./graph-types";
import { parseDefinition, taskIdsOf } from "./parse-definition";

const TASK_ID = "01900000-0000-7000-8000-0000000000aa";

const shell = (id: string, config: JsonObject = { command: "true" }): JsonObject => ({
  id,
  type: "task",
  config: { task_type: "shell", config },
});
const graph = (ids: readonly string[], edges: readonly (readonly [string, string])[] = []): JsonObject => ({
  version: 1,
  nodes: ids.map((id) => shell(id)),
  edges: edges.map(([source, target]) => ({ source, target })),
});

function problemsOf(value: unknown): readonly Problem[] {
  const parsed = parseDefinition(value);
  return parsed.ok ? [] : parsed.error;
}

const found = (value: unknown) => problemsOf(value).map(({ code, pointer }) => `${code} ${pointer}`);

describe("parseDefinition", () => {
  test("takes the older shape as it is", () => {
    const older = {
      nodes: [
        { id: "a", type: "task", config: { task_id: TASK_ID } },
        { id: "b", type: "task", config: { task_id: "another" } },
        { id: "c", type: "task", config: { task_id: TASK_ID } },
      ],
      edges: [
        { source: "a", target: "b", condition: "nodes.a.output.ok" },
        { source: "a", target: "c", condition: null },
      ],
    };
    const parsed = parseDefinition(older);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
    expect(parsed.value).toEqual({
      version: 1,
      nodes: older.nodes,
      edges: [older.edges[0], { source: "a", target: "c" }],
    });
    expect(taskIdsOf(parsed.value)).toEqual([TASK_ID, "another"]);
  });

  test("adds version and edges, and nothing else", () => {
    expect(parseDefinition({ nodes: [shell("a")] })).toEqual({
      ok: true,
      value: { version: 1, nodes: [shell("a")], edges: [] },
    });
  });

  test("finds all problems at once", () => {
    const definition = {
      version: 2,
      nods: [],
      nodes: [shell("build", { comand: "make" }), { id: "9", type: "tusk", config: {} }, 7, shell("build")],
      edges: [{ source: "biuld", target: "build", on: "sucess" }, { source: "bulid", target: "build" }, {}],
      input_schema: { type: "strin" },
    };
    expect(problemsOf(definition)).toEqual(
      expect.arrayContaining([
        { code: "FIELD_VALUE", pointer: "/version", message: "must be 1" },
        {
          code: "FIELD_UNKNOWN",
          pointer: "/nods",
          message: "unknown field 'nods'; did you mean 'nodes'?",
          suggestion: "nodes",
        },
        {
          code: "FIELD_UNKNOWN",
          pointer: "/nodes/0/config/config/comand",
          message: "unknown field 'comand'; did you mean 'command'?",
          suggestion: "command",
        },
        {
          code: "NODE_TYPE_UNKNOWN",
          pointer: "/nodes/1/type",
          message: expect.stringMatching(
            /^unknown node type "tusk"; known are task, transform, .*did you mean 'task'\?$/,
          ),
          suggestion: "task",
        },
        { code: "FIELD_TYPE", pointer: "/nodes/2", message: "must be an object" },
        { code: "NODE_DUPLICATE", pointer: "/nodes/3/id", message: "'build' is the id of /nodes/0 already" },
        expect.objectContaining({ code: "NODE_ID_INVALID", pointer: "/nodes/1/id" }),
        {
          code: "FIELD_VALUE",
          pointer: "/edges/0/on",
          message: "must be one of success, error, always; did you mean 'success'?",
          suggestion: "success",
        },
        {
          code: "NODE_UNKNOWN",
          pointer: "/edges/1/source",
          message: "there is no node 'bulid'; did you mean 'build'?",
          suggestion: "build",
        },
        { code: "FIELD_REQUIRED", pointer: "/edges/2/source", message: "is required" },
        { code: "FIELD_REQUIRED", pointer: "/edges/2/target", message: "is required" },
        expect.objectContaining({ code: "SCHEMA_INVALID", pointer: "/input_schema/type" }),
      ]),
    );
  });

  test.each([
    ["nothing", undefined, ["FIELD_TYPE "]],
    ["a list", [], ["FIELD_TYPE "]],
    ["an empty object", {}, ["FIELD_REQUIRED /nodes"]],
    ["no nodes", { nodes: [] }, ["FIELD_VALUE /nodes"]],
    ["a node without a type", { nodes: [{ id: "a" }] }, ["FIELD_REQUIRED /nodes/0/type"]],
    [
      "a slip in its name",
      { nodes: [{ id: "a", typ: "task" }] },
      ["FIELD_UNKNOWN /nodes/0/typ", "FIELD_REQUIRED /nodes/0/type"],
    ],
    ["a task without a config", { nodes: [{ id: "a", type: "task" }] }, ["FIELD_REQUIRED /nodes/0/config"]],
    ["an id that starts with a digit", graph(["1a"]), ["NODE_ID_INVALID /nodes/0/id"]],
    ["an id of 65 characters", graph(["a".repeat(65)]), ["NODE_ID_INVALID /nodes/0/id"]],
    ["an edge to itself", graph(["a"], [["a", "a"]]), ["EDGE_SELF /edges/0"]],
    [
      "an edge that stands twice",
      graph(
        ["a", "b"],
        [
          ["a", "b"],
          ["a", "b"],
        ],
      ),
      ["EDGE_DUPLICATE /edges/1"],
    ],
    ["a version of tomorrow", { ...graph(["a"]), version: 2 }, ["FIELD_VALUE /version"]],
  ])("refuses %s", (_, value, expected) => {
    expect(found(value)).toEqual(expected);
  });

  test("says which way a cycle goes", () => {
    const definition = graph(
      ["a", "b", "c", "d"],
      [
        ["a", "b"],
        ["b", "c"],
        ["c", "b"],
        ["c", "d"],
      ],
    );
    expect(problemsOf(definition)).toEqual([
      { code: "CYCLE", pointer: "/edges/2", message: "closes a cycle: b -> c -> b" },
      { code: "NODE_UNREACHABLE", pointer: "/nodes/3", message: "'d' comes after a cycle only, so it never runs" },
    ]);
  });

  test("finds each of several cycles", () => {
    const definition = graph(
      ["a", "b", "c", "d"],
      [
        ["a", "b"],
        ["b", "a"],
        ["c", "d"],
        ["d", "c"],
      ],
    );
    expect(found(definition)).toEqual(["CYCLE /edges/1", "CYCLE /edges/3"]);
  });

  test.each([
    ["input.n >", "EXPRESSION_SYNTAX", /column 10/],
    ["${{ input.n > }}", "EXPRESSION_SYNTAX", /column 15/],
    ["${{ input.n }", "TEMPLATE_SYNTAX", /not closed.*column 1/],
    ["a ${{ input.n }}", "EXPRESSION_SYNTAX", /./],
    ["${{ true }} and ${{ true }}", "TEMPLATE_SYNTAX", /one expression/],
    ["", "EXPRESSION_SYNTAX", /empty/],
    ["1 + 2", "EXPRESSION_TYPE", /must be true or false, but is a number/],
    ["inptu.n > 1", "EXPRESSION_NAME", /did you mean 'input'/],
    ["nodes.aa.output", "NODE_UNKNOWN", /did you mean 'a'/],
    ["nodes.b.status == 'completed'", "NODE_NOT_UPSTREAM", /'b' \(column 1\) has not always ended when 'a' ends/],
  ])("refuses the condition %s", (condition, code, message) => {
    const definition = { nodes: [shell("a"), shell("b")], edges: [{ source: "a", target: "b", condition }] };
    expect(problemsOf(definition)).toEqual([
      expect.objectContaining({ code, pointer: "/edges/0/condition", message: expect.stringMatching(message) }),
    ]);
  });

  test("lets an expression name only nodes that have ended by then", () => {
    const definition = (command: string) => ({
      ...graph(["a", "b", "other"], [["a", "b"]]),
      nodes: [shell("a"), shell("b"), shell("other"), shell("c", { command })],
      edges: [
        { source: "a", target: "b" },
        { source: "b", target: "c" },
      ],
    });
    expect(found(definition('${{ nodes.a.output }} ${{ nodes["b"].output }}'))).toEqual([]);
    expect(found(definition("${{ nodes.other.output }}"))).toEqual([
      "NODE_NOT_UPSTREAM /nodes/3/config/config/command",
    ]);
    expect(found(definition("${{ nodes.c.output }}"))).toEqual(["NODE_NOT_UPSTREAM /nodes/3/config/config/command"]);
    expect(found({ ...graph(["a"]), output: { a: "${{ nodes.a.output }}", b: "${{ nodes.b }}" } })).toEqual([
      "NODE_UNKNOWN /output/b",
    ]);
  });

  test("checks inline configs but for what is rendered", () => {
    const config = (value: JsonObject) => found({ nodes: [shell("a", value)] });
    expect(config({ command: "${{ input.c }}", cwd: "${{ input.d }}", success_exit_codes: "${{ input.e }}" })).toEqual(
      [],
    );
    expect(
      config({ argv: ["${{ input.c }}"], timeout: "${{ input.t }}", retry: { max_attempts: "${{ 1 }}" } }),
    ).toEqual([]);
    expect(config({ command: "x", argv: ["x"] })).toEqual(["FIELD_VALUE /nodes/0/config/config"]);
    expect(config({ command: "x", timeout: "soon" })).toEqual(["FIELD_VALUE /nodes/0/config/config/timeout"]);
    expect(config({ command: "${{ nodes.zzzzz }}" })).toEqual(["NODE_UNKNOWN /nodes/0/config/config/command"]);
    const node = { id: "a", type: "task", config: { task_type: "shel", config: {} } };
    expect(found({ nodes: [node] })).toEqual(["TASK_TYPE_UNKNOWN /nodes/0/config/task_type"]);
  });

  test("checks a node's retry and timeout", () => {
    const node = {
      ...shell("a"),
      retry: { max_attempts: 0, max_interval: "1s", initial_interval: "2s" },
      timeout: "10x",
    };
    expect(found({ nodes: [node] })).toEqual([
      "FIELD_VALUE /nodes/0/retry/max_attempts",
      "FIELD_VALUE /nodes/0/retry/max_interval",
      "FIELD_VALUE /nodes/0/timeout",
    ]);
    expect(found({ nodes: [{ ...shell("a"), timeout: { atempt: "1s" } }] })).toEqual([
      "FIELD_UNKNOWN /nodes/0/timeout/atempt",
    ]);
  });

  test("takes 2,000 nodes and 10,000 edges, and not one more", () => {
    const ids = Array.from({ length: 2_000 }, (_, index) => `n${index}`);
    const edges = ids.flatMap((id, index) =>
      [1, 2, 3, 4, 5].flatMap((ahead) => (index + ahead < 2_000 ? [[id, `n${index + ahead}`] as const] : [])),
    );
    expect(found(graph(ids, edges))).toEqual([]);
    expect(found(graph([...ids, "more"]))).toEqual(["LIMIT_EXCEEDED /nodes"]);
    const many = Array.from({ length: 10_001 }, (): readonly [string, string] => ["a", "b"]);
    expect(found(graph(["a", "b"], many))).toEqual(["LIMIT_EXCEEDED /edges"]);
  });

  test("refuses what is too large or too deep", () => {
    expect(found({ ...graph(["a"]), output: "x".repeat(1_024 * 1_024) })).toEqual(["LIMIT_EXCEEDED "]);
    const nested = (levels: number): JsonValue => (levels === 0 ? 1 : [nested(levels - 1)]);
    expect(found({ ...graph(["a"]), output: nested(63) })).toEqual([]);
    expect(found({ ...graph(["a"]), output: nested(64) })).toEqual(["LIMIT_EXCEEDED "]);
    expect(parseDefinition(nested(5_000)).ok).toBe(false);
    expect(parseDefinition(JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`)).ok).toBe(false);
  });

  test("refuses what cannot be JSON", () => {
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const throwing = {
      get nodes(): never {
        throw new Error("no");
      },
    };
    for (const value of [circular, throwing, 1n, Symbol("x"), () => 1, new Map()])
      expect(parseDefinition(value).ok).toBe(false);
  });

  test("is not fooled by names that every object has", () => {
    const hostile = JSON.parse('{"__proto__":{"nodes":[]},"constructor":1,"nodes":[{"__proto__":{"type":"task"}}]}');
    expect(found(hostile)).toEqual(
      expect.arrayContaining([
        "FIELD_UNKNOWN /__proto__",
        "FIELD_UNKNOWN /constructor",
        "FIELD_REQUIRED /nodes/0/type",
      ]),
    );
    expect(found(graph(["__proto__"]))).toEqual(["NODE_ID_INVALID /nodes/0/id"]);
    expect(found(graph(["constructor", "toString"], [["constructor", "toString"]]))).toEqual([]);
    expect(found(graph(["a"], [["a", "hasOwnProperty"]]))).toEqual(["NODE_UNKNOWN /edges/0/target"]);
    expect(found({ nodes: [{ id: "a", type: "constructor" }] })).toEqual(["NODE_TYPE_UNKNOWN /nodes/0/type"]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });

  test("never throws, and parses what it gave to the same again", () => {
    const name = fc.oneof(
      fc.constantFrom("nodes", "edges", "id", "type", "config", "task_type", "task_id", "override", "retry", "timeout"),
      fc.constantFrom(
        "source",
        "target",
        "condition",
        "on",
        "output",
        "input_schema",
        "version",
        "__proto__",
        "a",
        "b",
      ),
      fc.string(),
    );
    const text = fc.oneof(
      fc.constantFrom(
        "task",
        "shell",
        "http",
        "a",
        "b",
        "constructor",
        "${{ input }}",
        "${{ nodes.a",
        "1s",
        "error",
        "{",
      ),
      fc.string(),
    );
    const { json } = fc.letrec<{ json: unknown }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        text,
        fc.constantFrom(null, true, 0, 1, -1.5),
        fc.array(tie("json"), { maxLength: 4 }),
        fc.dictionary(name, tie("json"), { maxKeys: 6 }),
      ),
    }));
    const nodes = fc.array(fc.record({ id: text, type: text, config: json }, { requiredKeys: [] }), { maxLength: 4 });
    const edges = fc.array(fc.record({ source: text, target: text, condition: text, on: text }, { requiredKeys: [] }), {
      maxLength: 4,
    });
    const shaped = fc.record({ nodes, edges, output: json, output_schema: json }, { requiredKeys: ["nodes"] });
    fc.assert(
      fc.property(fc.oneof(json, shaped, fc.anything()), (value) => {
        const parsed = parseDefinition(value);
        if (!parsed.ok) expect(parsed.error.length).toBeGreaterThan(0);
        else expect(parseDefinition(parsed.value)).toEqual(parsed);
      }),
      { numRuns: 300 },
    );
  });
});
