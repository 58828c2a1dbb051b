/** The types that expressions work with, as far as schemas tell. */
import type { JsonObject } from "../../src/core/json";
import { edge, found, graph, node, problemsOf, shell } from "./definitions";

const all = (...ids: string[]) => ids.map((id) => shell(id));
const say = (id: string, text: string, more: JsonObject = {}) => shell(id, `echo ${text}`, more);
const at = "config/config/command";
const map = (more: JsonObject, id = "m") => node(id, "map", { items: "input.list", ...more });
const body = (text: string, more: JsonObject = {}) => graph([say("b", text)], [], more);

describe("types", () => {
  const schema = {
    type: "object",
    additionalProperties: false,
    properties: {
      count: { type: "integer" },
      name: { type: "string" },
      people: {
        type: "array",
        items: { type: "object", additionalProperties: false, properties: { name: { type: "string" } } },
      },
      loose: { type: "object" },
    },
  };
  const withInput = (definition: JsonObject) => ({ ...definition, input_schema: schema });
  const output = (nodes: readonly JsonObject[], text: string) => withInput(graph(nodes, [], { output: text }));
  const transform = (id: string, value: JsonObject[string]) => node(id, "transform", { output: value });

  test.each([
    [
      "a number and a text",
      output(all("a"), "${{ input.count + 'a' }}"),
      "EXPRESSION_TYPE /output",
      /'\+' does not take a number and a string \(column 5\)/,
    ],
    [
      "a misspelt field of the input",
      output(all("a"), "${{ input.coutn }}"),
      "EXPRESSION_NAME /output (count)",
      /there is no field 'coutn'; did you mean 'count'\? \(column 11\)/,
    ],
    [
      "a misspelt field of a node",
      output(all("a"), "${{ nodes.a.outptu }}"),
      "EXPRESSION_NAME /output (output)",
      /no field 'outptu'/,
    ],
    [
      "a misspelt field of a shell task",
      output(all("a"), "${{ nodes.a.output.stdot }}"),
      "EXPRESSION_NAME /output (stdout)",
      /no field 'stdot'/,
    ],
    [
      "a misspelt field of an http task",
      output(
        [{ id: "a", type: "task", config: { task_type: "http", config: { url: "http://x" } } }],
        "${{ nodes.a.output.boddy.x }}",
      ),
      "EXPRESSION_NAME /output (body)",
      /./,
    ],
    [
      "a number of a shell task",
      output(all("a"), "${{ nodes.a.output.exit_code.trim() }}"),
      "EXPRESSION_TYPE /output",
      /a number has no method trim\(\)/,
    ],
    [
      "a field of a transform",
      output([transform("a", { total: "${{ input.count * 2 }}" })], "${{ nodes.a.output.totl }}"),
      "EXPRESSION_NAME /output (total)",
      /./,
    ],
    [
      "the type of a transform",
      output([transform("a", { total: "${{ input.count * 2 }}" })], "${{ nodes.a.output.total + 'x' }}"),
      "EXPRESSION_TYPE /output",
      /./,
    ],
    [
      "the cases of a switch",
      output([node("a", "switch", { cases: [{ name: "x", when: "true" }] })], "${{ nodes.a.output.case }}"),
      "EXPRESSION_NAME /output (cases)",
      /./,
    ],
    [
      "the answer of an approval",
      output(
        [node("a", "approval", { message: "?", schema: { type: "object", properties: { n: { type: "number" } } } })],
        "${{ nodes.a.output.form.n + 'x' }}",
      ),
      "EXPRESSION_TYPE /output",
      /./,
    ],
    [
      "a message",
      output([node("a", "signal", { name: "m", schema: { type: "number" } })], "${{ nodes.a.output.x }}"),
      "EXPRESSION_NAME /output",
      /a number or null has no fields/,
    ],
    [
      "an item of a map",
      withInput(graph([map({ items: "input.people", body: body("${{ item.nmae }}") })])),
      `EXPRESSION_NAME /nodes/0/config/body/nodes/0/${at} (name)`,
      /./,
    ],
    [
      "outputs of a map",
      output([map({ items: "input.people", body: body("x") })], "${{ nodes.m.output.outputs[0].b.stdot }}"),
      "EXPRESSION_NAME /output (stdout)",
      /./,
    ],
    [
      "outputs of a map with a task",
      output(
        [map({ items: "input.people", task: { task_type: "shell", config: { command: "x" } } })],
        "${{ nodes.m.output.outputs.map(o, o.stdot) }}",
      ),
      "EXPRESSION_NAME /output (stdout)",
      /./,
    ],
    [
      "an iteration's output",
      withInput(
        graph([node("l", "loop", { until: "nodes.l.output.c.stdout == ''", max_iterations: 2, body: body("x") })]),
      ),
      "EXPRESSION_NAME /nodes/0/config/until (b)",
      /./,
    ],
    [
      "an error in finally",
      { ...graph(all("a")), finally: graph([say("f", "${{ error.cod }}")]) },
      `EXPRESSION_NAME /finally/nodes/0/${at} (code)`,
      /./,
    ],
    [
      "the execution",
      output(all("a"), "${{ execution.name }}"),
      "EXPRESSION_NAME /output",
      /there is no field 'name'; known are id/,
    ],
    [
      "items that are no list",
      withInput(graph([map({ items: "input.name", body: body("x") })])),
      "EXPRESSION_TYPE /nodes/0/config/items",
      /must be a list, but is a string/,
    ],
    [
      "a key that is no text",
      withInput(graph([map({ items: "input.people", item_key: "item", body: body("x") })])),
      "EXPRESSION_TYPE /nodes/0/config/item_key",
      /must be a text or a number, but is an object/,
    ],
    [
      "a when that is no condition",
      withInput(graph([shell("a", "true", { when: "input.name" })])),
      "EXPRESSION_TYPE /nodes/0/when",
      /must be true or false, but is a string/,
    ],
    [
      "a case that is no condition",
      withInput(graph([node("s", "switch", { cases: [{ name: "x", when: "input.count" }] })])),
      "EXPRESSION_TYPE /nodes/0/config/cases/0/when",
      /./,
    ],
    [
      "a wait for a number",
      withInput(graph([node("w", "wait", { duration: "${{ input.count }}" })])),
      "EXPRESSION_TYPE /nodes/0/config/duration",
      /must be a text, but is a number/,
    ],
    [
      "a number in an environment",
      withInput(
        graph([
          {
            id: "a",
            type: "task",
            config: { task_type: "shell", config: { command: "x", env: { N: "${{ input.count }}" } } },
          },
        ]),
      ),
      "EXPRESSION_TYPE /nodes/0/config/config/env/N",
      /must be a string, but the template gives a number/,
    ],
    [
      "a list as a command",
      withInput(
        graph([
          say("x", "y"),
          { id: "a", type: "task", config: { task_type: "shell", config: { command: "${{ input.people }}" } } },
        ]),
      ),
      "EXPRESSION_TYPE /nodes/1/config/config/command",
      /./,
    ],
    [
      "operators of literals",
      graph([shell("a", "true", { when: "1 + 'a' == 2" })]),
      "EXPRESSION_TYPE /nodes/0/when",
      /no such overload/,
    ],
  ])("are told wrong where schemas tell: %s", (_, definition, expected, message) => {
    expect(found(definition)).toEqual([expected]);
    expect(problemsOf(definition)[0]?.message).toMatch(message);
  });

  test.each([
    ["a field that may be absent", output(all("a"), "${{ has(input.count) ? input.count + 1 : 0 }}")],
    ["a field of an open object", output(all("a"), "${{ input.loose.anything + 1 }}")],
    ["an input without a schema", { ...graph(all("a")), output: "${{ input.anything.at.all + 1 }}" }],
    [
      "a node that may be skipped",
      output(all("a"), "${{ nodes.a.output == null ? 0 : nodes.a.output.exit_code + 1 }}"),
    ],
    ["a stored task", output([{ id: "a", type: "task", config: { task_id: "x" } }], "${{ nodes.a.output.any.thing }}")],
    [
      "a caught failure",
      output(
        [shell("a", "true", { catch: { output: { failed: true } } })],
        "${{ has(nodes.a.output.failed) || nodes.a.output.stdout == '' }}",
      ),
    ],
    [
      "a body of http",
      output(
        [{ id: "a", type: "task", config: { task_type: "http", config: { url: "http://x" } } }],
        "${{ sum(nodes.a.output.body.map(o, o.count)) + size(nodes.a.output.headers) }}",
      ),
    ],
    ["all nodes at once", output(all("a"), "${{ keys(nodes).map(id, nodes[id].status) }}")],
    ["a number where a text is rendered around it", withInput(graph([say("a", "n is ${{ input.count }}")]))],
    [
      "a text in an environment",
      withInput(
        graph([
          {
            id: "a",
            type: "task",
            config: {
              task_type: "shell",
              config: {
                command: "x",
                env: { N: "${{ string(input.count) }}" },
                success_exit_codes: ["${{ input.count }}"],
              },
            },
          },
        ]),
      ),
    ],
    ["a time as a text", withInput(graph([node("w", "wait", { until: "${{ timestamp(input.name) }}" })]))],
    [
      "nodes that speak of one another",
      withInput(
        graph(
          [transform("a", "${{ nodes.b.output }}"), transform("b", { x: "${{ nodes.a.output }}" })],
          [edge("a -> b"), edge("b -> a", { loop: true, max: 2 })],
          { output: "${{ nodes.b.output.x.y }}" },
        ),
      ),
    ],
    ["a default that is dynamic", output(all("a"), "${{ input.?count.orValue(null) == null ? 1 : input.count }}")],
  ])("raise no false alarm: %s", (_, definition) => {
    expect(problemsOf(definition)).toEqual([]);
  });
});
