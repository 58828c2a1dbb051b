import type { Command } from "commander";
import { withExamples } from "../options/command-options";
import { withProcessOptions } from "./server-command";

/** `aco worker start` */
export function registerWorkerCommand(program: Command): void {
  const worker = program.command("worker").description("run a worker");
  const start = worker
    .command("start")
    .description(
      "run a worker alone, any number of them. TEMPORAL_ADDRESS (and Temporal's other variables) say where Temporal is, " +
        "DATABASE_URL where the records are.",
    );
  withExamples(
    withProcessOptions(start),
    "TEMPORAL_ADDRESS=temporal:7233 DATABASE_URL=postgresql://aco:secret@db/aco aco worker start",
  ).action((options) => actions().startWorkerProcessCommand(options));
}

/** Loaded when it is needed: Temporal and the database take half a second. */
function actions(): typeof import("./worker-actions") {
  return require("./worker-actions") as typeof import("./worker-actions");
}
