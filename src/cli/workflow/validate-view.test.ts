import { parseDefinition } from "../../definition/parse-definition";
import { parseDocument } from "../options/values";
import { worstCaseTables } from "./describe-worst-case";
import { positionsIn } from "./document-positions";
import { problemsView, validView } from "./validate-view";

const YAML = `# A comment.
nodes:
  - id: build
    type: task
    config: { task_type: shell, config: { comand: make } }
  - id: test
    type: tusk
edges:
  - source: build
    target: tets
"time out": 1h
`;

async function viewOf(text: string, name: string) {
  const parsed = parseDefinition(await parseDocument(text, name));
  if (parsed.ok) throw new Error("nothing is wrong");
  return problemsView(name, parsed.error, await positionsIn(text));
}

test("says where in a YAML file each problem is, from the top to the end", async () => {
  const lines = (await viewOf(YAML, "build.yaml")).plain();
  expect(lines.map((line) => line.split(": ")[0])).toEqual([
    "build.yaml:5:33",
    "build.yaml:5:43",
    "build.yaml:7:5",
    "build.yaml:10:5",
    "build.yaml:11:1",
  ]);
  expect(lines[1]).toBe(
    "build.yaml:5:43: FIELD_UNKNOWN /nodes/0/config/config/comand: unknown field 'comand'; did you mean 'command'?",
  );
});

test("says the same of a JSON file", async () => {
  const view = await viewOf('{\n  "nodes": [\n    { "id": "a", "type": "tusk" }\n  ]\n}\n', "build.json");
  expect(view.table(80)).toEqual([
    expect.stringMatching(/^build\.json:3:18: NODE_TYPE_UNKNOWN \/nodes\/0\/type: .*did you mean 'task'\?$/),
    "",
    "build.json has 1 problem",
  ]);
  expect(view.json()).toEqual({
    valid: false,
    problems: [
      {
        code: "NODE_TYPE_UNKNOWN",
        pointer: "/nodes/0/type",
        message: expect.any(String),
        suggestion: "task",
        line: 3,
        column: 18,
      },
    ],
  });
});

test("points at the nearest place around what is not there", async () => {
  const positions = await positionsIn("nodes:\n  - id: a\n    config:\n      x~y: 1\n");
  expect(positions("")).toEqual({ line: 1, column: 1 });
  expect(positions("/edges/0")).toEqual({ line: 1, column: 1 });
  expect(positions("/nodes/0/type")).toEqual({ line: 2, column: 5 });
  expect(positions("/nodes/7/type")).toEqual({ line: 1, column: 1 });
  expect(positions("/nodes/0/config/x~0y/deeper")).toEqual({ line: 4, column: 7 });
  expect((await positionsIn("a: [1"))("/a")).toBeUndefined();
  expect((await positionsIn(""))("/a")).toBeUndefined();
});

test("says what a run of a valid definition costs", () => {
  const parsed = parseDefinition({ nodes: [{ id: "a", type: "wait", config: { duration: "1h" } }] });
  if (!parsed.ok) throw new Error("something is wrong");
  const view = validView("a.yaml", worstCaseTables({ definition: parsed.value, tasks: {} }));
  expect(view.table(80)[0]).toBe("a.yaml is valid");
  expect(view.plain()).toEqual(
    expect.arrayContaining(["valid: a.yaml", expect.stringMatching(/^limit: history events\t/)]),
  );
  expect(view.json()).toMatchObject({ valid: true, problems: [], longest_ms: 3_600_000 });
});
