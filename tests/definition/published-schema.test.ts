import fs from "node:fs";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020";
import { parse } from "yaml";
import { isJsonObject, type JsonObject } from "../../src/core/json";
import { NODE_TYPES } from "../../src/definition/nodes/registry";
import { publishedSchema } from "../../src/definition/published-schema";
import { REPOSITORY } from "../repository";
import { edge, found, graph, node, shell, VALID_DEFINITIONS } from "./definitions";

const schema = publishedSchema();
const validate = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, strictRequired: false }).compile(
  schema,
);

function errorsOf(value: unknown): readonly string[] {
  return validate(value)
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

const files = fs
  .readdirSync(path.join(REPOSITORY, "examples"), { recursive: true, encoding: "utf8" })
  .filter((name) => /\.(?:ya?ml|json)$/.test(name))
  .map((name): readonly [string, unknown] => [
    name,
    parse(fs.readFileSync(path.join(REPOSITORY, "examples", name), "utf8")),
  ])
  .filter(([, content]) => isJsonObject(content) && "nodes" in content);

const page = fs.readFileSync(path.join(REPOSITORY, "docs/definition.md"), "utf8");
const taught = [...page.matchAll(/^```(?:yaml|json) definition\n(.*?)^```$/gms)].map(
  ([, text], index) => [`example ${index + 1} of docs/definition.md`, parse(text ?? "")] as const,
);

test("names its dialect and itself, and has a definition for every kind of node and for graphs", () => {
  expect(schema).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: "urn:aco:workflow-definition:1",
    required: ["nodes"],
    properties: { finally: { $ref: "#/$defs/graph" } },
  });
  const defs = schema["$defs"] as JsonObject;
  for (const type of NODE_TYPES) expect(defs[`${type}_node`]).toMatchObject({ description: expect.any(String) });
  expect(defs).toMatchObject({ graph: {}, node: {}, edge: {}, shell_config: {}, http_config: {} });
});

test("says of every field what it is for, but of config, which the node is for", () => {
  const silent: string[] = [];
  const visit = (value: unknown, at: string): void => {
    if (!isJsonObject(value)) return;
    for (const [name, field] of Object.entries(value)) {
      if (name === "properties" && isJsonObject(field)) {
        for (const { 0: key, 1: property } of Object.entries(field).filter(([key]) => key !== "config"))
          if (isJsonObject(property) && !("description" in property) && !("$ref" in property) && !("const" in property))
            silent.push(`${at}/${key}`);
      }
      visit(field, `${at}/${name}`);
    }
  };
  for (const name of ["graph", "edge", ...NODE_TYPES.map((type) => `${type}_node`)])
    visit((schema["$defs"] as JsonObject)[name], name);
  expect(silent).toEqual([]);
});

test.each([...Object.entries(VALID_DEFINITIONS), ...files, ...taught])("accepts %s", (_, definition) => {
  expect(errorsOf(definition)).toEqual([]);
});

const one = (value: JsonObject) => graph([value]);
const loop = { until: "true", max_iterations: 1, body: graph([shell("b")]) };
const inline = (config: JsonObject) => one({ id: "a", type: "task", config: { task_type: "shell", config } });

