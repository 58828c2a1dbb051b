import { parseDefinition, taskIdsOf, workflowIdsOf } from "../../src/definition/parse-definition";
import { graph, node, problemsOf, shell, TASK_ID, VALID_DEFINITIONS } from "./definitions";

test.each(Object.entries(VALID_DEFINITIONS))("takes %s", (_, definition) => {
  expect(problemsOf(definition)).toEqual([]);
});

test("adds edges to graphs inside too, and nothing else", () => {
  const body = { nodes: [shell("b")] };
  const loop = (inner: object) => ({
    id: "l",
    type: "loop",
    config: { until: "true", max_iterations: 1, body: inner },
  });
  const definition = { nodes: [loop(body)], finally: { nodes: [shell("f")], edges: [] } };
  expect(parseDefinition(definition)).toEqual({
    ok: true,
    value: {
      version: 1,
      nodes: [loop({ ...body, edges: [] })],
      edges: [],
      finally: { nodes: [shell("f")], edges: [] },
    },
  });
});

test("knows every stored task and workflow that a definition names, wherever it does", () => {
  const call = (id: string) => ({ task_id: id });
  const parsed = parseDefinition({
    ...graph([
      { id: "a", type: "task", config: call("first"), compensate: call("undo") },
      node("m", "map", { items: "[1]", task: call("each") }),
      node("n", "map", {
        items: "[1]",
        body: graph([
          { id: "b", type: "task", config: call("inner") },
          node("w", "workflow", { workflow_id: TASK_ID }),
        ]),
      }),
    ]),
    on_failure: graph([{ id: "c", type: "task", config: call("first") }]),
    finally: graph([{ id: "d", type: "task", config: call("last") }, node("x", "workflow", { workflow_id: "other" })]),
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  expect([...taskIdsOf(parsed.value)].sort()).toEqual(["each", "first", "inner", "last", "undo"]);
  expect(workflowIdsOf(parsed.value)).toEqual([TASK_ID, "other"]);
});
