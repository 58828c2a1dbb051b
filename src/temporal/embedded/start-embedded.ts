import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { EmbeddedConfig } from "../../config";
import type { Logger } from "../../core/logger";
import { EMBEDDED_HOST, type EmbeddedPorts, startDevArguments } from "./embedded-options";
import { prepareNamespace } from "./embedded-readiness";
import { findTemporalCli } from "./find-temporal-cli";
import { endLeftoverChild, removeRunFile, writeRunFile } from "./leftover-child";
import { reservePort } from "./ports";
import { RotatingLog } from "./rotating-log";
import { startTemporalChild, type TemporalChild } from "./temporal-child";

/** A running Temporal server of our own. */
export interface EmbeddedTemporal {
  /** `127.0.0.1:PORT`, the same across restarts. */
  readonly address: string;
  readonly uiUrl: string;
  readonly namespace: string;
  /** Of the server that runs now; another one after a restart. */
  readonly pid: () => number;
  /** Resolves with why there is no server any more, after too many deaths. Never rejects. */
  readonly failed: Promise<Error>;
  stop(): Promise<void>;
}

export interface EmbeddedOptions extends EmbeddedConfig {
  /** Absolute; created where it is missing. The database and the logs live below it. */
  readonly dataDir: string;
  readonly logger: Logger;
}

/** Deaths within the window after which restarting is pointless: `design.md`, "Exact shapes". */
const MAX_DEATHS = 5;
const DEATH_WINDOW_MS = 60_000;

/** Before the restart after the first, second, ... death of the window; together far below ten seconds. */
const RESTART_DELAYS_MS = [100, 500, 1_000, 2_000];

/**
 * How often a start is tried that found a port taken. The CLI chooses some ports for itself, and so do we where any will do: they
 * were free a moment ago, and others choose too.
 */
const MAX_STARTS = 3;

/** What Go's `net.Listen` says of `EADDRINUSE`. */
const PORT_TAKEN = "address already in use";

/**
 * Starts the server and resolves when it answers. It is restarted when it dies. Throws when no CLI is found, a port is in
 * use, or the server does not come up; then nothing is left running.
 */
export async function startEmbeddedTemporal(options: EmbeddedOptions): Promise<EmbeddedTemporal> {
  const program = await findTemporalCli(options.cli, options.logger);
  const paths = embeddedPaths(options.dataDir);
  mkdirSync(paths.folder, { recursive: true });
  await endLeftoverChild(paths.runFile, paths.database, options.logger);
  const { server, ports } = await startServer(program, paths, options);
  return {
    address: `${EMBEDDED_HOST}:${ports.port}`,
    uiUrl: uiUrlOf(ports),
    namespace: options.namespace,
    pid: () => server.pid(),
    failed: server.failed,
    stop: () => server.stop(),
  };
}

function uiUrlOf({ uiPort }: EmbeddedPorts): string {
  return `http://${EMBEDDED_HOST}:${uiPort}`;
}

async function startServer(program: string, paths: EmbeddedPaths, options: EmbeddedOptions) {
  for (let starts = 1; ; starts += 1) {
    const ports = await reservePorts(options);
    const server = new SupervisedServer(program, ports, paths, options);
    try {
      await server.start();
      return { server, ports };
    } catch (error) {
      if (starts === MAX_STARTS || !(error instanceof Error) || !error.message.includes(PORT_TAKEN)) throw error;
      options.logger.warn(
        { err: error },
        "a port of the Temporal server was taken at that moment; it is started again",
      );
    }
  }
}

interface EmbeddedPaths {
  readonly folder: string;
  readonly database: string;
  readonly runFile: string;
  readonly log: string;
}

/** Where things are in a data folder; persisted, so never renamed without moving what is there. */
function embeddedPaths(dataDir: string): EmbeddedPaths {
  const folder = join(dataDir, "temporal");
  return {
    folder,
    database: join(folder, "temporal.db"),
    runFile: join(folder, "child.json"),
    log: join(dataDir, "logs", "temporal.log"),
  };
}

async function reservePorts(options: EmbeddedPorts): Promise<EmbeddedPorts> {
  const host = EMBEDDED_HOST;
  const grpc = { host, port: options.port, what: "The embedded Temporal" };
  const ui = { host, port: options.uiPort, what: "Temporal's Web UI" };
  return {
    port: await reservePort({ ...grpc, flag: "--temporal-port", variable: "ACO_TEMPORAL_PORT" }),
    uiPort: await reservePort({ ...ui, flag: "--ui-port", variable: "ACO_UI_PORT" }),
  };
}

class SupervisedServer {
  readonly failed: Promise<Error>;
  readonly #program: string;
  readonly #args: readonly string[];
  readonly #ports: EmbeddedPorts;
  readonly #paths: EmbeddedPaths;
  readonly #options: EmbeddedOptions;
  readonly #log: RotatingLog;
  #fail: (error: Error) => void = () => undefined;
  #child: TemporalChild | undefined;
  #stopping = false;

  constructor(program: string, ports: EmbeddedPorts, paths: EmbeddedPaths, options: EmbeddedOptions) {
    this.#program = program;
    this.#args = startDevArguments(paths.database, ports, options.namespace);
    this.#ports = ports;
    this.#paths = paths;
    this.#options = options;
    this.#log = new RotatingLog(paths.log);
    this.failed = new Promise((resolve) => {
      this.#fail = resolve;
    });
  }

  pid(): number {
    return this.#child?.identity.pid ?? 0;
  }

  /** Resolves when it answers; from then on deaths are survived. */
  async start(): Promise<void> {
    const child = this.#spawn();
    const ended = new AbortController();
    const death = child.exited.then((how) => {
      ended.abort();
      throw new Error(`The Temporal server ended with ${how} while it was starting. It said:\n${this.#log.tail()}`);
    });
    const { namespace, retentionMs } = this.#options;
    const address = `${EMBEDDED_HOST}:${this.#ports.port}`;
    const uiUrl = uiUrlOf(this.#ports);
    try {
      await Promise.race([death, prepareNamespace({ address, uiUrl, namespace, retentionMs, signal: ended.signal })]);
    } catch (error) {
      await this.stop();
      throw error;
    }
    death.catch(() => undefined);
    this.#supervise(child).catch((error: Error) => this.#fail(error));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#child?.stop();
    removeRunFile(this.#paths.runFile);
  }

  #spawn(): TemporalChild {
    const child = startTemporalChild(this.#program, this.#args, this.#log);
    this.#child = child;
    writeRunFile(this.#paths.runFile, child.identity);
    return child;
  }

  async #supervise(first: TemporalChild): Promise<void> {
    const { logger } = this.#options;
    let child = first;
    let deaths: number[] = [];
    for (;;) {
      const how = await child.exited;
      if (this.#stopping) return;
      const now = Date.now();
      deaths = [...deaths.filter((time) => now - time < DEATH_WINDOW_MS), now];
      if (deaths.length >= MAX_DEATHS) return this.#giveUp(how);
      const delayMs = RESTART_DELAYS_MS[deaths.length - 1] ?? 0;
      logger.warn({ how, delayMs, log: this.#log.path }, "the Temporal server died and is started again");
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (this.#stopping) return;
      child = this.#spawn();
    }
  }

  #giveUp(how: string): void {
    removeRunFile(this.#paths.runFile);
    this.#fail(
      new Error(
        `The Temporal server died ${MAX_DEATHS} times within a minute, the last time with ${how}. ` +
          `Its log is ${this.#log.path}; it ends so:\n${this.#log.tail()}`,
      ),
    );
  }
}
