import { ALL_KINDS, drawingOf, HOSTILE, HOSTILE_DEFINITION, largeDefinition } from "../../../tests/drawings";
import { columnsOf } from "../../core/text-columns";
import { type LayOut, openLayout } from "../layout";
import { renderText, type TextOptions } from "./render-text";

let layOut: LayOut;
beforeAll(async () => {
  layOut = await openLayout();
});

const WIDE: TextOptions = { width: 120, hasColor: false, isAscii: false };

function text(definition: Parameters<typeof drawingOf>[0], options: Partial<TextOptions> = {}, more = {}): string {
  return renderText(drawingOf(definition, more), { ...WIDE, ...options }, layOut).join("\n");
}

test("draws every kind of node and edge", () => {
  expect(text(ALL_KINDS)).toMatchSnapshot();
});

test("says less of each node where the terminal is narrower, and never goes past its side", () => {
  for (const width of [200, 120, 100, 80, 70, 60, 40, 20, 10])
    for (const line of text(ALL_KINDS, { width }).split("\n")) expect(columnsOf(line)).toBeLessThanOrEqual(width);
});

test("is an indented tree where nothing else fits", () => {
  expect(text(ALL_KINDS, { width: 30 })).toMatchSnapshot();
});

test("draws lines that part, join and cross", () => {
  const task = (id: string) => ({ id, type: "task", config: { task_type: "t", config: {} } });
  const edge = (path: string) => ({ source: path[0] ?? "", target: path[1] ?? "" });
  const definition = { nodes: [..."abcde"].map(task), edges: ["ab", "ac", "ad", "be", "ce", "de", "ae"].map(edge) };
  expect(text(definition, {}, { title: "" })).toMatchSnapshot();
});

test("uses nothing but ASCII where that is all that is shown", () => {
  const states = new Map([["build", { status: "failed", code: "TIMEOUT" } as const]]);
  const drawn = text(ALL_KINDS, { isAscii: true }, { states, title: "Größe 漢字" });
  expect(drawn).toMatch(/^[\x20-\x7e\n]*$/);
  expect(drawn).toContain("x failed TIMEOUT");
  const nodes = [{ id: "a", type: "task", name: "漢字", config: { task_type: "shell", config: {} } }];
  const widths = (isAscii: boolean) => text({ nodes }, { isAscii }).split("\n").slice(2).map(columnsOf);
  expect(widths(true)).toEqual(widths(false));
});

test("colours states only where colours are welcome", () => {
  const states = new Map([["build", { status: "completed" } as const]]);
  expect(text(ALL_KINDS, { hasColor: true }, { states })).toContain("\u001b[32m│ ✓ completed       │\u001b[0m");
  expect(text(ALL_KINDS, {}, { states })).not.toContain("\u001b");
  expect(text(ALL_KINDS, { hasColor: true, width: 34 }, { states })).toContain("\u001b[32m✓ completed\u001b[0m");
});

test("lets no text of a user move the cursor", () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
  const control = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/;
  for (const width of [120, 30]) expect(text(HOSTILE_DEFINITION, { width }, { title: HOSTILE })).not.toMatch(control);
});

test.each(["chain", "fan", "random"] as const)("draws 2,000 nodes (%s)", (shape) => {
  for (const width of [100, Number.POSITIVE_INFINITY])
    expect(text(largeDefinition(shape), { width })).toContain("n1999");
});
