import type { Command } from "commander";
import {
  type ClientOptions,
  type FollowOptions,
  withConnectionOptions,
  withExamples,
  withFollowOptions,
} from "../options/command-options";

export type TuiOptions = Pick<ClientOptions, "server" | "connect"> & FollowOptions;

/** `aco tui` */
export function registerTuiCommand(program: Command): void {
  const tui = program
    .command("tui")
    .alias("ui")
    .description("browse executions, approvals and schedules in the terminal, and steer them")
    .action((options: TuiOptions) => actions().browse(options));
  withExamples(withConnectionOptions(withFollowOptions(tui)), "aco tui", "aco tui --server https://aco.example.com");
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./tui-actions") {
  return require("./tui-actions") as typeof import("./tui-actions");
}
