/** What expressions may name where they stand. */
import type { JsonObject } from "../../src/core/json";
import { edge, found, graph, node, problemsOf, shell } from "./definitions";

const all = (...ids: string[]) => ids.map((id) => shell(id));
const say = (id: string, text: string, more: JsonObject = {}) => shell(id, `echo ${text}`, more);
const at = "config/config/command";
const map = (more: JsonObject, id = "m") => node(id, "map", { items: "input.list", ...more });
const body = (text: string, more: JsonObject = {}) => graph([say("b", text)], [], more);

describe("variables", () => {
  test.each([
    ["item outside of a map", graph([say("a", "${{ item }}")]), [`EXPRESSION_NAME /nodes/0/${at}`]],
    ["index outside of a map", graph([say("a", "${{ index }}")]), [`EXPRESSION_NAME /nodes/0/${at}`]],
    ["iteration outside of a loop", graph([say("a", "${{ iteration }}")]), [`EXPRESSION_NAME /nodes/0/${at}`]],
    ["error in a task", graph([say("a", "${{ error.code }}")]), [`EXPRESSION_NAME /nodes/0/${at}`]],
    ["error in a catch", graph([shell("a", "true", { catch: { output: "${{ error.code }}" } })]), []],
    ["error in an output", { ...graph(all("a")), output: "${{ error }}" }, ["EXPRESSION_NAME /output"]],
    ["error in on_failure", { ...graph(all("a")), on_failure: graph([say("f", "${{ error.node_id }}")]) }, []],
    ["error in a body in finally", { ...graph(all("a")), finally: graph([map({ body: body("${{ error }}") })]) }, []],
    [
      "item in the items themselves",
      graph([map({ items: "item", body: body("x") })]),
      ["EXPRESSION_NAME /nodes/0/config/items"],
    ],
    ["item in a body", graph([map({ body: body("${{ item }} ${{ index }}", { output: "${{ item }}" }) })]), []],
    [
      "item in a map's output after it",
      { ...graph([map({ body: body("x") })]), output: "${{ item }}" },
      ["EXPRESSION_NAME /output"],
    ],
    [
      "key without item_key",
      graph([map({ body: body("${{ key }}") })]),
      [`EXPRESSION_NAME /nodes/0/config/body/nodes/0/${at}`],
    ],
    [
      "key in item_key",
      graph([map({ item_key: "key", body: body("x") })]),
      ["EXPRESSION_NAME /nodes/0/config/item_key"],
    ],
    [
      "item in the task of a map",
      graph([map({ task: { task_type: "shell", config: { command: "${{ item }}" } } })]),
      [],
    ],
    [
      "iteration in a map in a loop",
      graph([
        node("l", "loop", {
          until: "true",
          max_iterations: 2,
          body: graph([map({ body: body("${{ iteration }} ${{ item }}") })]),
        }),
      ]),
      [],
    ],
    [
      "nodes in the key of concurrency",
      { ...graph(all("a")), concurrency: { key: "${{ nodes.a.output }}" } },
      ["EXPRESSION_NAME /concurrency/key"],
    ],
    ["input in the key of concurrency", { ...graph(all("a")), concurrency: { key: "${{ input.a }}" } }, []],
    ["a misspelt one", graph([say("a", "${{ inptu.x }}")]), [`EXPRESSION_NAME /nodes/0/${at} (input)`]],
    [
      "a misspelt one of a map",
      graph([map({ body: body("${{ itme }}") })]),
      [`EXPRESSION_NAME /nodes/0/config/body/nodes/0/${at} (item)`],
    ],
  ])("are checked where they stand: %s", (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });

  test("say where they are to be had", () => {
    expect(problemsOf(graph([say("a", "${{ item }}")]))).toEqual([
      {
        code: "EXPRESSION_NAME",
        pointer: `/nodes/0/${at}`,
        message: "variable 'item' (column 10) is not known here: it is there only in the body or the task of a map",
      },
    ]);
  });
});

