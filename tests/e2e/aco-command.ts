/** The commands of the built command line, as a user or a script runs them: with input, in pipes, without a terminal. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { REPOSITORY } from "../repository";
import { type AcoProcess, cleanUp, startDevProcess, temporaryFolder } from "./aco-process";

const ACO = path.join(REPOSITORY, "bin", "aco.js");

/** Nothing of the developer's own settings reaches a test. */
function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(ACO_|TEMPORAL_(?!CLI_PATH)|DATABASE_URL|NO_COLOR|FORCE_COLOR|NODE_OPTIONS)/.test(name),
  );
  return { ...Object.fromEntries(inherited), TZ: "UTC", ...extra };
}

export interface AcoOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface AcoResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is under way. */
export interface RunningAco {
  readonly child: ChildProcessWithoutNullStreams;
  /** All it has written so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves when standard output or error matches; rejects with all of it when the command ends before. */
  until(pattern: RegExp): Promise<void>;
  readonly result: Promise<AcoResult>;
}

export function startAco(args: readonly string[], options: AcoOptions = {}): RunningAco {
  return watchProcess(
    spawn(process.execPath, [ACO, ...args], { env: environment(options.env ?? {}), cwd: REPOSITORY }),
    options.stdin,
  );
}

/** Runs one command to its end. */
export function aco(args: readonly string[], options: AcoOptions = {}): Promise<AcoResult> {
  return startAco(args, options).result;
}

/** Runs it in a shell, with `aco` as a command: for pipes. */
export function shell(command: string, env: Readonly<Record<string, string>> = {}): Promise<AcoResult> {
  const script = `aco() { "${process.execPath}" "${ACO}" "$@"; }\n${command}`;
  return watchProcess(spawn("bash", ["-c", script], { env: environment(env), cwd: REPOSITORY })).result;
}

function watchProcess(child: ChildProcessWithoutNullStreams, stdin = ""): RunningAco {
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(stdin);
  const result = once(child, "close").then(([code]) => ({ code: code as number | null, stdout, stderr }));
  const until = async (pattern: RegExp): Promise<void> => {
    let isOver = false;
    void result.then(() => {
      isOver = true;
    });
    while (!pattern.test(stdout) && !pattern.test(stderr)) {
      if (isOver) throw new Error(`ended without ${pattern}:\n${stdout}\n${stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  return { child, stdout: () => stdout, stderr: () => stderr, until, result };
}

export interface DevServer {
  readonly url: string;
  /** `host:port`. */
  readonly grpc: string;
  /** `host:port` of its Temporal. */
  readonly temporal: string;
  readonly process: AcoProcess;
}

/** Starts `aco server start-dev` and resolves when it is ready. `cleanUp` of `aco-process` ends it at the latest. */
export async function startDevServer(dataDir: string, ...args: readonly string[]): Promise<DevServer> {
  const process = startDevProcess(dataDir, ...args);
  const { grpc, temporal } = await process.ready;
  return { url: `http://${grpc}`, grpc, temporal, process };
}

/** A server for all tests of a file. */
export interface TestServer {
  /** Removed after the tests. */
  readonly folder: string;
  /** In it. */
  readonly dataDir: string;
  readonly url: string;
  /** `host:port` of its Temporal. */
  readonly temporal: string;
  /** What makes commands talk to it. */
  env(): Readonly<Record<string, string>>;
  /** Runs one command against it. */
  on(...args: readonly string[]): Promise<AcoResult>;
}

/** Starts a server before a file's tests and ends it after them. What it gives is there once the tests run. */
export function serverForTests(): TestServer {
  const folder = temporaryFolder();
  let server: DevServer;
  beforeAll(async () => {
    server = await startDevServer(path.join(folder, "data"));
  });
  afterAll(async () => {
    await server.process.end("SIGTERM");
    await cleanUp();
  });
  const env = () => ({ ACO_SERVER: server.url });
  return {
    folder,
    dataDir: path.join(folder, "data"),
    get temporal() {
      return server.temporal;
    },
    get url() {
      return server.url;
    },
    env,
    on: (...args) => aco(args, { env: env() }),
  };
}

/** The JSON lines of `--format json`. */
export function jsonLines<T = Record<string, unknown>>(text: string): T[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);
}
