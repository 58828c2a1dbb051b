import { readClientConfig } from "../../config";
import type { ClientOptions } from "../options/command-options";
import { printView } from "../output/output";
import { describeView } from "./describe-view";
import { readWorkflowSource } from "./workflow-source";

export async function describeWorkflow(fileOrId: string, options: ClientOptions): Promise<void> {
  const source = await readWorkflowSource(fileOrId, options);
  printView(describeView(source), readClientConfig(options).format);
}
