import type { Command, HelpConfiguration } from "commander";

/** A terminal that says nothing, and a pipe, are so wide. */
const HELP_COLUMNS = 80;

/** How help is laid out. */
export const HELP_LAYOUT: HelpConfiguration = {
  // Every command has options: without saying so the descriptions have room beside the longest term, and are wrapped.
  subcommandTerm: (command) =>
    [
      [command.name(), ...command.aliases()].join("|"),
      ...command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`)),
    ].join(" "),
  // Commander's own is 40: below that it wraps nothing, and the terminal breaks words.
  minWidthToWrap: 20,
};

/** An exit code and what it says; docs/cli.md has them all. */
type ExitLine = readonly [code: string, meaning: string];

const DONE: ExitLine = ["0", "done"];
const USAGE: ExitLine = ["2", "the command line, a file it names or a setting is wrong; nothing was sent"];
const REFUSED: ExitLine = ["1", "the server refused it"];
const UNREACHABLE: ExitLine = ["3", "no server answers, or it cannot reach Temporal or its database"];
const FOLLOWED: readonly ExitLine[] = [
  ["0", "the execution completed (with --detach: it was started)"],
  ["1", "refused, or the execution failed or was cancelled"],
  USAGE,
  UNREACHABLE,
  ["130", "Ctrl-C while following: the execution goes on (143 after SIGTERM)"],
];

/** Where a command's own meaning differs from what its options let expect, by its path. */
const OWN: Readonly<Record<string, readonly ExitLine[]>> = {
  status: [["0", "the server serves"], USAGE, ["3", "it does not, or none answers"]],
  doctor: [["0", "no check fails"], ["1", "at least one does"], USAGE],
  completion: [DONE, USAGE],
  tui: [
    ["0", "somebody left"],
    REFUSED,
    ["2", "the command line or a setting is wrong, or there is no terminal"],
    UNREACHABLE,
  ],
  "approvals answer": [DONE, REFUSED, USAGE, UNREACHABLE, ["130", "the questions were broken off; nothing was sent"]],
  "execution diff": [["0", "nothing differs"], ["1", "something does, or it was refused"], USAGE, UNREACHABLE],
};

/** Variables that no option names, by the first word of the command or for every command that has the option. */
const COLOR = ["NO_COLOR", "no colours, where it is set"] as const;
const TEMPORAL = [
  ["TEMPORAL_ADDRESS", "the Temporal to use, and its other variables (TEMPORAL_NAMESPACE, TEMPORAL_API_KEY, ...)"],
  ["DATABASE_URL", "file:/path/to/aco.db or postgresql://USER:PASSWORD@HOST/DATABASE"],
] as const;

/** `(ACO_SERVER; http://localhost:50051)` in an option's description names its variable. */
const VARIABLE = /\b(ACO_[A-Z_]+)\b/;

/**
 * Adds to every command's help what follows from its options: exit codes and environment variables. Called once the tree is
 * whole, so that a new command has both without saying so.
 */
export function completeHelp(program: Command, path: readonly string[] = []): void {
  for (const command of program.commands) {
    const name = [...path, command.name()];
    if (command.commands.length > 0) completeHelp(command, name);
    else command.addHelpText("after", () => sections(command, name.join(" ")));
  }
}

function sections(command: Command, path: string): string {
  const codes = aligned(command, exitCodes(command, path));
  const variables = aligned(command, variablesOf(command));
  return ["", "Exit codes:", ...codes, ...(variables.length === 0 ? [] : ["", "Environment:", ...variables])].join(
    "\n",
  );
}

function exitCodes(command: Command, path: string): readonly ExitLine[] {
  const own = OWN[path];
  if (own !== undefined) return own;
  if (hasOption(command, "--reconnect-for")) return FOLLOWED;
  if (path.startsWith("server ") || path.startsWith("worker "))
    return [["0", "it was stopped"], ["1", "it could not go on"], USAGE, UNREACHABLE];
  return hasOption(command, "--server") ? [DONE, REFUSED, USAGE, UNREACHABLE] : [DONE, ["1", "it failed"], USAGE];
}

function variablesOf(command: Command): readonly (readonly [string, string])[] {
  const named = command.options.flatMap(({ long, description }) => {
    const variable = VARIABLE.exec(description)?.[1];
    return variable === undefined ? [] : [[variable, `${long}`] as const];
  });
  const isServer = hasOption(command, "--data-dir");
  return [...named, ...(isServer ? TEMPORAL : []), ...(hasOption(command, "--format") ? [COLOR] : [])];
}

function hasOption(command: Command, long: string): boolean {
  return command.options.some((option) => option.long === long);
}

/** Wrapped as commander wraps options. */
function aligned(command: Command, lines: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...lines.map(([name]) => name.length));
  const helper = command.createHelp();
  helper.prepareContext({ helpWidth: command.configureOutput().getOutHelpWidth?.() ?? HELP_COLUMNS });
  return lines.map(([name, text]) => helper.formatItem(name, width, text, helper));
}
