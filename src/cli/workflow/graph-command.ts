import { type Command, Option } from "commander";
import { type ClientOptions, withClientOptions, withExamples } from "../options/command-options";

export const GRAPH_FORMATS = ["text", "mermaid", "dot", "svg"] as const;
export type GraphFormat = (typeof GRAPH_FORMATS)[number];

export interface GraphOptions extends ClientOptions {
  readonly as?: GraphFormat;
  readonly execution?: string;
  readonly output?: string;
}

/** `aco workflow graph` */
export function registerGraph(workflow: Command): void {
  const graph = workflow
    .command("graph")
    .description("draw a workflow, and where an execution of it stands")
    .argument(
      "[file|id]",
      "a definition (JSON or YAML, - for standard input; needs no server), or a stored workflow's id; by default what the execution runs",
    )
    .addOption(
      new Option("--as <format>", "text, mermaid, dot or svg (text, or what the name of --output says)").choices(
        GRAPH_FORMATS,
      ),
    )
    .option("--execution <id>", "show where each node of this execution stands")
    .option("--output <file>", "where to (standard output, which - is as well)")
    .action((source: string | undefined, options: GraphOptions) => actions().graphWorkflow(source, options));
  withExamples(
    withClientOptions(graph),
    "aco workflow graph examples/build-and-test.yaml",
    "aco workflow graph 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f --output build.svg",
    "aco workflow graph --execution 0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
    "generate-definition | aco workflow graph - --as dot | dot -Tpdf > graph.pdf",
  );
}

/** Loaded when it is needed, and Graphviz with it. */
function actions(): typeof import("./graph-actions") {
  return require("./graph-actions") as typeof import("./graph-actions");
}
