import { detailsTable, MAX_DETAIL_ROWS, type NodeStateView, withProgress } from "./state-view";

const node = (id: string, more: Partial<NodeStateView> = {}): NodeStateView => ({
  id,
  type: "task",
  name: id,
  status: "pending",
  ...more,
});

test("shows each node with its status, attempt and what its runner told", () => {
  const nodes = withProgress(
    [node("a", { status: "running" }), node("b")],
    new Map([["a", { attempt: 2, percent: 40, message: "halfway" }]]),
  );
  expect(detailsTable(nodes).split("\n").slice(2)).toEqual([
    "| a | running | 2 | 40 % halfway |",
    "| b | pending |  |  |",
  ]);
});

test("keeps the table whole whatever a name or an error holds", () => {
  const failure = { code: "X", message: "line 1\nline | 2" };
  expect(detailsTable([node("a", { name: "x|y", status: "failed", failure })]).split("\n")[2]).toBe(
    "| x\\|y | failed |  | line 1 line \\| 2 |",
  );
});

test("shows the nodes that tell most when there are too many, and says how many it leaves out", () => {
  const nodes = Array.from({ length: MAX_DETAIL_ROWS + 5 }, (_, at) => node(`n${at}`));
  nodes.push(node("late", { status: "running" }));
  const lines = detailsTable(nodes).split("\n");
  expect(lines[2]).toBe("| late | running |  |  |");
  expect(lines.filter((line) => line.startsWith("| n"))).toHaveLength(MAX_DETAIL_ROWS);
  expect(lines.at(-1)).toBe("and 6 more");
});

test("shows every node at the limit", () => {
  const nodes = Array.from({ length: MAX_DETAIL_ROWS }, (_, at) => node(`n${at}`));
  expect(detailsTable(nodes)).not.toContain("more");
});
