import type { Command } from "commander";
import { type ClientOptions, withClientOptions, withExamples } from "../options/command-options";
import { oneOf } from "../options/option-values";

export interface ShowOptions extends ClientOptions {
  readonly at?: string;
  readonly node?: string;
  readonly status?: string;
}

export interface DiffOptions extends ClientOptions {
  readonly from?: string;
  readonly to?: string;
}

/** `aco execution show` and `aco execution diff` */
export function registerStates(execution: Command): void {
  const show = execution
    .command("show")
    .description("show where each node stands, now or as it was at any event of the stream")
    .argument("<id>", "the execution's id")
    .option("--at <offset>", "as it was after the event with this offset (watch --format json shows them)")
    .option("--node <node>", "only this node, with its whole input and output: fetch for all of its runs, or fetch[3]")
    .addOption(
      oneOf(
        "--status <status>",
        ["running", "completed", "failed", "skipped", "cancelled"],
        (names) => `only nodes that are ${names}`,
      ),
    )
    .action((id: string, options: ShowOptions) => actions().showExecution(id, options));
  withExamples(
    withClientOptions(show),
    "aco execution show 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
    "aco execution show 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --status failed",
    "aco execution show 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --node test --at 5a6b7c8d9e0f-0000-0000024-000000",
  );
  const diff = execution
    .command("diff")
    .description("show the nodes that differ between two executions, or two events of one; exits 1 where some do")
    .argument("<id>", "the execution's id")
    .argument("[other]", "another execution's id")
    .option("--from <offset>", "the first state: as it was after this event (the start; with another execution: now)")
    .option("--to <offset>", "the second state: as it was after this event (now)")
    .action((id: string, other: string | undefined, options: DiffOptions) =>
      actions().diffExecutions(id, other, options),
    );
  withExamples(
    withClientOptions(diff),
    "aco execution diff 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f 0194f1c0-8c3d-7d4e-9f50-6b7c8d9e0f1a",
    "aco execution diff 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --from 5a6b7c8d9e0f-0000-0000024-000000",
  );
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./execution-state-actions") {
  return require("./execution-state-actions") as typeof import("./execution-state-actions");
}
