import { spawn } from "node:child_process";
import { identifyProcess, isRunning, type ProcessIdentity } from "./process-identity";
import type { RotatingLog } from "./rotating-log";

/** A started Temporal server. */
export interface TemporalChild {
  readonly identity: ProcessIdentity;
  /** Resolves when it has ended, with how: `exit code 1` or `signal SIGKILL`. Never rejects. */
  readonly exited: Promise<string>;
  /** Ends it, by force where it takes longer than `STOP_TIMEOUT_MS`. Resolves when it has ended. */
  stop(): Promise<void>;
}

/** Time to stop by itself; it takes a second as a rule. Our own shutdown has ten seconds in all. */
const STOP_TIMEOUT_MS = 4_000;

/** Pause between two looks at a process that is to end. */
const POLL_INTERVAL_MS = 50;

/**
 * Starts the program in place of a shell that has left a guard behind: when the pipe to us closes without a word, we were
 * killed, and the guard ends the server, which nobody else would. `$$` is the shell's id, which `exec` keeps.
 */
const GUARDED_START = 'exec 3<&0; (read -r _ <&3 || kill -TERM $$) >/dev/null 2>&1 & exec "$@" 3<&- </dev/null';

/**
 * Starts `program`, its output going to `log`. It gets a process group of its own, so that Ctrl-C in the terminal reaches
 * only us and the server can be stopped last. What cannot be started has `exited` at once.
 */
export function startTemporalChild(program: string, args: readonly string[], log: RotatingLog): TemporalChild {
  const child = spawn("/bin/sh", ["-c", GUARDED_START, "sh", program, ...args], {
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  // A program that ended at once has no identity any more; then there is nothing to be stopped either.
  const pid = child.pid ?? 0;
  const identity = identifyProcess(pid) ?? { pid, startToken: "" };
  child.stdout.on("data", (chunk: Buffer) => log.write(chunk));
  child.stderr.on("data", (chunk: Buffer) => log.write(chunk));
  // A guard that is gone closes its end of the pipe; the exit says so too.
  child.stdin.on("error", () => undefined);
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signal) => {
      child.stdin.end("ended\n");
      resolve(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
  });
  return { identity, exited, stop: () => stopChild(identity, exited) };
}

async function stopChild(identity: ProcessIdentity, exited: Promise<string>): Promise<void> {
  await endProcess(identity);
  await exited;
}

/** Ends a process, first politely. Only for processes that are known to be ours: see `identifyProcess`. */
export async function endProcess(identity: ProcessIdentity): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!isRunning(identity)) return;
    sendSignal(identity.pid, signal);
    for (let waitedMs = 0; waitedMs < STOP_TIMEOUT_MS; waitedMs += POLL_INTERVAL_MS) {
      if (!isRunning(identity)) return;
      await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    }
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in this very moment.
  }
}
