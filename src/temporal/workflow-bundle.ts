import { existsSync } from "node:fs";
import { join } from "node:path";
import { bundleWorkflowCode, type WorkflowBundle } from "@temporalio/worker";

/** Made by `npm run build`, beside the compiled code: a worker then starts in well under a second. */
const PREBUILT = join(__dirname, "..", "workflow-bundle.js");

let bundled: Promise<WorkflowBundle> | undefined;

/** The workflow code for the sandbox: prebuilt where we run from `dist`, else bundled from source, once a process. */
export function workflowBundle(): Promise<WorkflowBundle | { readonly codePath: string }> {
  if (existsSync(PREBUILT)) return Promise.resolve({ codePath: PREBUILT });
  bundled ??= bundleWorkflows();
  return bundled;
}

/** Bundles `src/workflows`; takes a few seconds. The build writes the code to `dist/workflow-bundle.js`. */
export async function bundleWorkflows(): Promise<WorkflowBundle> {
  return await bundleWorkflowCode({
    workflowsPath: require.resolve("../workflows"),
    preloadModules: [require.resolve("../workflows/shared-engine")],
    logger: { log: noLog, trace: noLog, debug: noLog, info: noLog, warn: noLog, error: console.error },
  });
}

function noLog(): void {}
