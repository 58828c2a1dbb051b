import type { Command } from "commander";
import {
  type ClientOptions,
  type PageOptions,
  withClientOptions,
  withExamples,
  withPageOptions,
} from "../options/command-options";

export interface ListVersionsOptions extends ClientOptions, PageOptions {}

/** `aco workflow versions` and `aco workflow diff` */
export function registerVersions(workflow: Command): void {
  const versions = withPageOptions(
    workflow
      .command("versions")
      .description("list the versions of a workflow, newest first; every change of its definition made one")
      .argument("<id>", "the workflow's id"),
  ).action((id: string, options: ListVersionsOptions) => actions().listVersions(id, options));
  withExamples(
    withClientOptions(versions),
    "aco workflow versions 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
    "aco workflow versions 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --format json | jq '.versions[0].definition_hash'",
  );
  const diff = workflow
    .command("diff")
    .description("show what differs between two versions of a workflow, as a unified diff of their definitions in YAML")
    .argument("<id>", "the workflow's id")
    .argument("<from>", "the older version: its number or its definition's hash (aco execution get shows it)")
    .argument("[to]", "the newer version (the newest)")
    .action((id: string, from: string, to: string | undefined, options: ClientOptions) =>
      actions().diffVersions(id, { from, to }, options),
    );
  withExamples(
    withClientOptions(diff),
    "aco workflow diff 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f 1    # against the newest",
    "aco workflow diff 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f 1 2 --format plain",
  );
}

/** Loaded when it is needed, and gRPC with it. */
function actions(): typeof import("./versions-actions") {
  return require("./versions-actions") as typeof import("./versions-actions");
}
