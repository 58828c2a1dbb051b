import { readClientConfig } from "../config";
import type { ClientOptions } from "./command-options";
import { describeView } from "./describe-view";
import { printView } from "./output";
import { readWorkflowSource } from "./workflow-source";

export async function describeWorkflow(fileOrId: string, options: ClientOptions): Promise<void> {
  const source = await readWorkflowSource(fileOrId, options);
  printView(describeView(source), readClientConfig(options).format);
}
