import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "../../src/temporal/embedded/run-program";
import { REPOSITORY } from "../repository";

/** A first start may fetch the Temporal CLI; any other takes a few seconds. */
const READY_TIMEOUT_MS = 120_000;

/** The line of JSON that a process of ours prints when it is ready. */
export interface ReadyLine {
  readonly grpc: string;
  readonly temporal: string;
  readonly ui: string;
  readonly web: string;
  readonly data_dir: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An `aco` of its own, as a user starts it. */
export interface AcoProcess {
  readonly pid: number;
  readonly exited: Promise<Exit>;
  /** Resolves with the line; rejects when it ends before, with what it said. */
  readonly ready: Promise<ReadyLine>;
  stdout(): string;
  stderr(): string;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Exit>;
}

const running = new Set<ChildProcess>();

/** Starts `node bin/aco.js ...`, which runs what `npm run build` made. A variable that is undefined is removed. */
export function startAco(args: readonly string[], env: Readonly<Record<string, string | undefined>> = {}): AcoProcess {
  const child = spawn(process.execPath, [join(REPOSITORY, "bin", "aco.js"), ...args], {
    cwd: tmpdir(),
    env: { ...process.env, TEMPORAL_ADDRESS: "", TEMPORAL_PROFILE: "", DATABASE_URL: "", ACO_FORMAT: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8");
    child[name].on("data", (text: string) => {
      output[name] += text;
    });
  }
  const exited = new Promise<Exit>((resolve) => {
    child.once("close", (code, signal) => {
      running.delete(child);
      resolve({ code, signal });
    });
  });
  const ready = new Promise<ReadyLine>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready in time: ${output.stderr}`)), READY_TIMEOUT_MS);
    child.stdout.on("data", () => {
      if (output.stdout.includes("\n")) resolve(JSON.parse(output.stdout.split("\n")[0] ?? ""));
    });
    void exited.then(() => reject(new Error(`ended before it was ready: ${output.stderr}`)));
    void exited.finally(() => clearTimeout(timer));
  });
  // Tests of refusals look at the exit instead.
  ready.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    exited,
    ready,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    end: async (signal) => {
      child.kill(signal);
      return await exited;
    },
  };
}

/** Ports that the system chooses, so that tests run beside anything. */
const FREE_PORTS = ["--listen", "127.0.0.1:0", "--temporal-port", "0", "--ui-port", "0"];

export function startDevProcess(dataDir: string, ...args: readonly string[]): AcoProcess {
  return startAco(["server", "start-dev", ...FREE_PORTS, "--data-dir", dataDir, "--format", "json", ...args]);
}

const folders: string[] = [];

/** A folder that `cleanUp` removes. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "aco-e2e-"));
  folders.push(folder);
  return folder;
}

/** For `afterEach`: ends what a failed test left running, and removes its folders. */
export async function cleanUp(): Promise<void> {
  await Promise.all(
    [...running].map(async (child) => {
      const closed = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGKILL");
      await closed;
    }),
  );
  for (const folder of folders.splice(0)) {
    await waitFor(async () => (await processesNaming(folder)).length === 0, 15_000);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The process id of the embedded Temporal of a data folder. */
export function temporalPid(dataDir: string): number {
  const { child } = JSON.parse(readFileSync(join(dataDir, "temporal", "child.json"), "utf8")) as {
    child: { pid: number };
  };
  return child.pid;
}

/** Command lines, with their process ids, that name the text: what a data folder's processes have in common. */
export async function processesNaming(text: string): Promise<readonly string[]> {
  const { stdout } = await runProgram("ps", ["-eo", "pid=,args="], { timeoutMs: 10_000 });
  return stdout.split("\n").filter((line) => line.includes(text));
}

export async function waitFor(condition: () => boolean | Promise<boolean>, timeoutMs: number): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; !(await condition()); ) {
    if (Date.now() > deadline) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
