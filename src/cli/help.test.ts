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

describe("groups of commands", () => {
  const groups = buildProgram().commands.filter(({ commands }) => commands.length > 0);

  test.each(groups.map((group) => [group.name(), group] as const))("aco %s says what it is for", (_, group) => {
    expect(group.description()).not.toBe("");
    for (const one of group.commands) expect(one.description()).not.toBe("");
  });
});
