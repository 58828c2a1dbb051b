/** `aco workflow validate` and `aco workflow schema`, without a server. */
import { aco } from "./aco-command";

test("takes a definition from a file or a pipe, and says what a run of it costs", async () => {
  const { code, stdout, stderr } = await aco(["workflow", "validate", "examples/build-and-test.yaml"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^valid: examples\/build-and-test\.yaml\n/);
  expect(stdout).toMatch(/^limit: history events\t/m);
  const stdin = '{"nodes": [{"id": "a", "type": "wait", "config": {"duration": "1h"}}]}';
  const piped = await aco(["workflow", "validate", "-", "--format", "json"], { stdin });
  expect(piped.code).toBe(0);
  expect(JSON.parse(piped.stdout)).toMatchObject({ valid: true, problems: [] });
});

test("prints every problem and exits 2", async () => {
  const stdin = "nodes:\n  - id: a\n    type: wiat\n    config: {}\nedgs: []\n";
  const plain = await aco(["workflow", "validate", "-"], { stdin });
  expect({ code: plain.code, stderr: plain.stderr }).toEqual({ code: 2, stderr: "" });
  expect(plain.stdout.trim().split("\n")).toEqual([
    expect.stringMatching(/^standard input:3:5: NODE_TYPE_UNKNOWN \/nodes\/0\/type: .*did you mean 'wait'\?$/),
    "standard input:5:1: FIELD_UNKNOWN /edgs: unknown field 'edgs'; did you mean 'edges'?",
  ]);
  const json = await aco(["workflow", "validate", "-", "--format", "json"], { stdin: '{"nods": []}' });
  expect(json.code).toBe(2);
  expect(JSON.parse(json.stdout)).toMatchObject({
    valid: false,
    problems: [{ code: "FIELD_REQUIRED" }, { code: "FIELD_UNKNOWN", suggestion: "nodes", line: 1, column: 2 }],
  });
});

test.each([
  [["/no/such.yaml"], "", /cannot read \/no\/such\.yaml: there is no such file/],
  [["examples/disk-report.json"], "", /holds a task/],
  [["-"], "nodes: [\n", /standard input is not valid YAML/],
  [["-"], "[]", /standard input must hold an object/],
])("refuses what holds no definition: %j", async (args, stdin, message) => {
  const { code, stdout, stderr } = await aco(["workflow", "validate", ...args], { stdin });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});

test("prints the JSON Schema of definitions", async () => {
  const { code, stdout } = await aco(["workflow", "schema"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $defs: { task_node: {}, graph: {} },
  });
});