test.each<[string, unknown]>([
  ["a list", []],
  ["no nodes", {}],
  ["an empty list of nodes", graph([])],
  ["another version", { ...one(shell("a")), version: 2 }],
  ["an unknown field", { ...one(shell("a")), nods: [] }],
  ["a node that is no object", { nodes: ["a"] }],
  ["a node without a type", { nodes: [{ id: "a" }] }],
  ["a node without an id", { nodes: [{ type: "end", config: {} }] }],
  ["a node of an unknown type", one(node("a", "tusk"))],
  ["an id with a space", one(shell("a b"))],
  ["an unknown field of a node", one(shell("a", "true", { retries: 3 }))],
  ["a join of 0", one(shell("a", "true", { join: 0 }))],
  ["a lane that is none", one(shell("a", "true", { lane: "quick" }))],
  ["a priority of 6", one(shell("a", "true", { priority: 6 }))],
  ["a duration that is none", one(shell("a", "true", { timeout: "soon" }))],
  ["a cache without a ttl", one(shell("a", "true", { cache: { key: "x" } }))],
  ["a catch of a bare value", one(shell("a", "true", { catch: true }))],
  ["a task without a config", { nodes: [{ id: "a", type: "task" }] }],
  ["a task that is neither stored nor inline", one(node("a", "task", { command: "x" }))],
  ["a compensation that is neither", one(shell("a", "true", { compensate: { command: "x" } }))],
  ["a shell task with a misspelt field", inline({ comand: "x" })],
  ["a shell task with a wrong value", inline({ command: "x", success_exit_codes: ["a"] })],
  ["a transform without an output", one(node("a", "transform"))],
  ["a switch without cases", one(node("a", "switch", { cases: [] }))],
  ["a case without a name", one(node("a", "switch", { cases: [{ when: "true" }] }))],
  ["a map without items", one(node("a", "map", { body: graph([shell("b")]) }))],
  ["a map with neither a body nor a task", one(node("a", "map", { items: "[]" }))],
  ["a map with both", one(node("a", "map", { items: "[]", body: graph([shell("b")]), task: { task_id: "x" } }))],
  ["a map of 1,001 at a time", one(node("a", "map", { items: "[]", task: { task_id: "x" }, concurrency: 1_001 }))],
  ["a share that is none", one(node("a", "map", { items: "[]", task: { task_id: "x" }, max_failures: "101%" }))],
  ["a loop without a limit", one(node("a", "loop", { until: "true", body: loop.body }))],
  ["a loop without a condition", one(node("a", "loop", { max_iterations: 1, body: loop.body }))],
  ["a loop over an empty body", one(node("a", "loop", { ...loop, body: graph([]) }))],
  ["an unknown field in a body", one(node("a", "loop", { ...loop, body: { ...loop.body, output_schema: {} } }))],
  [
    "a body of a body with a wrong edge",
    one(node("a", "loop", { ...loop, body: one(node("c", "loop", { ...loop, body: { ...loop.body, edges: [{}] } })) })),
  ],
  ["an attempt of a loop", one(node("a", "loop", loop, { timeout: { attempt: "1s" } }))],
  ["a workflow without an id", one(node("a", "workflow"))],
  ["a wait for nothing", one(node("a", "wait"))],
  ["a wait for two things", one(node("a", "wait", { duration: "1s", until: "2030-01-01T00:00:00Z" }))],
  ["a signal without a name", one(node("a", "signal"))],
  ["an approval without a message", one(node("a", "approval"))],
  ["an approval by nobody", one(node("a", "approval", { message: "x", approvers: [] }))],
  ["a failure without a message", one(node("a", "fail", { code: "X" }))],
  ["a failure with a rendered code", one(node("a", "fail", { code: "${{ input.code }}", message: "x" }))],
  ["an end with something else", one(node("a", "end", { outputs: 1 }))],
  ["an edge without a target", graph([shell("a")], [{ source: "a" }])],
  ["an edge on nothing", graph([shell("a"), shell("b")], [edge("a -> b", { on: "failure" })])],
  ["an edge with else: false", graph([shell("a"), shell("b")], [edge("a -> b", { else: false })])],
  ["a back edge for ever", graph([shell("a")], [edge("a -> a", { loop: true, max: 10_001 })])],
  [
    "33 labels",
    { ...one(shell("a")), labels: Object.fromEntries(Array.from({ length: 33 }, (_, n) => [`l${n}`, ""])) },
  ],
  ["a label that is a number", { ...one(shell("a")), labels: { a: 1 } }],
  ["a key that is empty", { ...one(shell("a")), concurrency: { key: "" } }],
  ["a finally without nodes", { ...one(shell("a")), finally: {} }],
  ["a timeout of a run without a unit", { ...one(shell("a")), timeout: "10" }],
])("refuses, as the parser does, %s", (_, definition) => {
  expect(found(definition)).not.toEqual([]);
  expect(errorsOf(definition)).not.toEqual([]);
});
