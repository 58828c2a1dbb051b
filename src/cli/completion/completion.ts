import type { Argument, Command, Option } from "commander";
import { valuesOf } from "../options/option-values";

/** What can stand at the cursor. */
export interface Candidate {
  readonly value: string;
  readonly text: string;
}

/** Something that only the server knows. */
export interface Wanted {
  readonly what:
    | "task"
    | "workflow"
    | "execution"
    | "asking"
    | "approval"
    | "node"
    | "schedule"
    | "reaction"
    | "webhook";
  /** Of `approval` and `node`: the execution whose nodes are wanted. */
  readonly of?: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** To be asked for; what comes of it is to be filtered by `prefix`. */
  readonly wanted?: Wanted;
  /** What has been typed of the word. */
  readonly prefix: string;
}

/** What options take that only the server knows, by the option's name. */
const WANTED_BY_OPTION: Readonly<Record<string, Wanted["what"]>> = {
  execution: "execution",
  of: "workflow",
  schedule: "schedule",
  start: "workflow",
  task: "task",
  workflow: "workflow",
};

/** Commands with an option that names a node of the execution that is their argument. */
const NODE_OPTIONS: ReadonlySet<string> = new Set(["redrive from", "show node"]);

/** Groups of commands whose argument is one of what the group is of. */
const GROUPS: ReadonlySet<string> = new Set<Wanted["what"]>(["task", "workflow", "execution", "schedule", "reaction"]);

/**
 * What may stand where the last of `words` is being typed; `words` are what follows `aco`. All of it comes from the command
 * tree, so there is no second list to keep in step.
 */
export function complete(program: Command, words: readonly string[]): Completion {
  const typed = words.slice(0, -1);
  const prefix = words.at(-1) ?? "";
  const { command, positional, pending } = walk(program, typed);
  if (pending !== undefined) return ofOption(pending, prefix, "", wantedByOption(command, pending, positional));
  const assigned = /^(--[^=]+)=(.*)$/s.exec(prefix);
  if (assigned !== null) {
    const option = optionOf(command, assigned[1] ?? "");
    return option === undefined ? nothing(prefix) : ofOption(option, assigned[2] ?? "", `${assigned[1]}=`);
  }
  if (prefix.startsWith("-")) return { prefix, candidates: starting(prefix, optionsOf(command, typed)) };
  const argument = command.registeredArguments[Math.min(positional.length, command.registeredArguments.length - 1)];
  const isTaken =
    argument === undefined || (positional.length >= command.registeredArguments.length && !argument.variadic);
  const choices = isTaken ? [] : (argument.argChoices ?? []).map((value) => ({ value, text: argument.description }));
  const commands = starting(prefix, positional.length === 0 ? [...commandsOf(command), ...choices] : choices);
  const wanted = isTaken ? undefined : wantedBy(command, argument, positional);
  return { prefix, candidates: commands, ...(wanted === undefined ? {} : { wanted }) };
}

interface Place {
  readonly command: Command;
  /** Arguments that have been given to it. */
  readonly positional: readonly string[];
  /** The option whose value comes next. */
  readonly pending: Option | undefined;
}

function walk(program: Command, typed: readonly string[]): Place {
  let command = program;
  let positional: string[] = [];
  let pending: Option | undefined;
  for (const word of typed) {
    if (pending !== undefined) pending = undefined;
    else if (word.startsWith("-")) {
      const option = optionOf(command, word);
      if (option !== undefined && (option.required || option.optional)) pending = option;
    } else {
      const next: Command | undefined =
        positional.length === 0
          ? command.commands.find((one) => one.name() === word || one.aliases().includes(word))
          : undefined;
      if (next === undefined) positional = [...positional, word];
      else command = next;
    }
  }
  return { command, positional, pending };
}

/** `wanted`: what the server may know of it. */
function ofOption(option: Option, prefix: string, before: string, wanted?: Wanted): Completion {
  const { names = [], isList = false } = valuesOf(option) ?? {};
  // Of a list the last one is being typed, and none is wanted twice.
  const given = isList ? prefix.slice(0, prefix.lastIndexOf(",") + 1) : "";
  const open = names.filter((value) => !given.split(",").includes(value));
  const candidates = starting(
    prefix,
    open.map((value) => ({ value: `${given}${value}`, text: "" })),
  ).map(({ value, text }) => ({ value: `${before}${value}`, text }));
  return { prefix, candidates, ...(wanted === undefined ? {} : { wanted }) };
}

function wantedByOption(command: Command, option: Option, positional: readonly string[]): Wanted | undefined {
  const name = option.long?.replace(/^--/, "") ?? "";
  const [of] = positional;
  if (of !== undefined && NODE_OPTIONS.has(`${command.name()} ${name}`)) return { what: "node", of };
  const what = WANTED_BY_OPTION[name];
  return what === undefined ? undefined : { what };
}

function optionOf(command: Command, flag: string): Option | undefined {
  return command.options.find(({ long, short }) => long === flag || short === flag);
}

/** Those that have not been given; one that may be given again is offered again. */
function optionsOf(command: Command, typed: readonly string[]): readonly Candidate[] {
  const open = command.options.filter(
    (option) => !option.hidden && (option.parseArg !== undefined || !typed.includes(option.long ?? "")),
  );
  const own = open.map(({ long, short, description }) => ({ value: long ?? short ?? "", text: description }));
  return [...own, { value: "--help", text: "show all there is, with examples" }];
}

function commandsOf(command: Command): readonly Candidate[] {
  const visible = command.createHelp().visibleCommands(command);
  return visible.map((one) => ({ value: one.name(), text: one.description() }));
}

/** By the argument's name, and where it is just an id by the group that the command is in. */
function wantedBy(command: Command, argument: Argument, positional: readonly string[]): Wanted | undefined {
  const name = argument.name().toLowerCase();
  const isAnswer = command.name() === "answer";
  if (name === "node") {
    const of = positional[0];
    return { what: isAnswer ? "approval" : "node", ...(of === undefined ? {} : { of }) };
  }
  const group = command.parent?.name() ?? "";
  if (isAnswer && positional.length === 0) return { what: "asking" };
  if (name.includes("execution")) return { what: "execution" };
  if (group === "webhook") return command.name() === "create" ? undefined : { what: group };
  if (name !== "id" && !/\bid\b/.test(name)) return undefined;
  return isGroup(group) ? { what: group } : undefined;
}

function isGroup(name: string): name is Wanted["what"] {
  return GROUPS.has(name);
}

function nothing(prefix: string): Completion {
  return { prefix, candidates: [] };
}

/** Those that go on from what has been typed. */
export function starting(prefix: string, candidates: readonly Candidate[]): readonly Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(prefix));
}
