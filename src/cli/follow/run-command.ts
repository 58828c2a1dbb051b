import type { Command } from "commander";
import {
  type BreakpointOptions,
  type ClientOptions,
  collect,
  type ExecuteOptions,
  withBreakpointOptions,
  withClientOptions,
  withExamples,
  withExecuteOptions,
} from "../options/command-options";

export interface RunOptions extends ClientOptions, ExecuteOptions, BreakpointOptions {
  readonly input?: string;
  readonly configOverride?: readonly string[];
  readonly dataDir?: string;
  readonly embedded?: true;
}

/** `aco run FILE` */
export function registerRunCommand(program: Command): void {
  const run = withExecuteOptions(
    program
      .command("run")
      .description(
        "create what a file holds, execute it and follow it. With no server at the default address and none " +
          "configured, one is started for as long as it takes.",
      )
      .argument("<file>", "a workflow or a task: a JSON or YAML file, or - for standard input")
      .option("--input <json>", "a workflow's input: JSON, @FILE or - for standard input")
      .option(
        "--config-override <object>",
        "merged over a task's settings: JSON, @FILE, -, KEY=TEXT or KEY:=JSON",
        collect,
      )
      .option("--embedded", "start a server for this run without looking for one")
      .option(
        "--data-dir <dir>",
        "where a server started for this run keeps its data (ACO_DATA_DIR; $XDG_DATA_HOME/aco or ~/.local/share/aco)",
      ),
  ).action((file: string, options: RunOptions) => actions().runFile(file, options));
  withExamples(
    withClientOptions(withBreakpointOptions(run)),
    "aco run examples/build-and-test.yaml",
    `aco run examples/fetch-and-merge.yaml --input '{"base_url": "http://localhost:8080"}'`,
    "aco run examples/disk-report.json --config-override 'command=df -h'",
    "aco run examples/build-and-test.yaml --break-at test",
    "aco run examples/build-and-test.yaml --format json | jq -r .event_type",
  );
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./run-actions") {
  return require("./run-actions") as typeof import("./run-actions");
}
