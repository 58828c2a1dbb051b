/** What nodes and edges say of one another. */
import { edge, found, graph, node, problemsOf, shell } from "./definitions";

const cases = (names: readonly string[], mode?: string) =>
  node("s", "switch", {
    cases: names.map((name) => ({ name, when: "input.n > 1" })),
    ...(mode === undefined ? {} : { mode }),
  });
const all = (...ids: string[]) => ids.map((id) => shell(id));
const ways = (...texts: string[]) => texts.map((way) => edge(way));
const joined = (id: string, join: number) => shell(id, "true", { join });

describe("ids", () => {
  const map = (id: string, inner: readonly string[]) => node(id, "map", { items: "[1]", body: graph(all(...inner)) });

  test.each([
    ["one in two graphs", graph([map("m", ["a"]), shell("a")]), ["NODE_DUPLICATE /nodes/0/config/body/nodes/0/id"]],
    ["that of the map itself", graph([map("m", ["m"])]), ["NODE_DUPLICATE /nodes/0/config/body/nodes/0/id"]],
    ["one of a phase", { ...graph(all("a")), finally: graph(all("a")) }, ["NODE_DUPLICATE /finally/nodes/0/id"]],
    ["one that is no id", graph([map("m", ["a b"])]), ["NODE_ID_INVALID /nodes/0/config/body/nodes/0/id"]],
    ["none", { nodes: [{ type: "wait", config: { duration: "1s" } }] }, ["FIELD_REQUIRED /nodes/0/id"]],
  ])("refuses %s", (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });
});

describe("ends of edges", () => {
  test.each([
    ["an unknown node", graph(all("build"), ways("build -> tets")), ["NODE_UNKNOWN /edges/0/target"]],
    ["a misspelt node", graph(all("build", "test"), ways("biuld -> test")), ["NODE_UNKNOWN /edges/0/source (build)"]],
    [
      "a node of a graph inside",
      graph([node("m", "map", { items: "[1]", body: graph(all("a")) }), shell("b")], ways("a -> b")),
      ["NODE_UNKNOWN /edges/0/source"],
    ],
    [
      "a node of the graph around",
      graph([node("m", "map", { items: "[1]", body: graph(all("a"), ways("a -> b")) }), shell("b")]),
      ["NODE_UNKNOWN /nodes/0/config/body/edges/0/target"],
    ],
    [
      "the same twice",
      graph(all("a", "b"), [...ways("a -> b"), edge("a -> b", { on: "success" })]),
      ["EDGE_DUPLICATE /edges/1"],
    ],
    ["itself", graph(all("a"), ways("a -> a")), ["EDGE_SELF /edges/0"]],
  ])("refuses %s", (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });

  test("takes two edges between the same nodes for different ends", () => {
    const edges = [edge("a -> b"), edge("a -> b", { error: "X_*" }), edge("a -> b", { error: "Y" })];
    expect(found(graph(all("a", "b"), edges))).toEqual([]);
  });
});

describe("fields of edges", () => {
  const between = (more: Parameters<typeof edge>[1], source = shell("s")) =>
    graph([source, shell("t")], [edge("s -> t", more)]);

  test.each([
    ["an error on success", between({ error: "X", on: "success" }), ["FIELD_CONFLICT /edges/0/error"]],
    ["else with a condition", between({ else: true, condition: "true" }), ["FIELD_CONFLICT /edges/0/else"]],
    ["else with a case", between({ else: true, case: "x" }, cases(["x"])), ["FIELD_CONFLICT /edges/0/else"]],
    ["else: false", between({ else: false }), ["FIELD_VALUE /edges/0/else"]],
    ["a case of a task", between({ case: "x" }), ["FIELD_CONFLICT /edges/0/case"]],
    ["a case at a failure", between({ case: "x", on: "error" }, cases(["x"])), ["FIELD_CONFLICT /edges/0/case"]],
    ["a misspelt case", between({ case: "bgi" }, cases(["big", "small"])), ["CASE_UNKNOWN /edges/0/case (big)"]],
    ["an unknown case", between({ case: "medium" }, cases(["big", "small"])), ["CASE_UNKNOWN /edges/0/case"]],
    ["max without loop", between({ max: 3 }), ["FIELD_CONFLICT /edges/0/max"]],
    ["a misspelt field", between({ conditon: "true" }), ["FIELD_UNKNOWN /edges/0/conditon (condition)"]],
  ])("refuses %s", (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });

  test("refuses else beside an edge that is always taken", () => {
    const beside = (first: object, second: object) =>
      found(graph(all("a", "b", "c"), [edge("a -> b", { ...first }), edge("a -> c", { else: true, ...second })]));
    expect(beside({}, {})).toEqual(["EDGE_NEVER_TAKEN /edges/1"]);
    expect(beside({ on: "always" }, { on: "error" })).toEqual(["EDGE_NEVER_TAKEN /edges/1"]);
    expect(beside({ error: "*" }, { on: "error" })).toEqual(["EDGE_NEVER_TAKEN /edges/1"]);
    expect(beside({}, { on: "always" })).toEqual([]);
    expect(beside({ condition: "input.x" }, {})).toEqual([]);
    expect(beside({ error: "X_*" }, { on: "error" })).toEqual([]);
  });
});

