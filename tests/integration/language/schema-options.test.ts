import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/core/json";
import { NODE_TYPES } from "../../../src/definition/nodes/registry";
import { publishedSchema } from "../../../src/definition/published-schema";
import { languageOptions, usedOptions } from "./schema-options";

/** As the published one is built, with one of everything. */
const SMALL: JsonObject = {
  type: "object",
  properties: {
    nodes: { type: "array", items: { $ref: "#/$defs/node" } },
    edges: { type: "array", items: { $ref: "#/$defs/edge" } },
    strict: { type: "boolean" },
  },
  $defs: {
    graph: { type: "object", properties: { nodes: { type: "array", items: { $ref: "#/$defs/node" } } } },
    node: { type: "object" },
    edge: { type: "object", properties: { loop: { type: "boolean", const: true }, on: { enum: ["a", "b"] } } },
    pick_node: {
      type: "object",
      properties: {
        cases: { type: "array", items: { type: "object", properties: { when: { type: ["string", "null"] } } } },
        body: { $ref: "#/$defs/graph" },
        task: { $ref: "#/$defs/task_call" },
      },
      anyOf: [{ required: ["body"] }, { required: ["task"] }],
    },
    task_call: {
      anyOf: [
        { type: "object", properties: { task_id: { type: "string" } }, required: ["task_id"] },
        {
          type: "object",
          properties: { task_type: { type: "string" }, config: { type: "object" } },
          required: ["task_type", "config"],
        },
      ],
    },
    template: { type: "string" },
    run_config: {
      type: "object",
      properties: {
        codes: { anyOf: [{ anyOf: [{ type: "integer" }, { type: "array" }] }, { $ref: "#/$defs/template" }] },
        value: { $ref: "#/$defs/value" },
      },
    },
    value: { anyOf: [{ type: "null" }, { type: "array", items: { $ref: "#/$defs/value" } }] },
  },
};

const OPTIONS = [
  "definition.edges",
  "definition.nodes",
  "definition.strict",
  "definition.strict=false",
  "definition.strict=true",
  "edge.loop",
  "edge.on",
  "edge.on=a",
  "edge.on=b",
  "pick.body",
  "pick.body.nodes",
  "pick.cases",
  "pick.cases[].when",
  "pick.cases[].when: null",
  "pick.cases[].when: string",
  "pick.task",
  "pick.task.config",
  "pick.task.task_id",
  "pick.task.task_type",
  "run.codes",
  "run.codes: array",
  "run.codes: integer",
  "run.value",
  "run.value: array",
  "run.value: null",
];

test("lists every field, value and kind of value that a schema admits", () => {
  expect([...languageOptions(SMALL)].toSorted()).toEqual(OPTIONS);
});

test("lists what a definition uses of them, and nothing else", () => {
  const inner = { type: "pick", cases: [{ when: null }], task: { task_id: "x" } };
  const outer = { type: "pick", body: { nodes: [inner] } };
  const used = (definition: JsonValue) => [...usedOptions(SMALL, definition)].toSorted();
  expect(used({})).toEqual([]);
  expect(used({ nodes: [outer], edges: [{ on: "b" }] })).toEqual([
    "definition.edges",
    "definition.nodes",
    "edge.on",
    "edge.on=b",
    "pick.body",
    "pick.body.nodes",
    "pick.cases",
    "pick.cases[].when",
    "pick.cases[].when: null",
    "pick.task",
    "pick.task.task_id",
  ]);
  const run = { task_type: "run", config: { codes: 3, value: [] } };
  expect(used({ nodes: [{ type: "pick", task: run }], strict: false })).toEqual([
    "definition.nodes",
    "definition.strict",
    "definition.strict=false",
    "pick.task",
    "pick.task.config",
    "pick.task.task_type",
    "run.codes",
    "run.codes: integer",
    "run.value",
    "run.value: array",
  ]);
  expect(used({ nodes: [{ type: "pick", task: { ...run, config: { codes: "${{ input.n }}" } } }] })).toContain(
    "run.codes",
  );
});

test("finds every property of the published schema, and something of every kind of node", () => {
  const schema = publishedSchema();
  const options = [...languageOptions(schema)];
  const names = new Set(options.map((option) => /\.([^.=:]+?)(?:=.*|: .*)?$/.exec(option)?.[1]));
  expect([...propertiesIn(schema)].filter((name) => !names.has(name))).toEqual([]);
  for (const type of NODE_TYPES) expect(options).toContain(`${type}.config`);
  expect(options).toEqual(
    expect.arrayContaining([
      "definition.concurrency.on_conflict=replace",
      "map.config.body.output",
      "map.config.max_failures: string",
      "edge.error",
      "task.compensate.override",
      "wait.catch.codes",
      "http.method=PATCH",
    ]),
  );
});

/** Names of the fields in all objects of a schema, found without regard to where they stand. */
function propertiesIn(schema: JsonValue, found = new Set<string>()): ReadonlySet<string> {
  if (Array.isArray(schema)) for (const one of schema) propertiesIn(one, found);
  if (!isJsonObject(schema)) return found;
  const { properties } = schema;
  if (isJsonObject(properties)) for (const name of Object.keys(properties)) found.add(name);
  for (const value of Object.values(schema)) propertiesIn(value, found);
  return found;
}
