import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Connection } from "@temporalio/client";
import { processEnvironment, readServerConfig } from "../../src/config";
import { silentLogger } from "../../src/core/logger";
import { startDevArguments } from "../../src/temporal/embedded/embedded-options";
import { STARTING_CHANNEL } from "../../src/temporal/embedded/embedded-readiness";
import { findTemporalCli } from "../../src/temporal/embedded/find-temporal-cli";

/** Generous: a cold start takes about 2 s on an idle machine with two cores. */
const START_TIMEOUT_MS = 60_000;

/**
 * Temporal deletes a run once its queues have noted that the run's end was worked off, which they do twice a minute by default:
 * tests in which histories are gone would wait for it.
 */
const ACK_CONFIG = ["transfer", "visibility"].map((queue) => `history.${queue}ProcessorUpdateAckInterval="500ms"`);

export interface TestTemporal {
  /** `host:port` of the front end. */
  readonly address: string;
  readonly namespace: string;
  stop(): Promise<void>;
}

/** How often a server is started that ends at once: the ports that it chose for itself were free a moment ago, and others choose too. */
const MAX_STARTS = 3;

/**
 * Starts a real Temporal development server for one test file: free ports, its own database file, the settings and search
 * attributes of the embedded server, no Web UI. The program is found, or fetched once, as `start-dev` does.
 */
export async function startTestTemporal(): Promise<TestTemporal> {
  for (let starts = 1; ; starts += 1) {
    try {
      return await startOnce();
    } catch (error) {
      if (!(error instanceof ServerEnded) || starts === MAX_STARTS) throw error;
    }
  }
}

class ServerEnded extends Error {}

async function startOnce(): Promise<TestTemporal> {
  const folder = await mkdtemp(join(tmpdir(), "aco-test-temporal-"));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const cliArguments = startDevArguments(join(folder, "t.db"), { port, uiPort: await freePort() }, "default");
  const more = [
    "--headless",
    "--log-level",
    "error",
    ...ACK_CONFIG.flatMap((value) => ["--dynamic-config-value", value]),
  ];
  const child = spawn(await temporalCli(), [...cliArguments, ...more], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const killWithUs = () => child.kill("SIGKILL");
  process.once("exit", killWithUs);
  const ended = endOf(child);
  try {
    await Promise.race([answers(address), ended.then((why) => Promise.reject(new ServerEnded(why)))]);
  } catch (error) {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  return {
    address,
    namespace: "default",
    async stop() {
      process.off("exit", killWithUs);
      // Nobody wants what it would still write in the second that a stop in order takes it.
      child.kill("SIGKILL");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Only what says where the program is: a cluster in the environment is for production, not for tests. */
function temporalCli(): Promise<string> {
  const { PATH, HOME, XDG_CACHE_HOME, TEMPORAL_CLI_PATH } = processEnvironment();
  const { embedded } = readServerConfig({}, { PATH, HOME, XDG_CACHE_HOME, TEMPORAL_CLI_PATH });
  if (embedded === null) throw new Error("the test's own environment names no cluster");
  return findTemporalCli(embedded.cli, silentLogger);
}

/** Resolves with a sentence that says how the child ended, for when nobody asked it to. */
function endOf(child: ChildProcess): Promise<string> {
  let lastWords = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    lastWords = (lastWords + chunk.toString()).slice(-2_000);
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`the Temporal CLI did not start: ${error.message}`));
    child.once("exit", (code, signal) => resolve(`the Temporal server ended (${signal ?? code}): ${lastWords}`));
  });
}

async function answers(address: string): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  const connection = Connection.lazy({ address, channelArgs: STARTING_CHANNEL });
  try {
    for (;;) {
      try {
        await connection.withDeadline(Date.now() + 1_000, () =>
          connection.workflowService.describeNamespace({ namespace: "default" }),
        );
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  } finally {
    await connection.close();
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
