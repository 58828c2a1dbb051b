import { readServerConfig, type ServerConfig } from "../../config";
import type { Logger } from "../../core/logger";
import { CliError, EXIT_CODES } from "../exit-codes";
import { writeNotice } from "../follow/follow-view";
import { readVersion } from "../version";

export interface EmbeddedServer {
  /** `host:port`. */
  readonly address: string;
  /** How to go on with an execution that outlives this server. */
  describeReturn(executionId: string): string;
}

/**
 * Runs a server in this process for as long as `work` takes. It listens on free ports, so that it never stands in for the
 * server that others expect at the default address: a second `aco run` finds the data folder in use, and is told so.
 */
export async function withEmbeddedServer<T>(
  dataDir: string | undefined,
  work: (server: EmbeddedServer) => Promise<T>,
): Promise<T> {
  const flags = { listen: "127.0.0.1:0", temporalPort: "0", uiPort: "0", webListen: "off" };
  const config = readServerConfig(dataDir === undefined ? flags : { ...flags, dataDir });
  // Loaded only here: Temporal takes a second, and client commands never need it.
  const { startDevServer } = require("../../server/start-dev") as typeof import("../../server/start-dev");
  const starting = { isOver: false };
  // Once it runs, its warnings (a failed attempt, say) are in the log; what the run itself has to say is shown.
  const tell = (line: string) => (starting.isOver ? undefined : writeNotice(line));
  const server = await startDevServer(config, createLogger(config, tell), readVersion()).catch(notStarted);
  starting.isOver = true;
  const { grpc, ui } = server.addresses;
  writeNotice(`no server was running, so one was started for this run${ui === null ? "" : `; Web UI: ${ui}`}`);
  try {
    return await Promise.race([
      work({ address: grpc, describeReturn: (executionId) => describeReturn(executionId, config) }),
      server.failed.then((error) => Promise.reject(error)),
    ]);
  } finally {
    await server.close();
  }
}

/** Most often the data folder is in use, by another `aco run`; its message names the holder. */
function notStarted(error: unknown): never {
  throw new CliError(
    EXIT_CODES.failed,
    `no server is running, and one for this run did not start: ${error instanceof Error ? error.message : String(error)}`,
    "To run several at the same time, start a server that stays in another terminal: aco server start-dev",
  );
}

function createLogger(config: ServerConfig, tell: (line: string) => void): Logger {
  const { createDevLogger } = require("../../server/logging") as typeof import("../../server/logging");
  return createDevLogger(config.logLevel, config.dataDir, tell);
}

function describeReturn(executionId: string, { dataDir }: ServerConfig): string {
  return (
    "stopped, and the server with it; the execution goes on when one is started on the same data folder\n" +
    `  start it: aco server start-dev --data-dir ${dataDir}\n` +
    `  watch it: aco execution watch ${executionId}`
  );
}
