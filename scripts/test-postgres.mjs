/**
 * `npm run test:postgres [-- JEST-ARGUMENTS]`: runs tests/postgres against a throw-away server. They find it in
 * ACO_TEST_POSTGRES_URL, whose user may create databases. Exit code 1 when no PostgreSQL is installed, or a test failed.
 */
import { spawn } from "node:child_process";
import path from "node:path";
import { findPostgres, startPostgres } from "./postgres-server.mjs";
import { ROOT, runMain } from "./steps.mjs";

function runJest(url, args) {
  const program = path.join(ROOT, "node_modules", "jest", "bin", "jest.js");
  const child = spawn(process.execPath, [program, ...args, "--roots", path.join(ROOT, "tests", "postgres")], {
    cwd: ROOT,
    env: { ...process.env, ACO_TEST_POSTGRES_URL: url },
    stdio: "inherit",
  });
  const stop = (signal) => child.kill(signal);
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

await runMain(async () => {
  const binDir = findPostgres();
  if (binDir === null) {
    throw new Error(
      "No PostgreSQL server is installed: found neither `postgres` on the PATH nor /usr/lib/postgresql/*/bin.\n" +
        "Install one (Debian: apt-get install postgresql); the tests start their own and leave yours alone.",
    );
  }
  const server = await startPostgres(binDir);
  try {
    process.exitCode = await runJest(server.url, process.argv.slice(2));
  } finally {
    await server.stop();
  }
});