describe("cycles", () => {
  test("tells the path of one that nobody declared", () => {
    const definition = graph(all("a", "b", "c"), ways("a -> b", "b -> c", "c -> a"));
    expect(problemsOf(definition)).toEqual([
      { code: "CYCLE", pointer: "/edges/2", message: "closes a cycle: a -> b -> c -> a" },
    ]);
  });

  test.each([
    [
      "in a body",
      "/nodes/0/config/body",
      graph([node("m", "map", { items: "[1]", body: graph(all("a", "b"), ways("a -> b", "b -> a")) })]),
    ],
    ["in a phase", "/on_failure", { ...graph(all("x")), on_failure: graph(all("a", "b"), ways("a -> b", "b -> a")) }],
  ])("finds one %s", (_, pointer, definition) => {
    expect(found(definition)).toEqual([`CYCLE ${pointer}/edges/1`]);
  });

  const back = (more: object) =>
    graph(all("a", "b", "c"), [...ways("a -> b", "b -> c"), edge("c -> b", { loop: true, ...more })]);

  test("takes edges that lead back for no cycle", () => {
    expect(found(back({ max: 3 }))).toEqual([]);
    expect(found(back({}))).toEqual(["FIELD_REQUIRED /edges/2/max"]);
    expect(found(back({ max: 0 }))).toEqual(["FIELD_VALUE /edges/2/max"]);
    expect(found(back({ max: 10_001 }))).toEqual(["FIELD_VALUE /edges/2/max"]);
    expect(found(back({ max: 3, else: true }))).toEqual(["FIELD_CONFLICT /edges/2/else"]);
  });

  test("refuses an edge that says it leads back and does not", () => {
    const definition = graph(all("a", "b", "c"), [...ways("a -> b", "a -> c"), edge("b -> c", { loop: true, max: 1 })]);
    expect(problemsOf(definition)).toEqual([
      {
        code: "LOOP_WITHOUT_CYCLE",
        pointer: "/edges/2",
        message: "leads to 'c', from where no path leads back to 'b'",
      },
    ]);
  });

  test("refuses a cycle of which no edge says that it leads back, beside one that does", () => {
    const edges = [...ways("a -> b", "b -> c", "c -> b"), edge("c -> a", { loop: true, max: 1 })];
    expect(found(graph(all("a", "b", "c"), edges))).toEqual(["CYCLE /edges/2"]);
  });
});

test.each(["on_failure", "finally"])("refuses to undo what %s does", (handler) => {
  const undone = shell("b", "true", { compensate: { task_type: "noop", config: {} } });
  const mapped = node("m", "map", { items: "[1]", body: graph([undone]) });
  expect(found({ ...graph(all("a")), [handler]: graph([undone]) })).toEqual([
    `FIELD_CONFLICT /${handler}/nodes/0/compensate`,
  ]);
  expect(found({ ...graph(all("a")), [handler]: graph([mapped]) })).toEqual([
    `FIELD_CONFLICT /${handler}/nodes/0/config/body/nodes/0/compensate`,
  ]);
});

