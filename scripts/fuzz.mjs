/**
 * `npm run fuzz [-- ROUNDS [JEST-ARGUMENTS]]`: runs the property tests again and again (10 times unless told), each time with another
 * seed. Ends at the first that fails, with exit code 1 and the seed that shows it again.
 */
import { spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { ROOT, runMain } from "./steps.mjs";

const SEED_LIMIT = 2 ** 31;

async function propertyTests() {
  const folders = ["src", "tests"].map((folder) => path.join(ROOT, folder));
  const found = [];
  for (const folder of folders)
    for (const name of await readdir(folder, { recursive: true })) {
      const file = path.join(folder, name);
      if (name.endsWith(".test.ts") && (await readFile(file, "utf8")).includes('/property"')) found.push(file);
    }
  return found;
}

await runMain(async () => {
  const [rounds = "10", ...args] = process.argv.slice(2);
  if (!/^[1-9]\d*$/.test(rounds)) throw new Error(`ROUNDS must be a whole number above 0, not '${rounds}'.`);
  const jest = path.join(ROOT, "node_modules", "jest", "bin", "jest.js");
  const files = await propertyTests();
  for (let round = 1; round <= Number(rounds); round += 1) {
    const seed = String(randomInt(SEED_LIMIT));
    console.log(`Round ${round} of ${rounds}, seed ${seed}`);
    const { status } = spawnSync(process.execPath, [jest, "--runTestsByPath", ...files, ...args], {
      cwd: ROOT,
      env: { ...process.env, ACO_PROPERTY_SEED: seed },
      stdio: "inherit",
    });
    if (status !== 0) {
      process.exitCode = 1;
      console.log(`Seed ${seed} failed. To see it again: ACO_PROPERTY_SEED=${seed} npx jest FILE`);
      return;
    }
  }
});
