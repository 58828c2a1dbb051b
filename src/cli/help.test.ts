import type { Command } from "commander";
import { buildProgram } from "./main";

interface Leaf {
  readonly path: string;
  readonly command: Command;
}

function leaves(command: Command, path: readonly string[] = []): readonly Leaf[] {
  const visible = command.commands.filter((one) => !one.name().startsWith("__"));
  if (visible.length === 0) return [{ path: path.join(" "), command }];
  return visible.flatMap((one) => leaves(one, [...path, one.name()]));
}

function helpOf(command: Command): string {
  let text = "";
  command.configureOutput({
    writeOut: (part) => {
      text += part;
    },
  });
  command.outputHelp();
  return text;
}

const ALL = leaves(buildProgram());

test("there are commands to look at", () => {
  expect(ALL.map(({ path }) => path)).toEqual(
    expect.arrayContaining(["run", "approvals answer", "doctor", "completion"]),
  );
});

describe.each(ALL.map(({ path, command }) => [path, command] as const))("aco %s --help", (path, command) => {
  const help = helpOf(command);

  test("says what it does, and what each argument and option is", () => {
    expect(command.description()).not.toBe("");
    expect(
      command.registeredArguments.filter(({ description }) => description === "").map((one) => one.name()),
    ).toEqual([]);
    expect(command.options.filter(({ description }) => description === "").map(({ flags }) => flags)).toEqual([]);
  });

  test("has examples of itself, exit codes, and the variables of its options", () => {
    const [, examples = ""] = /\nExamples:\n((?: +\$.*\n?)+)/.exec(help) ?? [];
    expect(examples).toContain(`aco ${path.replace(" list", "")}`);
    expect(help).toMatch(/\nExit codes:\n {2}0 +\S/);
    expect(help).toMatch(/\n {2}2 +\S/);
    for (const { long, description } of command.options) {
      const variable = /\b(ACO_[A-Z_]+)\b/.exec(description)?.[1];
      if (variable !== undefined)
        expect(help).toMatch(new RegExp(`\\nEnvironment:\\n(?:.*\\n)*? {2}${variable} +${long}`));
    }
  });
});

describe("defaults", () => {
  /** Options that are off, or empty, unless they are given. */
  const WITHOUT = ["--format", "--web-origin", "--temporal-ui"];
  const options = ALL.flatMap(({ path, command }) => command.options.map((option) => ({ path, option })));

  test("stand behind the variable of every option that has one", () => {
    const silent = options.filter(({ option: { long, description } }) => {
      return /\(ACO_[A-Z_]+\)/.test(description) && !WITHOUT.includes(long ?? "");
    });
    expect(silent.map(({ path, option }) => `${path} ${option.long}`)).toEqual([]);
  });

  test.each([
    ["--limit", /\(\d+\)$/],
    ["--offset", /\(0\)$/],
    ["--order", /\(newest\)$/],
    ["--time-zone", /\(UTC\)$/],
    ["--catch-up", /\(a year\)$/],
    ["--keep-for", /; off\)$/],
  ])("stand at the end of %s", (long, shown) => {
    const found = options.filter(({ option }) => option.long === long);
    expect(found.length).toBeGreaterThan(0);
    for (const { option } of found) expect(option.description).toMatch(shown);
  });
});

describe("groups of commands", () => {
  const groups = buildProgram().commands.filter(({ commands }) => commands.length > 0);

  test.each(groups.map((group) => [group.name(), group] as const))("aco %s says what it is for", (_, group) => {
    expect(group.description()).not.toBe("");
    for (const one of group.commands) expect(one.description()).not.toBe("");
  });
});
