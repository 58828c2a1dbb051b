/**
 * `npm run demo`: starts a server of its own on free ports, executes an example with parallel branches, follows it, prints
 * the result and where to look at it again, and stops everything. Exits 0 when the execution completed.
 */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import readline from "node:readline";
import { ROOT } from "./steps.mjs";

const ACO = path.join(ROOT, "bin", "aco.js");
const EXAMPLE = "examples/build-and-test.yaml";
/** Ignored by git, and kept: what the demo ran can be looked at afterwards. Relative, as the user will type it. */
const DATA_DIR = path.join(".aco", "demo");
/** `start-dev` stops within 10 s; what takes longer is stuck. */
const STOP_TIMEOUT_MS = 20_000;

/** Starts the server and resolves to its process and addresses once it is ready. Its messages go to standard error. */
async function startServer() {
  const ports = ["--listen", "127.0.0.1:0", "--temporal-port", "0", "--ui-port", "0"];
  const child = spawn(
    process.execPath,
    [ACO, "server", "start-dev", ...ports, "--data-dir", DATA_DIR, "--format", "json"],
    // A group of its own: Ctrl-C in the terminal reaches this script, which then stops the server in order.
    { cwd: ROOT, stdio: ["ignore", "pipe", "inherit"], detached: true },
  );
  stopOnInterrupt(child);
  const ended = once(child, "exit").then(() => null);
  const line = await Promise.race([once(readline.createInterface(child.stdout), "line"), ended]);
  if (line === null) throw new Error("The server did not start; its message stands above.");
  return { child, addresses: JSON.parse(line[0]) };
}

async function stopServer(child) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const kill = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await ended;
  clearTimeout(kill);
}

/** Runs `aco` in the terminal that the demo was started in. Resolves to its exit code. */
async function aco(server, ...args) {
  console.log(`\n$ aco ${args.join(" ")}`);
  const child = spawn(process.execPath, [ACO, ...args, "--server", server], { cwd: ROOT, stdio: "inherit" });
  const [code] = await once(child, "exit");
  return code ?? 1;
}

function lastExecution(server) {
  const args = [ACO, "execution", "list", "--limit", "1", "--format", "json", "--server", server];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" })).executions[0];
}

function whereToLook(execution) {
  const run = encodeURIComponent(execution.temporal_workflow_id);
  return [
    "",
    "Everything is stopped. Look at it again:",
    "",
    `  npx aco server start-dev --data-dir ${DATA_DIR}    # in a terminal of its own; Ctrl-C stops it`,
    `  npx aco execution get ${execution.id}`,
    `  npx aco execution watch ${execution.id}`,
    `  http://127.0.0.1:8233/namespaces/default/workflows/${run}    # Temporal's Web UI`,
    "",
    `The definition is ${EXAMPLE}; README.md goes on from here.`,
  ].join("\n");
}

/** Ctrl-C reaches `aco run` too, which ends by itself; the server is stopped whatever is under way. */
function stopOnInterrupt(child) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
    process.once(signal, async () => {
      await stopServer(child);
      process.exit(130);
    });
}

async function demo() {
  console.log("Starting a server: Temporal with a database file, records in SQLite, API and worker ...");
  const { child, addresses } = await startServer();
  let execution;
  let exitCode;
  try {
    console.log(`gRPC ${addresses.grpc}, Web UI ${addresses.ui}, data ${DATA_DIR}`);
    const server = `http://${addresses.grpc}`;
    exitCode = await aco(server, "run", EXAMPLE);
    execution = lastExecution(server);
  } finally {
    await stopServer(child);
  }
  console.log(whereToLook(execution));
  return exitCode;
}

try {
  process.exitCode = await demo();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
