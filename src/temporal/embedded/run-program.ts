import { spawn } from "node:child_process";

/** Of what a program prints, kept for messages and for parsing. */
const MAX_OUTPUT_CHARS = 64 * 1024;

export interface ProgramResult {
  /** Null when it was ended by a signal or could not be started. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Why it has no exit code. */
  readonly problem: string | undefined;
}

/** Runs a short-lived program to its end, at most for `timeoutMs`; then it and its children are killed. Never rejects. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly cwd?: string },
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const output = { stdout: "", stderr: "" };
    let problem: string | undefined;
    // A group of its own, because pip and version managers' shims start programs themselves.
    const child = spawn(program, args, { cwd: options.cwd, stdio: ["ignore", "pipe", "pipe"], detached: true });
    const timer = setTimeout(() => {
      problem = `did not end within ${options.timeoutMs / 1000} s`;
      killGroup(child.pid);
    }, options.timeoutMs);
    const killWithUs = (): void => killGroup(child.pid);
    process.once("exit", killWithUs);
    const finish = (exitCode: number | null): void => {
      process.off("exit", killWithUs);
      clearTimeout(timer);
      resolve({ exitCode, ...output, problem });
    };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8");
      child[name].on("data", (text: string) => {
        output[name] = (output[name] + text).slice(-MAX_OUTPUT_CHARS);
      });
    }
    child.once("error", (error: NodeJS.ErrnoException) => {
      problem = error.code === "ENOENT" ? "is not installed" : error.message;
      finish(null);
    });
    child.once("close", (code, signal) => {
      if (signal !== null) problem ??= `was ended by ${signal}`;
      finish(problem === undefined ? code : null);
    });
  });
}

function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It ended in this very moment.
  }
}
