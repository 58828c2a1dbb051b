/**
 * Everything about the code that is not a test, one line a step: `npm run check`. Goes on after a failure, and ends with
 * what failed and what it said. Two steps run at a time.
 */
import { availableParallelism } from "node:os";
import { runMain, runNode, runProgram } from "./steps.mjs";

const script = (name) => () => runProgram(process.execPath, [`scripts/${name}`]);
const BIOME = "@biomejs/biome/bin/biome";

/** All others read what this writes. */
const FIRST = { name: "generated code", run: script("generate.mjs") };

const STEPS = [
  { name: "format", run: () => runNode(BIOME, ["format", "."]) },
  { name: "lint", run: () => runNode(BIOME, ["lint", "--error-on-warnings", "."]) },
  { name: "types", run: () => runNode("typescript/bin/tsc", ["--project", "tsconfig.json"]) },
  { name: "types of the web page", run: () => runNode("typescript/bin/tsc", ["--project", "web/tsconfig.json"]) },
  {
    name: "types of its tests",
    run: () => runNode("typescript/bin/tsc", ["--project", "tests/browser/tsconfig.json"]),
  },
  { name: "dead code", run: () => runNode("knip/bin/knip.js", ["--no-progress"]) },
  { name: "proto lint", run: () => runNode("@bufbuild/buf/bin/buf", ["lint"]) },
  { name: "contract", run: script("check-contract.mjs") },
  { name: "database schema", run: script("check-schema.mjs") },
  { name: "lock file", run: () => runProgram(process.execPath, ["scripts/complete-lock.mjs", "--check"]) },
  { name: "links in documents", run: script("check-links.mjs") },
];

/** Runs one step and prints its line. Resolves to what it said when it failed, else to undefined. */
async function runStep({ name, run }) {
  const startMs = performance.now();
  const failure = await run().then(
    () => undefined,
    (error) => error.message,
  );
  const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
  console.log(`${failure === undefined ? "ok  " : "FAIL"}  ${name} (${seconds} s)`);
  return failure === undefined ? undefined : { name, failure };
}

await runMain(async () => {
  const results = [await runStep(FIRST)];
  const waiting = [...STEPS];
  const work = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) results.push(await runStep(step));
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  const failures = results.filter((result) => result !== undefined);
  for (const { name, failure } of failures) console.error(`\n--- ${name}\n${failure}`);
  if (failures.length > 0) throw new Error(`\nfailed: ${failures.map(({ name }) => name).join(", ")}`);
});
