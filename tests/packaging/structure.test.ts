import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { REPOSITORY } from "../repository";

/** style.md, names and size: at most this many lines a file, without exception. The lint says the same of TypeScript. */
const MAX_LINES = 400;

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: REPOSITORY,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && fs.existsSync(path.join(REPOSITORY, file)));

const read = (file: string): string => fs.readFileSync(path.join(REPOSITORY, file), "utf8");
const code = files.filter((file) => /\.(tsx?|mjs|cjs|js|sh|css)$/.test(file));
const sources = files.filter((file) => file.startsWith("src/") && file.endsWith(".ts"));
const tests = files.filter((file) => file.endsWith(".test.ts"));
const production = sources.filter((file) => !file.endsWith(".test.ts"));

/** `FILE:LINE: TEXT` of every line that matches. Written so that this file does not match itself. */
function linesWith(pattern: RegExp, among: readonly string[]): string[] {
  return among.flatMap((file) =>
    read(file)
      .split("\n")
      .flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

test("no file of code is longer than the limit", () => {
  const long = code
    .map((file) => [file, read(file).split("\n").length] as const)
    .filter(([, lines]) => lines > MAX_LINES);
  expect(long).toEqual([]);
});

test("no file or folder is a drawer", () => {
  const drawers = /(^|[/-])(utils?|helpers?)[/.]|(^|\/)(common|misc|shared|lib)[/.]/;
  expect(code.filter((file) => drawers.test(file))).toEqual([]);
});

test("nothing is left to be done later, and no test is switched off", () => {
  const marks = new RegExp(["TO", "DO|FIX", "ME|X", "XX|not impl", "emented"].join(""));
  expect(linesWith(marks, code)).toEqual([]);
  const off = /\b(it|test|describe)\.(only|skip|todo)\b|\b(x|f)(test|describe)\(|\bxit\(/;
  expect(linesWith(off, tests)).toEqual([]);
});

test("only src/config.ts reads the environment, in whatever way it is written", () => {
  const others = production.filter((file) => file !== "src/config.ts");
  expect(
    linesWith(/process\s*(\?\.|\.)\s*env\b|process\[["'`]env|\{[^}]*\benv\b[^}]*\}\s*=\s*process\b/, others),
  ).toEqual([]);
});

test("the lint and the compiler are not silenced in the program", () => {
  expect(linesWith(/@ts-(ignore|nocheck|expect-error)/, production)).toEqual([]);
  expect(
    linesWith(
      /biome-ignore(-all|-start)? lint\/(style\/noRestrictedImports|suspicious\/noExplicitAny|style\/noExcessive)/,
      production,
    ),
  ).toEqual([]);
});

test("tests are named in sentences", () => {
  const terse = /\b(?:it|test)\(\s*["'`](?:basic|works|ok|simple|test\b|should work)[^ ]*["'`]/i;
  expect(
    linesWith(
      terse,
      files.filter((file) => file.endsWith(".test.ts")),
    ),
  ).toEqual([]);
});
