import type { Command } from "commander";
import { type ClientOptions, withClientOptions, withExamples } from "../options/command-options";

/** `aco status` */
export function registerStatusCommand(program: Command): void {
  const status = program
    .command("status")
    .description(
      "say whether the server, Temporal, the database and workers are up; exits 3 where one of the first three is not",
    )
    .action((options: ClientOptions) => actions().showStatus(options));
  withExamples(
    withClientOptions(status),
    "aco status",
    "aco status --server https://aco.example.com --connect token:$TOKEN --format json",
  );
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./status-actions") {
  return require("./status-actions") as typeof import("./status-actions");
}
