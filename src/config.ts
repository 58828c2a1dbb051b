/**
 * All configuration, and the only reader of `process.env`. A setting comes from its flag, else from its variable, else
 * from its default; an empty variable counts as unset. What is wrong is reported all at once, as a `ConfigError` that
 * names flag, variable and the way out, before anything is started.
 */
import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";
import { loadClientConfigProfile, toClientOptions } from "@temporalio/envconfig";
import type { z } from "zod";
import type { RecordRetention } from "./core/record-retention";
import {
  databaseUrl,
  keepCount,
  keepFor,
  type ListenAddress,
  networks,
  optionalListen,
  parser,
  quoted,
  readListenAddress,
  readPort,
  retention,
  serverUrl,
  signingSecret,
} from "./setting-parsers";
import { type WebConfig, webOrigins, webUrl } from "./web-settings";

export type { ListenAddress } from "./setting-parsers";

export type Environment = Readonly<Record<string, string | undefined>>;

/** All that this process was given. For what tasks inherit of it, which is little: `activities/inherited-environment.ts`. */
export function processEnvironment(): Environment {
  return process.env;
}

/** Everything that is wrong with the configuration, one problem a line. The start stops; nothing was started. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly code = "CONFIG_INVALID";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}

export function isConfigError(error: unknown): error is ConfigError {
  return error instanceof Error && error.name === "ConfigError";
}

/** How to reach a Temporal cluster. `tls` and `apiKey` are absent for a plain connection. */
export interface TemporalOptions {
  /** `host:port`. */
  readonly address: string;
  readonly namespace: string;
  readonly apiKey?: string;
  readonly tls?: TemporalTls;
  /** Sent as gRPC metadata with every call. */
  readonly metadata?: Readonly<Record<string, string>>;
}

export type TemporalTls = NonNullable<ReturnType<typeof toClientOptions>["connectionOptions"]["tls"]>;

/** The Temporal server that `start-dev` runs as its child. */
export interface EmbeddedConfig {
  /** Of its gRPC API; 0 is any free port. */
  readonly port: number;
  /** Of its Web UI; 0 is any free port. */
  readonly uiPort: number;
  /** How long closed runs are kept. */
  readonly retentionMs: number;
  readonly namespace: string;
  readonly cli: TemporalCliSearch;
}

/** Where the Temporal CLI is looked for. */
export interface TemporalCliSearch {
  /** `TEMPORAL_CLI_PATH`: this program and no other. */
  readonly cliPath: string | undefined;
  /** Folders of `PATH`, in order. */
  readonly searchPath: readonly string[];
  /** Where a fetched CLI is kept, for all data folders of this user. */
  readonly cacheDir: string;
}

export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface ServerConfig {
  readonly listen: ListenAddress;
  /** Absolute. */
  readonly dataDir: string;
  /** `file:/absolute/path` or `postgresql://...`. */
  readonly databaseUrl: string;
  readonly temporal: TemporalOptions;
  /** What `start-dev` runs; null when the environment names a cluster, which is then used instead. */
  readonly embedded: EmbeddedConfig | null;
  readonly taskQueue: string;
  readonly keep: RecordRetention;
  /** Private networks to which callbacks may go all the same, as `10.0.0.0/8`. */
  readonly callbackAllow: readonly string[];
  /** Signs callbacks that bring no secret of their own; empty where there is none. */
  readonly callbackSecret: string;
  /** Where webhooks are taken; null: nowhere. */
  readonly webhookListen: ListenAddress | null;
  readonly web: WebConfig;
  readonly logLevel: LogLevel;
}

/** As commander gives them. */
export interface ServerFlags {
  readonly listen?: string;
  readonly dataDir?: string;
  readonly temporalPort?: string;
  readonly uiPort?: string;
  readonly retention?: string;
  readonly taskQueue?: string;
  readonly keepFor?: string;
  readonly keepLast?: string;
  readonly callbackAllow?: string;
  readonly webhookListen?: string;
  readonly webListen?: string;
  readonly webPort?: string;
  readonly webOrigin?: string;
  readonly temporalUi?: string;
  readonly logLevel?: string;
}

