import { type ClientConfig, readClientConfig } from "../../config";
import type { ClientOptions } from "../options/command-options";
import { printView, type View } from "../output/output";
import { type Connection, isLoopback, openConnection } from "./connection";
import { describeRpcError, isServiceError } from "./rpc-errors";

/** What a client command works with. */
export interface ClientSession {
  readonly config: ClientConfig;
  readonly connection: Connection;
  print(view: View): void;
}

/**
 * Reads the settings, opens a connection for the time of `work`, and turns what gRPC throws into a message for a person.
 * Command files load this module when they run, so that `aco --help` never loads gRPC.
 */
export async function withSession<T>(options: ClientOptions, work: (session: ClientSession) => Promise<T>): Promise<T> {
  const config = readClientConfig(options);
  const connection = openConnection(config);
  warnOfPlainCredentials(config);
  try {
    return await work({ config, connection, print: (view) => printView(view, config.format) });
  } catch (error) {
    throw isServiceError(error) ? describeRpcError(error, config.server.url) : error;
  } finally {
    connection.close();
  }
}

function warnOfPlainCredentials({ server, credentials }: ClientConfig): void {
  if (credentials.kind === "none" || server.tls) return;
  if (isLoopback(server.target)) return;
  process.stderr.write(`aco: warning: credentials travel unencrypted to ${server.url}; use https://\n`);
}
