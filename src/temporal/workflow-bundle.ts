import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleWorkflowCode, type WorkflowBundle } from "@temporalio/worker";
import { withLocalGlobals } from "./local-globals";

/** `src` or `dist`. */
const ROOT = join(__dirname, "..");

/** Made by `npm run build`, beside the compiled code: a worker then starts in well under a second. */
const PREBUILT = join(ROOT, "workflow-bundle.js");

/** All that workflow code may import of ours, by the arrows of the design. */
const FOLDERS = ["core", "definition", "engine", "events", "schedules", "workflows"];

let bundled: Promise<{ readonly codePath: string }> | undefined;

/**
 * The workflow code for the sandbox. Prebuilt where we run from `dist`. From source, as tests do, it is bundled, which
 * takes some seconds, and kept in the system's temporary folder for others that run the same sources.
 */
export function workflowBundle(): Promise<{ readonly codePath: string }> {
  if (existsSync(PREBUILT)) return Promise.resolve({ codePath: PREBUILT });
  bundled ??= cachedBundle();
  return bundled;
}

/** Bundles the workflow code; takes a few seconds. The build writes the code to `dist/workflow-bundle.js`. */
export async function bundleWorkflows(): Promise<WorkflowBundle> {
  const bundle = await bundleWorkflowCode({
    workflowsPath: require.resolve("../workflows"),
    workflowInterceptorModules: [require.resolve("../workflows/cancel-reason")],
    preloadModules: [require.resolve("../workflows/shared-engine")],
    logger: { log: noLog, trace: noLog, debug: noLog, info: noLog, warn: noLog, error: console.error },
  });
  return { ...bundle, code: withLocalGlobals(bundle.code) };
}

async function cachedBundle(): Promise<{ readonly codePath: string }> {
  const folder = join(tmpdir(), `aco-workflow-bundles-${process.getuid?.() ?? "user"}`);
  const codePath = join(folder, `${hashOfSources()}.js`);
  if (existsSync(codePath)) return { codePath };
  const { code } = await bundleWorkflows();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // Whoever looks sees the whole file or none.
  const unfinished = `${codePath}.${process.pid}`;
  writeFileSync(unfinished, code);
  renameSync(unfinished, codePath);
  return { codePath };
}

/** Of the workflow code's own files, wherever they are, and of the packages that are installed. */
function hashOfSources(): string {
  const hash = createHash("sha256").update(ROOT);
  for (const folder of FOLDERS)
    for (const file of readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).sort()) {
      const path = join(ROOT, folder, file);
      if (statSync(path).isFile() && !file.endsWith(".test.ts")) hash.update(file).update(readFileSync(path));
    }
  const lock = join(ROOT, "..", "package-lock.json");
  if (existsSync(lock)) hash.update(readFileSync(lock));
  return hash.update(readFileSync(__filename)).digest("hex");
}

function noLog(): void {}
