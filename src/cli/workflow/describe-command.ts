import type { Command } from "commander";
import { type ClientOptions, withClientOptions, withExamples } from "../options/command-options";

/** `aco workflow describe` */
export function registerDescribe(workflow: Command): void {
  const describe = workflow
    .command("describe")
    .description("say what a workflow takes and gives, and the worst case of a run beside Temporal's limits")
    .argument(
      "<file|id>",
      "a definition (JSON or YAML, - for standard input; needs no server), or a stored workflow's id",
    )
    .action((fileOrId: string, options: ClientOptions) => actions().describeWorkflow(fileOrId, options));
  withExamples(
    withClientOptions(describe),
    "aco workflow describe examples/build-and-test.yaml",
    "aco workflow describe 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --format json | jq .limits",
  );
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./describe-actions") {
  return require("./describe-actions") as typeof import("./describe-actions");
}
