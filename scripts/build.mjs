/**
 * Builds dist/: generates, compiles, and bundles the workflow code and the web page. Quiet when all is well; a step whose inputs are
 * unchanged is skipped, so that building again takes a fraction of a second. `npm run build [-- --force]`.
 */
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { buildPage, PAGE } from "./build-page.mjs";
import { generate } from "./generate.mjs";
import { filesUnder, ROOT, runMain, runNode, runStep, syncFolder, withBuildLock, withScratchFolder } from "./steps.mjs";

const BUNDLE = "dist/workflow-bundle.js";
/** `npm run bench` compiles its own programs into this folder. */
const BENCH = "dist/bench";
const WORKFLOWS = "dist/workflows/index.js";

/** All that workflow code may import of ours, by the arrows of the design. */
const WORKFLOW_FOLDERS = ["core", "definition", "engine", "events", "workflows"].map((name) => `dist/${name}`);

/** All that the page in the browser may import of ours: what is pure, and its messages. */
const PAGE_FOLDERS = ["core", "definition", "drawing", "engine", "events", "gen/connect"].map((name) => `src/${name}`);

const isSource = (file) => !file.endsWith(".test.ts");
const isCompiled = (file) => ![BUNDLE, `${BENCH}/`, `${PAGE}/`].some((other) => file.startsWith(other));

/** Compiles src/ to dist/. Like `tsc` itself it writes what it can even when types are wrong, and then fails. */
async function compile() {
  await withScratchFolder(async (folder) => {
    try {
      await runNode("typescript/bin/tsc", ["--project", "tsconfig.build.json", "--outDir", folder]);
    } finally {
      syncFolder(folder, path.join(ROOT, "dist"), (file) => !isCompiled(path.join("dist", file)));
    }
  });
}

/** One file of workflow code, so that a worker starts without running webpack. */
async function bundleWorkflows() {
  // The worker's own module knows what is preloaded; a bundle made otherwise would make every run slower.
  const compiled = await import(pathToFileURL(path.join(ROOT, "dist/temporal/workflow-bundle.js")).href);
  const { code } = await compiled.bundleWorkflows();
  const temporary = path.join(ROOT, `${BUNDLE}.${process.pid}.tmp`);
  fs.writeFileSync(temporary, code);
  fs.renameSync(temporary, path.join(ROOT, BUNDLE));
}

async function build({ force }) {
  await generate({ force });
  await runStep({
    name: "compile",
    force,
    inputs: () => [
      ...filesUnder("src").filter(isSource),
      ...["package-lock.json", "tsconfig.json", "tsconfig.build.json", "scripts/build.mjs", "scripts/steps.mjs"],
    ],
    outputs: () => filesUnder("dist").filter(isCompiled),
    run: compile,
  });
  await runStep({
    name: "bundle",
    force,
    inputs: () => [
      ...WORKFLOW_FOLDERS.flatMap(filesUnder),
      "dist/temporal/workflow-bundle.js",
      "package-lock.json",
      "scripts/build.mjs",
    ],
    outputs: () => filesUnder(BUNDLE),
    run: async () => {
      if (fs.existsSync(path.join(ROOT, WORKFLOWS))) await bundleWorkflows();
    },
  });
  await runStep({
    name: "page",
    force,
    inputs: () => [
      ...filesUnder("web").filter((file) => !file.endsWith(".test.ts")),
      ...PAGE_FOLDERS.flatMap(filesUnder).filter(isSource),
      ...["package-lock.json", "scripts/build-page.mjs", "scripts/steps.mjs"],
    ],
    outputs: () => filesUnder(PAGE),
    run: () => withScratchFolder(buildPage),
  });
}

await runMain(() => withBuildLock(() => build({ force: process.argv.includes("--force") })));