describe("nodes", () => {
  const ab = (a: JsonObject, b: JsonObject, more: readonly JsonObject[] = []) =>
    graph([a, b], [edge("a -> b"), ...more]);
  const inBody = (text: string, before = "a -> m") =>
    graph(
      [...all("a"), map({ body: graph([say("b", text), shell("c")], [edge("c -> b")]) }), shell("z")],
      [edge(before), edge("m -> z")],
    );
  const place = `/nodes/1/config/body/nodes/0/${at}`;

  test.each([
    ["one before", ab(shell("a"), say("b", "${{ nodes.a.output }}")), []],
    ["one after", ab(say("a", "${{ nodes.b.output }}"), shell("b")), [`NODE_NOT_UPSTREAM /nodes/0/${at}`]],
    ["itself", graph([say("a", "${{ nodes.a.output }}")]), [`NODE_NOT_UPSTREAM /nodes/0/${at}`]],
    [
      "itself in its compensation",
      graph([
        shell("a", "true", { compensate: { task_type: "shell", config: { command: "${{ nodes.a.output.stdout }}" } } }),
      ]),
      [],
    ],
    [
      "itself in its cache",
      graph([shell("a", "true", { cache: { key: "${{ nodes.a.output }}", ttl: "1h" } })]),
      ["NODE_NOT_UPSTREAM /nodes/0/cache/key"],
    ],
    ["itself in when", graph([shell("a", "true", { when: "nodes.a.output" })]), ["NODE_NOT_UPSTREAM /nodes/0/when"]],
    [
      "one after, over a back edge",
      ab(say("a", "${{ nodes.b.output }}"), shell("b"), [edge("b -> a", { loop: true, max: 2 })]),
      [],
    ],
    [
      "itself, over a back edge",
      ab(say("a", "${{ nodes.a.output }}"), shell("b"), [edge("b -> a", { loop: true, max: 2 })]),
      [],
    ],
    [
      "one beside a back edge",
      graph(
        [...all("a", "b"), say("c", "${{ nodes.d.output }}"), shell("d")],
        [edge("a -> b"), edge("b -> a", { loop: true, max: 2 }), edge("b -> c"), edge("c -> d")],
      ),
      [`NODE_NOT_UPSTREAM /nodes/2/${at}`],
    ],
    ["one of the same body", inBody("${{ nodes.c.output }}"), []],
    ["one that ended before the map", inBody("${{ nodes.a.output }}"), []],
    ["one beside the map", inBody("${{ nodes.z.output }}"), [`NODE_NOT_UPSTREAM ${place}`]],
    ["the map itself in its body", inBody("${{ nodes.m.output }}"), [`NODE_NOT_UPSTREAM ${place}`]],
    [
      "one inside a body, from outside",
      { ...inBody("x"), output: "${{ nodes.b.output }}" },
      ["NODE_NOT_UPSTREAM /output"],
    ],
    [
      "one inside a body, in a condition outside",
      graph([map({ body: body("x") }), shell("z")], [edge("m -> z", { condition: "nodes.b.output.exit_code == 0" })]),
      ["NODE_NOT_UPSTREAM /edges/0/condition"],
    ],
    [
      "a loop's last iteration in its body",
      graph([
        node("l", "loop", { until: "nodes.l.output != null", max_iterations: 2, body: body("${{ nodes.l.output }}") }),
      ]),
      [],
    ],
    ["the main graph in finally", { ...graph(all("a")), finally: graph([say("f", "${{ nodes.a.status }}")]) }, []],
    [
      "finally in the main graph",
      { ...graph([say("a", "${{ nodes.f.status }}")]), finally: graph(all("f")) },
      [`NODE_NOT_UPSTREAM /nodes/0/${at}`],
    ],
    [
      "on_failure in finally",
      { ...graph(all("a")), on_failure: graph(all("f")), finally: graph([say("g", "${{ nodes.f.status }}")]) },
      [`NODE_NOT_UPSTREAM /finally/nodes/0/${at}`],
    ],
    ["a misspelt one", ab(shell("a"), say("b", "${{ nodes.aa.output }}")), [`NODE_UNKNOWN /nodes/1/${at} (a)`]],
  ])("are seen once they may have ended: %s", (_, definition, expected) => {
    expect(found(definition)).toEqual(expected);
  });

  test("are all seen in an undeclared cycle, which is told by itself", () => {
    expect(found(graph([say("a", "${{ nodes.b.output }}"), shell("b")], [edge("a -> b"), edge("b -> a")]))).toEqual([
      "CYCLE /edges/1",
    ]);
  });
});

describe("functions", () => {
  const output = (text: string) => found({ ...graph(all("a")), output: text });

  test.each([
    ["${{ siez(input.x) }}", ["EXPRESSION_NAME /output (size)"]],
    ["${{ input.x.strtsWith('a') }}", ["EXPRESSION_NAME /output (startsWith)"]],
    ["${{ frobnicate(input.x) }}", ["EXPRESSION_NAME /output"]],
    ["${{ input.list.sum() }}", ["EXPRESSION_NAME /output"]],
    ["${{ startsWith('a', 'b') }}", ["EXPRESSION_NAME /output"]],
    ["${{ size(1) }}", ["EXPRESSION_TYPE /output"]],
    ["${{ size(input.x) + sum([1, 2]) }}", []],
    ["${{ input.list.map(x, x).exists(x, x > 1) && has(input.x) && cel.bind(y, 1, y > 0) }}", []],
    ["${{ input.?x.orValue(optional.none().hasValue()) }}", []],
  ])("are looked up: %s", (text, expected) => {
    expect(output(text)).toEqual(expected);
  });
});
