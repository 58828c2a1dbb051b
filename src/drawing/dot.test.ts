import { instance } from "@viz-js/viz";
import { ALL_KINDS, drawingOf, HOSTILE, HOSTILE_DEFINITION } from "../../tests/drawings";
import { renderDot } from "./dot";

interface Parsed {
  readonly objects: readonly { readonly name: string; readonly label?: string; readonly nodes?: readonly number[] }[];
  readonly edges: readonly { readonly label?: string }[];
}

/** By Graphviz's own parser, which also says what it thinks of attributes. */
async function parse(source: string): Promise<Parsed> {
  const graphviz = await instance();
  const { output, errors } = graphviz.render(source, { engine: "dot", format: "dot_json" });
  // It knows the width of no sign that is not ASCII; the program `dot` asks the font.
  expect(errors.filter(({ message }) => !message.includes("no value for width of non-ASCII"))).toEqual([]);
  return JSON.parse(output ?? "") as Parsed;
}

test("draws every kind of node and edge", async () => {
  const source = renderDot(drawingOf(ALL_KINDS));
  const { objects, edges } = await parse(source);
  expect(
    objects
      .map(({ name }) => name)
      .filter((name) => !name.startsWith("cluster_"))
      .sort(),
  ).toEqual(
    ["ask", "bad", "build", "child", "done", "hear", "inner", "page", "plan", "probe", "route", "sleep", "tidy"].sort(),
  );
  expect(objects.map(({ name }) => name).filter((name) => name.startsWith("cluster_"))).toEqual([
    "cluster_each",
    "cluster_poll",
    "cluster_on_failure",
    "cluster_finally",
  ]);
  expect(edges).toHaveLength(12);
  expect(source).toMatchSnapshot();
});

test("lets no text of a user out of its quotes", async () => {
  const source = renderDot(drawingOf(HOSTILE_DEFINITION, { title: HOSTILE }));
  const { objects, edges } = await parse(source);
  expect(objects).toHaveLength(4);
  expect(edges).toHaveLength(2);
  const graphviz = await instance();
  const svg = graphviz.renderString(source, { format: "svg" });
  expect(svg).not.toContain("<script");
  expect(svg).toContain("&lt;script&gt;");
  expect(svg).toContain("evil");
  // `\N` would be the node's name.
  expect(svg).toContain("\\N");
});

test("shows states in words and colours", async () => {
  const states = new Map([["build", { status: "failed", code: "TIMEOUT" } as const]]);
  const { objects } = await parse(renderDot(drawingOf(ALL_KINDS, { states })));
  expect(objects.find(({ name }) => name === "build")).toMatchObject({
    label: "Build it (build)\\nshell\\nup to 3 attempts\\n✗ failed TIMEOUT",
    fillcolor: "#ffebe9",
  });
});