export const OUTPUT_FORMATS = ["table", "json", "plain"] as const;
export type OutputFormat = (typeof OUTPUT_FORMATS)[number];

/** How a client proves who it is. */
export type Credentials =
  | { readonly kind: "none" }
  | { readonly kind: "secret"; readonly key: string }
  | { readonly kind: "password"; readonly user: string; readonly password: string }
  | { readonly kind: "token"; readonly token: string };

export interface ClientConfig {
  readonly server: {
    /** As it was given, for messages. */
    readonly url: string;
    /** `host:port` for gRPC, an IPv6 host in brackets. */
    readonly target: string;
    readonly tls: boolean;
    /** False when it is only the default: `aco run` may then start a server of its own. */
    readonly configured: boolean;
  };
  readonly credentials: Credentials;
  readonly format: OutputFormat;
  /** Signs callbacks that the client asks for; empty where it has none. */
  readonly callbackSecret: string;
  /** Whether colours are welcome: a terminal, and neither `NO_COLOR` (no-color.org) nor `TERM=dumb`. */
  readonly color: boolean;
}

/** As commander gives them. */
export interface ClientFlags {
  readonly server?: string;
  readonly connect?: string;
  readonly format?: string;
  readonly callbackSecret?: string;
}

/** Temporal's and gRPC's usual ports: 7233, the Web UI 1000 above it, and 50051 for gRPC examples everywhere. */
const DEFAULTS = {
  listen: "127.0.0.1:50051",
  temporalPort: "7233",
  uiPort: "8233",
  retention: "30d",
  keep: "off",
  taskQueue: "aco",
  logLevel: "info",
  server: "http://localhost:50051",
  connect: "none",
  temporalAddress: "127.0.0.1:7233",
  namespace: "default",
} as const;

/** Temporal's own limit on ids (`limit.maxIDLength`), of which task queue names are one kind. */
const MAX_TASK_QUEUE_LENGTH = 1_000;

/** Both throw `ConfigError`. */
export function readServerConfig(flags: ServerFlags, env: Environment = process.env): ServerConfig {
  const settings = new Settings(env);
  const dataDir = settings.read("--data-dir", "ACO_DATA_DIR", flags.dataDir, defaultDataDir(env), absolutePath);
  const embedded = {
    port: settings.read("--temporal-port", "ACO_TEMPORAL_PORT", flags.temporalPort, DEFAULTS.temporalPort, port),
    uiPort: settings.read("--ui-port", "ACO_UI_PORT", flags.uiPort, DEFAULTS.uiPort, port),
    retentionMs: settings.read("--retention", "ACO_RETENTION", flags.retention, DEFAULTS.retention, retention),
    namespace: setting(env, "TEMPORAL_NAMESPACE") ?? DEFAULTS.namespace,
    cli: readCliSearch(env),
  };
  if (embedded.port !== 0 && embedded.port === embedded.uiPort)
    settings.problem("--temporal-port (ACO_TEMPORAL_PORT) and --ui-port (ACO_UI_PORT) must differ");
  const config = {
    listen: settings.read("--listen", "ACO_LISTEN", flags.listen, DEFAULTS.listen, listenAddress),
    dataDir,
    databaseUrl: settings.read(undefined, "DATABASE_URL", undefined, `file:${join(dataDir, "aco.db")}`, databaseUrl),
    temporal: settings.try("TEMPORAL_*", () => readTemporal(env)) ?? {
      address: DEFAULTS.temporalAddress,
      namespace: DEFAULTS.namespace,
    },
    embedded: namesCluster(env) ? null : embedded,
    taskQueue: settings.read("--task-queue", "ACO_TASK_QUEUE", flags.taskQueue, DEFAULTS.taskQueue, taskQueue),
    keep: {
      forMs: settings.read("--keep-for", "ACO_KEEP_FOR", flags.keepFor, DEFAULTS.keep, keepFor),
      last: settings.read("--keep-last", "ACO_KEEP_LAST", flags.keepLast, DEFAULTS.keep, keepCount),
    },
    callbackAllow: settings.read("--callback-allow", "ACO_CALLBACK_ALLOW", flags.callbackAllow, "", networks),
    callbackSecret: settings.read(undefined, "ACO_CALLBACK_SECRET", undefined, "", signingSecret),
    webhookListen: settings.read("--webhook-listen", "ACO_WEBHOOK_LISTEN", flags.webhookListen, "off", optionalListen),
    web: readWeb(settings, flags),
    logLevel: settings.read("--log-level", "ACO_LOG_LEVEL", flags.logLevel, DEFAULTS.logLevel, oneOf(LOG_LEVELS)),
  };
  settings.finish();
  return config;
}

