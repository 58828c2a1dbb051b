import { drawingOf } from "../../tests/drawings";
import { oneLine, wrap } from "./one-line";
import { readDrawing } from "./read-drawing";

const task = (id: string) => ({ id, type: "task", config: { task_type: "shell", config: {} } });

test("draws a definition that would be refused: a kind that is not known, a cycle", () => {
  const { main } = drawingOf({
    nodes: [task("a"), { id: "b", type: "quantum" }],
    edges: [
      { source: "a", target: "b" },
      { source: "b", target: "a" },
      { source: "a", target: "a" },
    ],
  });
  expect(main.nodes[1]).toMatchObject({ kind: "other", details: ["quantum"] });
  expect(main.edges.map(({ isBack }) => isBack)).toEqual([false, true, true]);
});

test("names all that keeps a definition from being drawn", () => {
  const definition = { nodes: [task("a"), task("a"), { type: "task" }], edges: [{ source: "a", target: "z" }, 7] };
  expect(readDrawing(definition, { title: "" })).toEqual({
    ok: false,
    error: [
      "/nodes/1/id: 'a' is there twice",
      "/nodes/2: a node needs an id",
      '/edges/0/target: there is no node "z" beside it',
      "/edges/1: an edge needs a source and a target",
    ],
  });
});

test("draws at most as many nodes as a definition may have", () => {
  const nodes = Array.from({ length: 2_001 }, (_, index) => task(`n${index}`));
  expect(readDrawing({ nodes }, { title: "" })).toMatchObject({ ok: false });
  expect(readDrawing({ nodes: nodes.slice(1) }, { title: "" })).toMatchObject({ ok: true });
});

test("finds the edges that close cycles in a chain of any length", () => {
  const nodes = Array.from({ length: 2_000 }, (_, index) => task(`n${index}`));
  const edges = nodes.map(({ id }, index) => ({ source: id, target: nodes[index + 1]?.id ?? "n0" }));
  const { main } = drawingOf({ nodes, edges });
  expect(main.edges.filter(({ isBack }) => isBack)).toEqual([
    expect.objectContaining({ source: "n1999", target: "n0" }),
  ]);
});

test("makes any text one harmless line, and breaks lines between words", () => {
  expect(oneLine(" a\n\tb\u0000\u001b\u202e\ud800c\uffff ")).toBe("a bc");
  expect(oneLine("😀 漢")).toBe("😀 漢");
  expect(wrap("", 10, 2)).toEqual([]);
  expect(wrap("one two three four five", 10, 2)).toEqual(["one two", "three fou…"]);
  expect(wrap("one two", 7, 2)).toEqual(["one two"]);
  expect(wrap("abcdefghijkl", 5, 3)).toEqual(["abcde", "fghij", "kl"]);
  expect(wrap("漢漢漢漢", 5, 2)).toEqual(["漢漢", "漢漢"]);
});
