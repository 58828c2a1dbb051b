import { ALL_KINDS, drawingOf, HOSTILE, HOSTILE_DEFINITION, largeDefinition } from "../../../tests/drawings";
import { type LayOut, openLayout } from "../layout";
import { renderSvg } from "./render-svg";

let layOut: LayOut;
beforeAll(async () => {
  layOut = await openLayout();
});

/** Texts of a document, after a check that it is well-formed: tags close in order, and nothing stands unescaped. */
function textsOf(xml: string): readonly string[] {
  const open: string[] = [];
  const texts: string[] = [];
  const token = /<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>|([^<]+)/gy;
  let end = 0;
  for (let match = token.exec(xml); match !== null; match = token.exec(xml)) {
    const [, closing, name, , selfClosing, text] = match;
    end = token.lastIndex;
    if (text !== undefined) {
      expect(text).not.toMatch(/&(?!(?:amp|lt|gt|quot|#39);)|]]>/);
      texts.push(text);
    } else if (closing === "/") expect(open.pop()).toBe(name);
    else if (selfClosing === "" && name !== undefined) open.push(name);
  }
  expect({ end, open }).toEqual({ end: xml.length, open: [] });
  const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return texts.map((text) => text.replace(/&([a-z#0-9]+);/g, (_, name: string) => entities[name] ?? ""));
}

test("draws every kind of node and edge, and describes them in words", () => {
  const svg = renderSvg(drawingOf(ALL_KINDS), layOut);
  const texts = textsOf(svg);
  for (const title of ["Build it", "plan", "Go?", "wait 30s", "for each of input.items", "workflow w1", "on failure"])
    expect(texts).toContain(title);
  for (const label of ["on error", "else", "again, at most 3 times", "always"]) expect(texts).toContain(label);
  expect(svg).toMatch(
    /^<svg [^>]*role="img"[^>]*aria-labelledby="aco-title aco-desc">\n<title id="aco-title">Release</,
  );
  expect(texts.find((text) => text.includes("build: task; leads to plan."))).toContain(
    "ask: approval; leads to bad (on error), sleep (nodes.ask.output.approved), plan (again, at most 3 times).",
  );
  expect(svg).toContain("prefers-color-scheme:dark");
  // On its own: nothing is loaded, nothing runs.
  expect(svg.replace('xmlns="http://www.w3.org/2000/svg"', "")).not.toMatch(
    /href|url\(|https?:|<script|<image|@import/,
  );
});

test("says a state in words beside its colour", () => {
  const states = new Map([
    ["build", { status: "completed", attempt: 2, durationMs: 1_200 } as const],
    ["each", { status: "running", items: { total: 100, done: 97, failed: 3 } } as const],
  ]);
  const texts = textsOf(renderSvg(drawingOf(ALL_KINDS, { states, subtitle: "running for 5s" }), layOut));
  expect(texts).toEqual(
    expect.arrayContaining(["completed, attempt 2, 1.2s", "running, 97/100 done, 3 failed", "not run"]),
  );
  expect(texts).toContain("running for 5s");
});

test("keeps every node apart from the others of its graph", () => {
  const svg = renderSvg(drawingOf(ALL_KINDS), layOut);
  const [, width = "", height = ""] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg) ?? [];
  const places = [...svg.matchAll(/translate\((-?[\d.]+) (-?[\d.]+)\)/g)].map(
    ([, x, y]) => [Number(x), Number(y)] as const,
  );
  for (const [x, y] of places) {
    expect(x).toBeGreaterThanOrEqual(0);
    expect(x).toBeLessThan(Number(width));
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y).toBeLessThan(Number(height));
  }
});

test("lets no text of a user be markup", () => {
  const svg = renderSvg(drawingOf(HOSTILE_DEFINITION, { title: HOSTILE, subtitle: HOSTILE }), layOut);
  const texts = textsOf(svg);
  expect(svg).not.toContain("<script");
  expect(texts.some((text) => text.includes("</text><script>alert(1)</script>"))).toBe(true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them.
  expect(svg).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]|\p{Surrogate}/u);
});

test.each(["chain", "fan", "random"] as const)(
  "lays out 2,000 nodes (%s)",
  (shape) => {
    const svg = renderSvg(drawingOf(largeDefinition(shape)), layOut);
    expect(svg.match(/class="title"/g)).toHaveLength(2_000);
  },
  60_000,
);
