import type { Command } from "commander";
import type { ServerFlags } from "../../config";
import { type ClientOptions, withClientOptions, withExamples } from "../options/command-options";
import { withServerOptions } from "./server-command";

export type DoctorOptions = ServerFlags & ClientOptions;

/** `aco doctor` */
export function registerDoctorCommand(program: Command): void {
  const doctor = program
    .command("doctor")
    .description(
      "check all that a server, a worker and this command line need, and say how to fix what is wrong; changes nothing, and " +
        "needs no server. Exits 1 where a check fails.",
    )
    .action((options: DoctorOptions) => actions().runDoctor(options));
  withExamples(
    withClientOptions(withServerOptions(doctor)),
    "aco doctor",
    "aco doctor --format json | jq '.checks[] | select(.status != \"ok\")'",
    "TEMPORAL_ADDRESS=temporal:7233 DATABASE_URL=postgresql://aco:secret@db/aco aco doctor",
  );
}

/** Loaded when it is needed: Temporal and the database take half a second. */
function actions(): typeof import("./doctor-actions") {
  return require("./doctor-actions") as typeof import("./doctor-actions");
}
