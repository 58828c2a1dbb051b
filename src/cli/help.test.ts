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
    getOutHelpWidth: () => COLUMNS,
  });
  command.outputHelp();
  return text;
}

/** What a pipe and a terminal of the usual width have. */
const COLUMNS = 80;

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

describe("the width of a terminal", () => {
  const program = buildProgram();
  const all = [
    program,
    ...program.commands.filter(({ commands }) => commands.length > 0),
    ...ALL.map((one) => one.command),
  ];

  test("is kept by everything but usage lines and what is to be copied", () => {
    const tooWide = all.flatMap((command) =>
      helpOf(command)
        .split("\n")
        .filter((line) => line.length > COLUMNS && !/^(?:Usage:| +\$ )/.test(line))
        .map((line) => `${command.name()}: ${line}`),
    );
    expect(tooWide).toEqual([]);
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
