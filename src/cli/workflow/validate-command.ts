import type { Command } from "commander";
import { type ClientOptions, withExamples, withFormatOption } from "../options/command-options";

/** Options of commands that talk to nobody. */
export type OfflineOptions = Pick<ClientOptions, "format">;

/** `aco workflow validate` and `aco workflow schema`, which need no server. */
export function registerValidate(workflow: Command): void {
  const validate = workflow
    .command("validate")
    .description("say all that is wrong with a definition, and what a run of it costs at worst; needs no server")
    .argument("<file>", "the definition: a JSON or YAML file, or - for standard input")
    .action((file: string, options: OfflineOptions) => actions().validateWorkflow(file, options));
  withExamples(
    withFormatOption(validate),
    "aco workflow validate examples/build-and-test.yaml    # exits 2 where something is wrong",
    "generate-definition | aco workflow validate - --format json | jq -r '.problems[].message'",
  );
  const schema = workflow
    .command("schema")
    .description(
      "print the JSON Schema (draft 2020-12) of definitions, for editors and other programs; needs no server",
    )
    .action(() => actions().printSchema());
  withExamples(schema, "aco workflow schema > workflow.schema.json");
}

/** Loaded when it is needed, and the language with it. */
function actions(): typeof import("./validate-actions") {
  return require("./validate-actions") as typeof import("./validate-actions");
}
