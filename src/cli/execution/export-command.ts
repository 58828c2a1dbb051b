import type { Command } from "commander";
import { type ClientOptions, withClientOptions, withExamples, withFormatOption } from "../options/command-options";

export interface ExportOptions extends ClientOptions {
  readonly output?: string;
}

/** `aco execution export` */
export function registerExport(execution: Command): void {
  const command = execution
    .command("export")
    .description("write an execution, its events and its Temporal history into one file, without secrets")
    .argument("<id>", "the execution's id")
    .option("-o, --output <file>", "where to (standard output, which - is as well)")
    .action((id: string, options: ExportOptions) => actions().exportExecution(id, options));
  withExamples(withClientOptions(command), "aco execution export 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f -o bug.jsonl");
}

/** `aco replay` */
export function registerReplayCommand(program: Command): void {
  const command = program
    .command("replay")
    .description("run the engine over an exported execution, without a server; exits 1 where it decides otherwise")
    .argument("<file>", "what `aco execution export` wrote")
    .action((file: string, options: ClientOptions) => replayActions().replayFile(file, options));
  withExamples(withFormatOption(command), "aco replay bug.jsonl");
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./export-actions") {
  return require("./export-actions") as typeof import("./export-actions");
}

/** Loaded when it is needed: Temporal takes half a second. */
function replayActions(): typeof import("./replay-actions") {
  return require("./replay-actions") as typeof import("./replay-actions");
}
