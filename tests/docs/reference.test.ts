import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { z } from "zod";
import { FAILURE_CODES } from "../../src/core/errors";
import { httpTaskType } from "../../src/definition/task-types/http";
import { noopTaskType } from "../../src/definition/task-types/noop";
import { TASK_TYPE_NAMES } from "../../src/definition/task-types/registry";
import { shellTaskType } from "../../src/definition/task-types/shell";
import { EVENT_TYPES } from "../../src/events/event-types";
import { REPOSITORY } from "../repository";

const read = (file: string): string => fs.readFileSync(path.join(REPOSITORY, file), "utf8");

const args = ["ls-files", "--cached", "--others", "--exclude-standard"];
const files = execFileSync("git", args, { cwd: REPOSITORY, encoding: "utf8" })
  .split("\n")
  .filter((file) => file !== "" && fs.existsSync(path.join(REPOSITORY, file)));
const documents = files.filter((file) => file.endsWith(".md"));

describe("the documents", () => {
  test("link to what exists", () => {
    execFileSync(process.execPath, ["scripts/check-links.mjs"], { cwd: REPOSITORY, stdio: "pipe" });
  });

  /** Capital letters stand for a name that the reader puts in. */
  const FILE =
    /(?<![\w./@-])(?:src|tests|scripts|docs|examples|proto|prisma|deploy|benchmarks)\/[a-z0-9_./-]+(?![\w*])/g;

  test.each(documents)("%s names files that exist", (document) => {
    const named = [...read(document).matchAll(FILE)].map(([name]) => name.replace(/[.-]+$/, ""));
    expect(named.filter((name) => !fs.existsSync(path.join(REPOSITORY, name)))).toEqual([]);
  });
});

describe("docs/decisions", () => {
  const decisions = fs.readdirSync(path.join(REPOSITORY, "docs/decisions")).sort();

  test("have a number each, and each says context, decision and consequences", () => {
    expect(new Set(decisions.map((file) => file.slice(0, 4))).size).toBe(decisions.length);
    for (const file of decisions) {
      expect(file).toMatch(/^\d{4}-[a-z0-9-]+\.md$/);
      const headings = [...read(`docs/decisions/${file}`).matchAll(/^#+ .*$/gm)].map(([line]) => line);
      expect(headings).toEqual([
        expect.stringMatching(new RegExp(`^# ${Number(file.slice(0, 4))}\\. `)),
        "## Context",
        "## Decision",
        "## Consequences",
      ]);
    }
  });

  test("exist where the code names them", () => {
    const code = files.filter((file) => /\.(ts|mjs|cjs|sh|ya?ml|prisma|proto)$/.test(file));
    const named = code.flatMap((file) =>
      [...read(file).matchAll(/docs\/decisions\/(\d{4})/g)].map(([, number]) => number),
    );
    expect(named.filter((number) => !decisions.some((file) => file.startsWith(`${number}-`)))).toEqual([]);
  });
});

test("docs/events.md has every event and every code of a failure", () => {
  const page = read("docs/events.md");
  for (const type of EVENT_TYPES) expect(page).toContain(`\n| ${type} |`);
  for (const code of FAILURE_CODES) expect(page).toContain(`\`${code}\``);
});

test("docs/task-types.md has every task type with every field of its config", () => {
  const page = read("docs/task-types.md");
  const sections = [...page.matchAll(/^## `(\w+)`$(.*?)(?=^## |(?![\s\S]))/gms)];
  expect(sections.map(([, name]) => name).sort()).toEqual([...TASK_TYPE_NAMES].sort());
  for (const { name, schema } of [shellTaskType, httpTaskType, noopTaskType]) {
    const section = sections.find(([, title]) => title === name)?.[2] ?? "";
    const { properties } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
    const fields = Object.keys(properties ?? {}).filter((field) => field !== "retry" && field !== "timeout");
    for (const field of fields) expect(section).toMatch(new RegExp(`^\\|[^|]*\`${field}\`[^|]*\\|`, "m"));
  }
});

test("docs/deployment.md has every variable that the configuration reads", () => {
  const page = read("docs/deployment.md");
  const names = [...read("src/config.ts").matchAll(/"((?:[A-Z]+_)+[A-Z]+)"/g)].map(([, name]) => name ?? "");
  const variables = new Set(names.filter((name) => name !== "CONFIG_INVALID"));
  expect(variables.size).toBeGreaterThan(10);
  for (const variable of variables) expect(page).toMatch(new RegExp(`\\b${variable}\\b`));
});
