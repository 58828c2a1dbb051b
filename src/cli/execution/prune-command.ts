import type { Command } from "commander";
import { type ClientOptions, int32, withClientOptions, withExamples } from "../options/command-options";
import { someOf } from "../options/option-values";
import { ENDS } from "./execution-selection-options";

export interface PruneOptions extends ClientOptions {
  readonly olderThan?: string;
  readonly keepLast?: number;
  readonly status?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** `aco execution prune` */
export function registerPrune(execution: Command): void {
  const prune = execution
    .command("prune")
    .description(
      "delete the records of executions that have ended, with their bulk output and idempotency keys; never what runs",
    )
    .option("--older-than <duration>", "only those that ended longer ago: 30d, 12h")
    .option("--keep-last <n>", "never the newest this many of each task and workflow", int32)
    .addOption(someOf("--status <statuses>", ENDS, (names) => `only ${names} ones; several with commas`))
    .option("--dry-run", "delete nothing, and say how many would go")
    .option("--yes", "do not ask")
    .action((options: PruneOptions) => actions().pruneExecutions(options));
  withExamples(
    withClientOptions(prune),
    "aco execution prune --older-than 30d --dry-run",
    "aco execution prune --older-than 30d --keep-last 10",
    "aco execution prune --keep-last 100 --status completed --yes",
  );
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./prune-actions") {
  return require("./prune-actions") as typeof import("./prune-actions");
}