/** A flag wins over the other's variable, so that one start can differ from what the environment says. */
function readWeb(settings: Settings, flags: ServerFlags): WebConfig {
  const both = flags.webListen !== undefined && flags.webPort !== undefined;
  if (both) settings.problem("--web-listen and --web-port say the same thing: give one of them");
  const listen = settings.find("--web-listen", "ACO_WEB_LISTEN", flags.webListen, optionalListen);
  const portNumber = settings.find("--web-port", "ACO_WEB_PORT", flags.webPort, port);
  const ofPort = portNumber === undefined ? undefined : { host: "127.0.0.1", port: portNumber };
  return {
    listen: flags.webPort !== undefined || listen === undefined ? ofPort : listen,
    origins: settings.find("--web-origin", "ACO_WEB_ORIGIN", flags.webOrigin, webOrigins) ?? [],
    temporalUi: settings.find("--temporal-ui", "ACO_TEMPORAL_UI", flags.temporalUi, webUrl),
  };
}

export function readClientConfig(
  flags: ClientFlags,
  env: Environment = process.env,
  isTerminal: boolean = process.stdout.isTTY === true,
): ClientConfig {
  const settings = new Settings(env);
  const format = isTerminal ? "table" : "plain";
  const config = {
    server: {
      ...settings.read("--server", "ACO_SERVER", flags.server, DEFAULTS.server, serverUrl),
      configured: (flags.server ?? setting(env, "ACO_SERVER")) !== undefined,
    },
    credentials: settings.read("--connect", "ACO_CONNECT", flags.connect, DEFAULTS.connect, credentials),
    format: settings.read("--format", "ACO_FORMAT", flags.format, format, oneOf(OUTPUT_FORMATS)),
    callbackSecret: settings.read("--callback-secret", "ACO_CALLBACK_SECRET", flags.callbackSecret, "", signingSecret),
    color: isTerminal && setting(env, "NO_COLOR") === undefined && setting(env, "TERM") !== "dumb",
  };
  settings.finish();
  return config;
}

/** Collects what is wrong, so that one start shows all of it. */
class Settings {
  readonly #env: Environment;
  readonly #problems: string[] = [];

  constructor(env: Environment) {
    this.#env = env;
  }

  /** The setting's value; after a problem its default's, so that the reading can go on to the next. */
  read<T>(
    flag: string | undefined,
    variable: string,
    given: string | undefined,
    fallback: string,
    parser: z.ZodType<T, string>,
  ): T {
    const value = this.find(flag, variable, given, parser);
    return value === undefined ? parser.parse(fallback) : value;
  }

