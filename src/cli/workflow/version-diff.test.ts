import type { WorkflowVersion } from "../../gen/proto/executions";
import { diffLines, diffView } from "./version-diff";

function version(number: number, definition: object): WorkflowVersion {
  const text = JSON.stringify(definition);
  return {
    workflowId: "w",
    version: number,
    definitionHash: Buffer.from(text).toString("hex").padEnd(64, "0"),
    createdAt: "2026-01-02T03:04:05.678Z",
    definition: text,
  };
}

const node = (id: string, command: string) => ({
  id,
  type: "task",
  config: { task_type: "shell", config: { command } },
});
const first = version(1, { nodes: [node("a", "echo a"), node("b", "echo b")], edges: [{ source: "a", target: "b" }] });
const second = version(2, { nodes: [node("a", "echo A"), node("b", "echo b")], edges: [{ source: "a", target: "b" }] });

test("shows what changed in YAML, with three lines around it", () => {
  const lines = diffLines(first, second);
  expect(lines.slice(0, 2)).toEqual([
    expect.stringMatching(/^--- version 1 \([0-9a-f]{12}\)\t2026-01-02T03:04:05\.678Z$/),
    expect.stringMatching(/^\+\+\+ version 2 \(/),
  ]);
  expect(lines).toContain("-        command: echo a");
  expect(lines).toContain("+        command: echo A");
  expect(lines).toContain("       task_type: shell");
  expect(lines).not.toContain("   - source: a");
});

test("keeps a long text on one line, so that only what differs is shown", () => {
  const long = "word ".repeat(60).trim();
  const lines = diffLines(version(1, { output: `${long} one` }), version(2, { output: `${long} two` }));
  expect(lines.filter((line) => /^[-+] ?output/.test(line))).toHaveLength(2);
});

test("has no lines where a version goes back to an earlier definition, and says so to a person", () => {
  const third = { ...first, version: 3 };
  expect(diffLines(first, third)).toEqual([]);
  expect(diffView(first, third, false).table(80)).toEqual(["versions 1 and 3 are the same"]);
  expect(diffView(first, third, false).plain()).toEqual([]);
});

test("colours lines by what they are, where colours are welcome", () => {
  const lines = diffView(first, second, true).table(80);
  expect(lines[0]).toContain("\u001b[1m--- version 1 (");
  expect(lines).toContain("\u001b[31m-        command: echo a\u001b[0m");
  expect(lines).toContain("\u001b[32m+        command: echo A\u001b[0m");
  expect(diffView(first, second, true).plain().join("")).not.toContain("\u001b");
});

test("lets nothing through that a terminal would obey", () => {
  const lines = diffLines(version(1, { output: "x" }), version(2, { output: "a\u001b[2Jb\u009b31mc\u202e" }));
  for (const character of ["\u001b", "\u009b", "\u202e"]) expect(lines.join("\n")).not.toContain(character);
});
