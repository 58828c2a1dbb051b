import { ALL_KINDS, drawingOf, HOSTILE, HOSTILE_DEFINITION, largeDefinition } from "../../tests/drawings";
import { renderMermaid } from "./mermaid";

/** The part of Mermaid's flowchart grammar that we write; quoted text holds nothing that Mermaid gives a meaning. */
const TEXT = /"(?:[\p{L}\p{N}\p{M} .,!?'()/=+\-_…✓✗●○»⊘]|#\d+;|<br\/>)*"/u.source;
const LINES = [
  /flowchart TB/,
  /subgraph (?:n\d+|on_failure|finally)\[TEXT\]/,
  /direction TB/,
  /end/,
  /n\d+(?:\[TEXT\]|\[\/TEXT\/\]|\{\{TEXT\}\}|\[\[TEXT\]\]|\(\[TEXT\]\)|\(\(\(TEXT\)\)\))(?::::[a-z]+)?/,
  /n\d+ -\.?->(?:\|TEXT\|)? n\d+/,
  /style n\d+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}/,
  /classDef [a-z]+ fill:#[0-9a-f]{6},stroke:#[0-9a-f]{6},color:#[0-9a-f]{6}/,
  /linkStyle \d+ stroke:#[0-9a-f]{6}/,
  /style (?:on_failure|finally) stroke-dasharray:5 5/,
].map((line) => new RegExp(`^ *${line.source.replaceAll("TEXT", TEXT)}$`, "u"));

/** Lines that are none of the grammar; and the depth of subgraphs, which must end at 0. */
function check(source: string): { readonly wrong: readonly string[]; readonly depth: number } {
  const [, frontMatter = "", body = ""] = /^(?:---\ntitle: (".*")\n---\n)?(flowchart[\s\S]*)\n$/.exec(source) ?? [];
  if (frontMatter !== "") expect(typeof JSON.parse(frontMatter)).toBe("string");
  const lines = body.split("\n");
  const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length;
  return {
    wrong: lines.filter((line) => !LINES.some((form) => form.test(line))),
    depth: count(/^ *subgraph /) - count(/^ *end$/),
  };
}

test("draws every kind of node and edge", () => {
  const source = renderMermaid(drawingOf(ALL_KINDS));
  expect(check(source)).toEqual({ wrong: [], depth: 0 });
  expect(source).toMatchSnapshot();
});

test("colours nodes by their state and says it in words", () => {
  const states = new Map([
    ["build", { status: "completed", attempt: 2, durationMs: 1_200 } as const],
    ["each", { status: "running", items: { total: 100, done: 97, failed: 3 } } as const],
  ]);
  const source = renderMermaid(drawingOf(ALL_KINDS, { states, subtitle: "running" }));
  expect(check(source)).toEqual({ wrong: [], depth: 0 });
  expect(source).toContain('title: "Release: running"');
  expect(source).toContain('✓ completed, attempt 2, 1.2s"]:::completed');
  expect(source).toContain("● running, 97/100 done, 3 failed");
  expect(source).toContain("  style n6 fill:#ddf4ff,stroke:#0969da");
  expect(source).toContain("○ not run");
});

test("lets no text of a user out of its quotes", () => {
  const source = renderMermaid(drawingOf(HOSTILE_DEFINITION, { title: HOSTILE }));
  expect(check(source)).toEqual({ wrong: [], depth: 0 });
  expect(source).not.toMatch(/%%|<(?!br\/>)|`|\\"/);
});

test("does not let a title be taken for a list, which Mermaid refuses", () => {
  const nodes = [{ id: "a", type: "task", name: "1. build", config: { task_type: "shell" } }];
  expect(renderMermaid(drawingOf({ nodes }))).toContain('n0["1.#160;build (a)<br/>shell"]');
});

test("draws 2,000 nodes in a moment", () => {
  expect(check(renderMermaid(drawingOf(largeDefinition("random"))))).toEqual({ wrong: [], depth: 0 });
});
