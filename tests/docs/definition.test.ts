import fs from "node:fs";
import path from "node:path";
import { MAX_EXPRESSION_LENGTH } from "../../src/definition/expressions/expression";
import { MAX_EDGES, MAX_NESTING, MAX_NODES } from "../../src/definition/limits";
import { parseDefinition } from "../../src/definition/parse-definition";
import { REPOSITORY } from "../repository";

const page = fs.readFileSync(path.join(REPOSITORY, "docs/definition.md"), "utf8");
const examples = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map(([, text]) => text ?? "");

describe("docs/definition.md", () => {
  test.each(examples.map((text, index) => [index + 1, text] as const))("has a valid example %i", (_, text) => {
    expect(parseDefinition(JSON.parse(text))).toMatchObject({ ok: true });
  });

  test("has examples, and names every code of a problem and every limit that there is", () => {
    expect(examples.length).toBeGreaterThanOrEqual(5);
    const folder = path.join(REPOSITORY, "src/definition");
    const files = fs
      .readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /(?<!\.test)\.ts$/.test(name));
    const source = files.map((name) => fs.readFileSync(path.join(folder, name), "utf8")).join("\n");
    const codes = new Set([...source.matchAll(/code: "([A-Z_]+)"/g)].map(([, code]) => code ?? ""));
    // Of values, not of definitions.
    codes.delete("SCHEMA_MISMATCH");
    for (const code of codes) expect(page).toContain(`\`${code}\``);
    for (const limit of [MAX_NODES, MAX_EDGES, MAX_NESTING, MAX_EXPRESSION_LENGTH])
      expect(page).toContain(limit.toLocaleString("en-US"));
  });
});
