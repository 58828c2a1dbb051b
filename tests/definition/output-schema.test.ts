/** What a run ends with, beside `output_schema`. */
import type { JsonObject, JsonValue } from "../../src/core/json";
import { found, graph, node, problemsOf, shell } from "./definitions";

const SCHEMA: JsonObject = {
  type: "object",
  required: ["code", "text"],
  additionalProperties: false,
  properties: {
    code: { type: "integer" },
    text: { $ref: "#/$defs/text" },
    maybe: { type: ["string", "null"] },
    list: { type: "array", items: { type: "number" } },
    inner: { type: "object", required: ["x"], properties: { x: {} } },
    level: { enum: ["low", "high"] },
  },
  $defs: { text: { type: "string" } },
};
const base = (more: JsonObject) => ({ ...graph([shell("a")]), output_schema: SCHEMA, ...more });
const right = { code: "${{ nodes.a.output.exit_code }}", text: "${{ nodes.a.output.stdout }}" };

describe("an output template", () => {
  test.each<[string, JsonValue, readonly string[]]>([
    ["of the right types", { ...right, maybe: null, list: [1, "${{ input.n }}"], inner: { x: 1 } }, []],
    ["of unknown types", { code: "${{ input.a }}", text: "${{ input.b }}" }, []],
    ["that is one expression", "${{ input }}", []],
    ["of a wrong type", { ...right, code: "${{ nodes.a.output.stdout }}" }, ["SCHEMA_MISMATCH /output/code"]],
    ["of text around an expression", { ...right, code: "${{ input.n }} times" }, ["SCHEMA_MISMATCH /output/code"]],
    ["without a required property", { code: right.code }, ["SCHEMA_MISMATCH /output"]],
    ["with another property", { ...right, cod: 1 }, ["SCHEMA_MISMATCH /output/cod"]],
    ["of a wrong item", { ...right, list: [1, "${{ string(input.n) }}"] }, ["SCHEMA_MISMATCH /output/list/1"]],
    ["of a wrong object inside", { ...right, inner: { y: 1 } }, ["SCHEMA_MISMATCH /output/inner"]],
    ["that is text", "code ${{ input.n }}", ["SCHEMA_MISMATCH /output"]],
    ["without expressions that matches", { code: 1, text: "x", level: "low" }, []],
    ["without expressions", { code: "1", text: "x", level: "hihg" }, ["/output/code", "/output/level"]],
  ])("%s", (_, output, expected) => {
    expect(found(base({ output })).map((problem) => problem.replace(/ \(.*\)$/, ""))).toEqual(
      expected.map((each) => (each.startsWith("/") ? `SCHEMA_MISMATCH ${each}` : each)),
    );
  });

  test("says what it should be and what it is", () => {
    const [problem] = problemsOf(base({ output: { ...right, text: "${{ nodes.a.output.exit_code }}" } }));
    expect(problem?.message).toBe("must be a string by output_schema, but is a number");
  });
});

test("an end node's output is one too", () => {
  const end = node("e", "end", { output: { code: "${{ nodes.a.output.stdout }}", text: "x" } });
  const nodes = [shell("a"), end];
  const edges = [{ source: "a", target: "e" }];
  expect(found({ nodes, edges, output_schema: SCHEMA })).toEqual(["SCHEMA_MISMATCH /nodes/1/config/output/code"]);
});

test.each<[string, JsonObject, readonly string[]]>([
  ["asks for what no node is called", { type: "object", required: ["a", "total"] }, ["FIELD_REQUIRED /output"]],
  ["is of no object", { type: "string" }, ["FIELD_REQUIRED /output"]],
  ["takes the nodes' outputs", { type: "object", required: ["a"] }, []],
  ["takes anything", {}, []],
])("without an output, a schema that %s", (_, output_schema, expected) => {
  expect(found({ ...graph([shell("a")]), output_schema })).toEqual(expected);
});
