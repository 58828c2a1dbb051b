import { type Command, InvalidArgumentError, Option } from "commander";
import type { ClientFlags } from "../../config";
import { oneOf } from "./option-values";

/** Options of every command that talks to a server. */
export type ClientOptions = ClientFlags;

/** Adds where the server is, who asks, and how to answer. Values are checked by `config.ts`, with their variables. */
export function withClientOptions(command: Command): Command {
  return withFormatOption(withConnectionOptions(command));
}

/** Adds where the server is and who asks, for commands that answer in one way only. */
export function withConnectionOptions(command: Command): Command {
  return command
    .addOption(new Option("--server <url>", "the server, http:// or https:// (ACO_SERVER; http://localhost:50051)"))
    .addOption(
      new Option("--connect <credentials>", "none, secret:KEY, USER:PASSWORD or token:JWT (ACO_CONNECT; none)"),
    );
}

/** Adds how to answer, for commands that need no server. */
export function withFormatOption(command: Command): Command {
  return command.addOption(
    oneOf(
      "--format <format>",
      ["table", "json", "plain"],
      (names) => `${names} (ACO_FORMAT; table in a terminal, plain in a pipe)`,
    ),
  );
}

/** Options of every list. The server has the limits; a number is all that is checked here. */
export interface PageOptions {
  readonly limit?: number;
  readonly offset?: number;
}

export function withPageOptions(command: Command): Command {
  return command
    .option("--limit <n>", "at most this many; up to 1,000 (100)", int32)
    .option("--offset <n>", "skip this many (0)", int32);
}

/** Which of the things that belong to a workflow or a task. */
export interface SubjectOptions {
  readonly workflow?: string;
  readonly task?: string;
}

export function withSubjectFilter(command: Command): Command {
  return command
    .option("--workflow <id>", "only those of this workflow")
    .option("--task <id>", "only those of this task");
}

/** Options of every command that follows an execution. */
export interface FollowOptions {
  readonly reconnectFor: number;
}

/** A restart or a deployment of the server is over by then, and a script does not hang for good. */
export const DEFAULT_RECONNECT_SECONDS = 600;

export function withFollowOptions(command: Command): Command {
  return command.addOption(
    new Option("--reconnect-for <seconds>", "give up after so long without a server")
      .argParser(seconds)
      .default(DEFAULT_RECONNECT_SECONDS),
  );
}

/** What commands that start an execution have in common. */
export interface ExecuteOptions extends FollowOptions {
  readonly detach?: boolean;
  readonly idempotencyKey?: string;
  readonly label?: readonly string[];
  readonly name?: string;
  readonly callback?: readonly string[];
  readonly callbackSecret?: string;
}

export function withExecuteOptions(command: Command): Command {
  return withFollowOptions(
    command
      .option("--detach", "print the execution's id and return; the execution goes on")
      .option("--label <key=value>", "a label to find the execution by; may be repeated", collect)
      .option("--name <text>", "what to call the execution")
      .option("--callback <url>", "send a signed HTTP POST there when the execution ends; may be repeated", collect)
      .option("--callback-secret <secret>", "signs it: whsec_ and base64 (ACO_CALLBACK_SECRET; else the server's)")
      .option("--idempotency-key <key>", "attach to the execution that was first started with this key"),
  );
}

/** Where an execution of a workflow is to be paused. */
export interface BreakpointOptions {
  readonly breakAt?: readonly string[];
  readonly step?: true;
}

export function withBreakpointOptions(command: Command): Command {
  return command
    .option("--break-at <node>", "pause a workflow before this node; may be repeated", collect)
    .option("--step", "pause a workflow before each node");
}

/** For an option that may stand more than once. */
export function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** Paragraph of examples below the options. */
export function withExamples(command: Command, ...examples: readonly string[]): Command {
  return command.addHelpText("after", `\nExamples:\n${examples.map((example) => `  $ ${example}`).join("\n")}`);
}

/** A whole number of an option; the server has the limits. */
export function int32(text: string): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || Math.abs(value) > 2_147_483_647) throw new InvalidArgumentError("It must be a number.");
  return value;
}

function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError("It must be a number of seconds.");
  return value;
}
