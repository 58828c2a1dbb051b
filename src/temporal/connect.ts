import { Client } from "@temporalio/client";
import { NativeConnection, type NativeConnectionOptions } from "@temporalio/worker";
import { type Logger, silentLogger } from "../core/logger";
import { unavailableWhenUnreachable } from "./grpc-errors";
import { installRuntime } from "./runtime";

/** Where Temporal is. `config.ts` fills it in from flags, Temporal's own variables and profiles. */
export interface TemporalOptions {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  /** `true`: TLS with the system's certificates. */
  readonly tls?: NativeConnectionOptions["tls"];
  readonly apiKey?: string;
  /** Extra gRPC metadata of every call. */
  readonly metadata?: NativeConnectionOptions["metadata"];
  readonly logger?: Logger;
}

/** One native connection that serves client and worker: Temporal then starts runs eagerly where both are in one process. */
export interface TemporalConnection {
  readonly client: Client;
  readonly connection: NativeConnection;
  readonly namespace: string;
  /** Close the workers first. */
  close(): Promise<void>;
}

/** Throws `OrchestratorError` UNAVAILABLE when there is no Temporal at the address. */
export async function connectTemporal(options: TemporalOptions): Promise<TemporalConnection> {
  installRuntime(options.logger ?? silentLogger);
  const { address, namespace, tls, apiKey, metadata } = options;
  const connection = await unavailableWhenUnreachable(`Temporal at ${address} cannot be reached`, () =>
    NativeConnection.connect({
      address,
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    }),
  );
  const client = new Client({ connection, namespace });
  return { client, connection, namespace, close: () => connection.close() };
}