describe("nodes that never run", () => {
  const stop = (more = {}) => node("stop", "fail", { code: "X", message: "x" }, more);
  const done = (more = {}) => node("stop", "end", {}, more);

  test.each([
    ["after a failure", graph([stop(), shell("a")], ways("stop -> a")), ["NODE_UNREACHABLE /nodes/1"]],
    ["after an end", graph([done(), shell("a")], ways("stop -> a")), ["NODE_UNREACHABLE /nodes/1"]],
    [
      "after an end, beside another way",
      graph([done(), shell("a"), shell("b")], ways("stop -> a", "b -> a")),
      ["EDGE_NEVER_TAKEN /edges/0"],
    ],
    ["after a failure that is an edge's", graph([stop(), shell("a")], [edge("stop -> a", { on: "error" })]), []],
    ["after a failure that is caught", graph([stop({ catch: {} }), shell("a")], ways("stop -> a")), []],
    ["after an end that may be skipped", graph([done({ when: "input.x" }), shell("a")], ways("stop -> a")), []],
    ["without any edge", graph(all("a", "b")), []],
  ])("are told: %s", (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });
});

describe("joins that can never fire", () => {
  const fork = (join: number, first: object, second: object, source = shell("s")) =>
    graph(
      [source, shell("x"), shell("y"), joined("j", join)],
      [edge("s -> x", { ...first }), edge("s -> y", { ...second }), ...ways("x -> j", "y -> j")],
    );
  const impossible = ["JOIN_IMPOSSIBLE /nodes/3/join"];
  const ab = cases(["a", "b"]);

  test.each([
    ["more than the edges", fork(3, {}, {}), impossible],
    ["as many as the edges", fork(2, {}, {}), []],
    ["two cases of a switch", fork(2, { case: "a" }, { case: "b" }, ab), impossible],
    ["two cases of a switch that picks all", fork(2, { case: "a" }, { case: "b" }, cases(["a", "b"], "all")), []],
    ["the same case twice", fork(2, { case: "a" }, { case: "a" }, ab), []],
    ["a case and an edge without", fork(2, { case: "a" }, {}, ab), []],
    ["a case and else", fork(2, { case: "a" }, { else: true }, ab), impossible],
    ["a condition and else", fork(2, { condition: "input.x" }, { else: true }), impossible],
    ["success and failure", fork(2, {}, { on: "error" }), impossible],
    ["success and either", fork(2, {}, { on: "always" }), []],
    ["two conditions", fork(2, { condition: "input.x" }, { condition: "!input.x" }), []],
    ["one of two cases", fork(1, { case: "a" }, { case: "b" }, ab), []],
  ])("are told: %s", (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });

  test("are told along longer ways, with the reason", () => {
    const nodes = [ab, ...all("x", "x2", "y", "z"), joined("j", 3)];
    const edges = [
      edge("s -> x", { case: "a" }),
      edge("s -> y", { case: "b" }),
      ...ways("x -> x2", "x2 -> j", "y -> j", "z -> j"),
    ];
    expect(problemsOf(graph(nodes, edges))).toEqual([
      {
        code: "JOIN_IMPOSSIBLE",
        pointer: "/nodes/5/join",
        message:
          "'j' waits for 3 paths, but of the 3 edges that lead there at most 2 are taken in one run; so it never runs",
      },
    ]);
  });

  test("are not taken for those behind which paths have met again", () => {
    const nodes = [ab, ...all("x", "y", "met", "z"), joined("j", 2)];
    const edges = [
      edge("s -> x", { case: "a" }),
      edge("s -> y", { case: "b" }),
      ...ways("x -> met", "y -> met", "met -> j", "z -> j"),
    ];
    expect(found(graph(nodes, edges))).toEqual([]);
  });
});

describe("limits over the whole definition", () => {
  const body = (nodes: number, id: string) =>
    graph(Array.from({ length: nodes }, (_, index) => shell(`${id}${index}`)));
  const map = (id: string, nodes: number) => node(id, "map", { items: "[1]", body: body(nodes, `${id}_`) });
  const deep = (levels: number): ReturnType<typeof graph> =>
    levels === 0 ? body(1, "x") : graph([node(`m${levels}`, "map", { items: "[1]", body: deep(levels - 1) })]);

  test("count the nodes of graphs inside", () => {
    expect(found(graph([map("a", 999), map("b", 999)]))).toEqual([]);
    expect(found(graph([map("a", 999), map("b", 1_000)]))).toEqual(["LIMIT_EXCEEDED /nodes"]);
    expect(found({ ...graph([map("a", 999), map("b", 999)]), finally: body(1, "f") })).toEqual([
      "LIMIT_EXCEEDED /nodes",
    ]);
  });

  test("count how deep graphs are", () => {
    expect(found(deep(8))).toEqual([]);
    expect(found(deep(9))).toEqual([`LIMIT_EXCEEDED ${"/nodes/0/config/body".repeat(9)}`]);
  });
});