  /** Undefined where it is not set, and after a problem. */
  find<T>(flag: string | undefined, variable: string, given: string | undefined, parser: z.ZodType<T, string>) {
    const text = given ?? setting(this.#env, variable);
    if (text === undefined) return undefined;
    const parsed = parser.safeParse(text);
    if (parsed.success) return parsed.data;
    const names = flag === undefined ? variable : `${flag} (${variable})`;
    for (const issue of parsed.error.issues) this.problem(`${names} ${issue.message}`);
    return undefined;
  }

  try<T>(what: string, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.problem(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  problem(text: string): void {
    this.#problems.push(text);
  }

  finish(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }
}

function setting(env: Environment, variable: string): string | undefined {
  const value = env[variable];
  return value === "" ? undefined : value;
}

const absolutePath = parser(
  (text) => (text.trim() === "" ? undefined : resolve(text)),
  () => "must be a folder",
);

const port = parser(readPort, (text) => `must be a port, 0 to 65535 (0 is any free one); got ${quoted(text)}`);

const listenAddress = parser(
  readListenAddress,
  (text) => `must be HOST:PORT, such as 127.0.0.1:50051, [::1]:50051 or 0.0.0.0:0; got ${quoted(text)}`,
);

const taskQueue = parser(
  (text) => (text.trim() !== "" && text.length <= MAX_TASK_QUEUE_LENGTH ? text : undefined),
  () => `must be a task queue's name of at most ${MAX_TASK_QUEUE_LENGTH} characters`,
);

function oneOf<const T extends string>(values: readonly T[]): z.ZodType<T, string> {
  return parser(
    (text) => values.find((value) => value === text),
    (text) => `must be one of ${values.join(", ")}; got ${quoted(text)}`,
  );
}

const credentials = parser(
  (text): Credentials | undefined => {
    if (text === "none") return { kind: "none" };
    const [, before = "", after = ""] = /^([^:]+):(.+)$/s.exec(text) ?? [];
    if (before === "" || after === "") return undefined;
    if (before === "secret") return { kind: "secret", key: after };
    if (before === "token") return { kind: "token", token: after };
    return { kind: "password", user: before, password: after };
  },
  () => "must be none, secret:KEY, USER:PASSWORD or token:JWT",
);

/** An XDG folder; the specification says that a relative one is to be ignored. */
function xdgDir(env: Environment, variable: string, ...fallback: readonly string[]): string {
  const dir = setting(env, variable);
  const base = dir !== undefined && isAbsolute(dir) ? dir : join(setting(env, "HOME") ?? homedir(), ...fallback);
  return join(base, "aco");
}

function defaultDataDir(env: Environment): string {
  return xdgDir(env, "XDG_DATA_HOME", ".local", "share");
}

function readCliSearch(env: Environment): TemporalCliSearch {
  return {
    cliPath: setting(env, "TEMPORAL_CLI_PATH"),
    searchPath: (setting(env, "PATH") ?? "").split(":").filter((dir) => dir !== ""),
    cacheDir: xdgDir(env, "XDG_CACHE_HOME", ".cache"),
  };
}

/**
 * Whether the environment names a cluster that `start-dev` is to use. A default profile in `temporal.toml` does not: many
 * machines have one, and "everything on one machine" should not depend on it.
 */
function namesCluster(env: Environment): boolean {
  return (setting(env, "TEMPORAL_ADDRESS") ?? setting(env, "TEMPORAL_PROFILE")) !== undefined;
}

function readTemporal(env: Environment): TemporalOptions {
  const overrideEnvVars = Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
  const { namespace, connectionOptions } = toClientOptions(loadClientConfigProfile({ overrideEnvVars }));
  const { address, apiKey, tls, metadata } = connectionOptions;
  if (typeof apiKey === "function") throw new Error("the API key must be a text");
  return {
    address: address ?? DEFAULTS.temporalAddress,
    namespace: namespace ?? DEFAULTS.namespace,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tls === undefined || tls === null ? {} : { tls }),
    ...(metadata === undefined ? {} : { metadata: textMetadata(metadata) }),
  };
}

/** The profile's metadata are texts; the option they travel in could also hold bytes. */
function textMetadata(metadata: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key, String(value)]));
}
