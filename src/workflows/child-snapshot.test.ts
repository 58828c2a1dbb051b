import type { Definition, DefinitionSnapshot, ValidDefinition, WorkflowSnapshot } from "../definition/graph-types";
import { childSnapshot } from "./child-snapshot";

const calls = (ids: readonly string[], taskIds: readonly string[] = []): ValidDefinition => {
  const definition: Definition = {
    version: 1,
    nodes: [
      ...ids.map((id) => ({ id: `w${id}`, type: "workflow" as const, config: { workflow_id: id } })),
      ...taskIds.map((id) => ({ id: `t${id}`, type: "task" as const, config: { task_id: id } })),
    ],
    edges: [],
  };
  return definition as ValidDefinition;
};

const workflow = (definition: ValidDefinition): WorkflowSnapshot => ({ name: "n", version: 1, definition, hash: "h" });
const task = (title: string) => ({ taskType: "noop", title, config: {}, workspacePath: "" });

test("hands a child what it may come to, and nothing else", () => {
  const child = workflow(calls(["grandchild"], ["a"]));
  const parent: DefinitionSnapshot = {
    definition: calls(["child"], ["b"]),
    hash: "p",
    tasks: { a: task("a"), b: task("b"), c: task("c") },
    workflows: { child, grandchild: workflow(calls([], ["c"])), other: workflow(calls([])) },
  };
  const snapshot = childSnapshot(parent, child);
  expect(snapshot.definition).toBe(child.definition);
  expect(snapshot.hash).toBe("h");
  expect(Object.keys(snapshot.tasks)).toEqual(["a", "c"]);
  expect(Object.keys(snapshot.workflows ?? {})).toEqual(["grandchild"]);
});

test("ends where a snapshot calls in a circle, or names what is not there", () => {
  const child = workflow(calls(["child", "gone"], ["gone"]));
  const parent = { definition: calls(["child"]), hash: "p", tasks: {}, workflows: { child } };
  expect(Object.keys(childSnapshot(parent, child).workflows ?? {})).toEqual(["child"]);
});
