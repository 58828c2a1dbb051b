import type { Command } from "commander";
import { type ClientOptions, withClientOptions, withExamples } from "../options/command-options";

/** `aco execution retries` */
export function registerRetries(execution: Command): void {
  const retries = execution
    .command("retries")
    .description("list the tasks of a running execution that have failed and are tried again, and when")
    .argument("<id>", "the execution's id")
    .action((id: string, options: ClientOptions) => actions().listRetries(id, options));
  withExamples(withClientOptions(retries), "aco execution retries 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f");
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./retries-actions") {
  return require("./retries-actions") as typeof import("./retries-actions");
}
