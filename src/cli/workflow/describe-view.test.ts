import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { describeView } from "./describe-view";
import { schemaLines } from "./schema-lines";
import { readWorkflowSource, type WorkflowSource } from "./workflow-source";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "aco-describe-"));
afterAll(() => fs.rmSync(folder, { recursive: true }));

function source(definition: object): Promise<WorkflowSource> {
  const file = path.join(folder, "build.json");
  fs.writeFileSync(file, JSON.stringify(definition));
  return readWorkflowSource(file, {});
}

const task = (id: string) => ({ id, type: "task", config: { task_type: "noop", config: {} } });

test("says what a definition takes, is made of and costs, without a server", async () => {
  const described = describeView(
    await source({
      name: "Build",
      nodes: [task("a"), task("b")],
      edges: [{ source: "a", target: "b" }],
      input_schema: { type: "object", required: ["branch"], properties: { branch: { type: "string" } } },
    }),
  );
  const table = described.table(200);
  expect(table).toContain("name     Build");
  expect(table).toContain("nodes    2: 2 task");
  expect(table).toContain("input    branch: string, required");
  expect(table).toContainEqual(expect.stringMatching(/^one run +23 /));
  expect(table).toContainEqual(expect.stringMatching(/^history events +23 events +51,200 events +fits$/));
  expect(described.plain()).toContain("limit: history events\t23 events\t51,200 events\tfits");
  expect(described.json()).toMatchObject({
    name: "Build",
    definition_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    node_kinds: { task: 2 },
    worst_case: { total: { events: 23, activities: 2 }, at_once: { activities: 1 } },
    limits: expect.arrayContaining([{ what: "history_events", worst: 23, limit: 51_200, verdict: "fits" }]),
  });
});

test("has a column of numbers for nobody whose terminal is narrow", async () => {
  const lines = describeView(await source({ nodes: [task("a")] })).table(80);
  for (const line of lines.filter((each) => !each.startsWith("hash"))) expect(line.length).toBeLessThanOrEqual(80);
});

test("names every problem of a definition that is none, and says that a task has no graph", async () => {
  await expect(source({ nodes: [{ id: "1", type: "tusk" }] })).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/NODE_TYPE_UNKNOWN \/nodes\/0\/type: [\s\S]*did you mean 'task'/),
  });
  await expect(source({ task_type: "noop", config: {} })).rejects.toMatchObject({ exitCode: 2 });
});

test("puts a JSON Schema into few words", () => {
  expect(schemaLines(undefined)).toEqual(["anything"]);
  expect(schemaLines({ type: "array", items: { type: "string" } })).toEqual(["list of string"]);
  const properties = { size: { enum: ["s", "m"], default: "m", description: "how large" }, any: {} };
  expect(schemaLines({ properties, additionalProperties: false })).toEqual([
    'size: "s" | "m", "m" where absent - how large',
    "any: anything",
    "nothing else",
  ]);
});
