import { type ChildProcessByStdio, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import { realpath } from "node:fs/promises";
import { constants } from "node:os";
import { relative, resolve, sep } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { JsonObject, JsonValue } from "../core/json";
import type { ShellConfig } from "../definition/task-types/shell";
import { prepareWatch, registeringCommand, unwatchGroup, watchGroup } from "./orphan-watchdog";
import { endGroup } from "./process-group";
import { type Runner, type RunnerContext, RunnerError } from "./runner";
import { StreamReader } from "./stream-reader";

/** Of each stream this much of the end is in the output; the whole is in the event stream. Given by the design. */
export const OUTPUT_TAIL_BYTES = 64 * 1024;

/** A failure's message shows at most this much of the last line of stderr; the rest is in the details. */
const MESSAGE_LINE_LENGTH = 300;

/** Of a program's name this much is in a message: Linux' PATH_MAX would fill the screen. */
const MAX_NAME_LENGTH = 200;

/** How often the pipes are looked at after the process has ended. */
const QUIET_TICK_MS = 50;

/** After the process has ended, pipes that a background child keeps open are closed when they were silent this long. */
const QUIET_TICKS = 5;

/** And at the latest after this, however much the background child writes: 5 s. */
const MAX_TICKS = 100;

/** Passing shortages of the machine. Anything else would fail the same way again. */
const RETRYABLE_SPAWN_ERRORS = new Set(["EAGAIN", "EMFILE", "ENFILE", "ENOMEM", "ETXTBSY"]);

const PIPES = ["pipe", "pipe", "pipe"] as const;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

interface StartedChild {
  readonly child: Child;
  /** The child leads its group, so this is its process id too. */
  readonly groupId: number;
  readonly exited: Promise<Exit>;
}

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/**
 * Runs a command in a process group of its own. Output `{exit_code, stdout, stderr}`, each stream its last 64 KiB with
 * `stdout_truncated`/`stderr_truncated`. Throws SHELL_EXIT_CODE with the same as details (and `signal` where one killed it),
 * SHELL_NOT_STARTED, and CONFIG_INVALID for a `cwd` outside the workspace. When it returns, whatever the command left
 * running in its group was ended too. `inherited` is the environment that commands see before their own `env`.
 */
export function createShellRunner(inherited: Readonly<Record<string, string>>): Runner<ShellConfig> {
  return {
    taskType: "shell",
    async run(config, context) {
      const cwd = await workingFolder(await context.workspace(), config.cwd);
      context.signal.throwIfAborted();
      const child = await startChild(config, cwd, { ...inherited, ...contextEnvironment(context), ...config.env });
      const result = await superviseChild(child, config.stdin ?? "", context);
      context.signal.throwIfAborted();
      return outcomeOf(result, config.success_exit_codes);
    },
  };
}

/** So that a script can name its run, and make what it does outside idempotent. */
function contextEnvironment(context: RunnerContext): Record<string, string> {
  return {
    ACO_EXECUTION_ID: context.executionId,
    ACO_ATTEMPT: String(context.attempt),
    ...(context.nodeId === undefined ? {} : { ACO_NODE_ID: context.nodeId }),
  };
}

/** Compares real paths, so that a symbolic link cannot lead out of the workspace. */
async function workingFolder(workspacePath: string, cwd: string | undefined): Promise<string> {
  const workspace = await realpath(workspacePath);
  const wanted = resolve(workspace, cwd ?? ".");
  const folder = await realpath(wanted).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === "ENOENT" ? "there is no such folder in the workspace" : (cause.code ?? cause.message);
    throw new RunnerError("SHELL_NOT_STARTED", `cwd ${JSON.stringify(cwd)}: ${reason}`, {
      retryable: false,
      cause,
    });
  });
  const path = relative(workspace, folder);
  if (path === ".." || path.startsWith(`..${sep}`)) {
    throw new RunnerError("CONFIG_INVALID", `cwd ${JSON.stringify(cwd)} leads out of the workspace`, {
      retryable: false,
    });
  }
  return folder;
}

async function startChild(config: ShellConfig, cwd: string, env: Record<string, string>): Promise<StartedChild> {
  const [program = "", ...programArguments] = config.argv ?? ["/bin/sh", ...registeringCommand(config.command ?? "")];
  const watchdog = prepareWatch();
  // A program of another's making knows nothing of the watchdog, and may not even be there.
  const stdio: StdioOptions = config.argv === undefined ? [...PIPES, watchdog] : [...PIPES];
  let child: Child;
  try {
    child = spawn(program, programArguments, { cwd, env, detached: true, stdio }) as Child;
  } catch (error) {
    throw notStarted(program, error as NodeJS.ErrnoException);
  }
  if (child.pid === undefined) {
    const [error] = (await once(child, "error")) as [NodeJS.ErrnoException];
    throw notStarted(program, error);
  }
  // In the same turn as the start: from here on the group dies with this worker.
  watchGroup(child.pid);
  return { child, groupId: child.pid, exited: exitOf(child) };
}

function exitOf(child: Child): Promise<Exit> {
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
}

function notStarted(program: string, error: NodeJS.ErrnoException): RunnerError {
  const reason = error.code === "ENOENT" ? "no such program" : error.message;
  const name = JSON.stringify(program.slice(0, MAX_NAME_LENGTH));
  return new RunnerError("SHELL_NOT_STARTED", `${name} could not be started: ${reason}`, {
    retryable: RETRYABLE_SPAWN_ERRORS.has(error.code ?? ""),
    cause: error,
  });
}

interface ChildResult {
  readonly exit: Exit;
  readonly stdout: StreamReader;
  readonly stderr: StreamReader;
}

/** Sees the child through to its end, and its whole group with it. */
async function superviseChild(started: StartedChild, stdin: string, context: RunnerContext): Promise<ChildResult> {
  const { child, groupId, exited } = started;
  const onAbort = () => void endGroup(groupId);
  context.signal.addEventListener("abort", onAbort, { once: true });
  try {
    const stdout = new StreamReader(child.stdout, "stdout", OUTPUT_TAIL_BYTES, context);
    const stderr = new StreamReader(child.stderr, "stderr", OUTPUT_TAIL_BYTES, context);
    // A command that does not read its input closes it: EPIPE, which is no failure.
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
    const exit = await exited;
    await drainPipes([stdout, stderr]);
    return { exit, stdout, stderr };
  } finally {
    context.signal.removeEventListener("abort", onAbort);
    await endGroup(groupId);
    unwatchGroup(groupId);
  }
}

/** Reads what is left in the pipes. Counts looks and not time, so that a busy event loop cannot cut a stream short. */
async function drainPipes(readers: readonly StreamReader[]): Promise<void> {
  for (const reader of readers) reader.stopWaiting();
  for (let tick = 0, quiet = 0; tick < MAX_TICKS && quiet < QUIET_TICKS; tick++) {
    if (readers.every((reader) => reader.ended)) break;
    const before = readers.reduce((sum, reader) => sum + reader.readBytes, 0);
    await Promise.race([
      Promise.all(readers.map((reader) => reader.end)),
      new Promise((resolve) => setTimeout(resolve, QUIET_TICK_MS)),
    ]);
    const after = readers.reduce((sum, reader) => sum + reader.readBytes, 0);
    quiet = after === before ? quiet + 1 : 0;
  }
  for (const reader of readers) reader.close();
}

function outcomeOf({ exit, stdout, stderr }: ChildResult, successExitCodes: readonly number[]): JsonValue {
  // As shells have it: 128 and the signal's number.
  const exitCode = exit.code ?? 128 + (exit.signal === null ? 0 : constants.signals[exit.signal]);
  const output: JsonObject = {
    exit_code: exitCode,
    stdout: stdout.tail.text(),
    stderr: stderr.tail.text(),
    ...(stdout.tail.truncated ? { stdout_truncated: true } : {}),
    ...(stderr.tail.truncated ? { stderr_truncated: true } : {}),
  };
  if (exit.signal === null && successExitCodes.includes(exitCode)) return output;
  const how = exit.signal === null ? `exit code ${exitCode}` : `killed by ${exit.signal}`;
  const lastLine = stderr.tail.text().trimEnd().split("\n").at(-1)?.trim().slice(0, MESSAGE_LINE_LENGTH) ?? "";
  throw new RunnerError("SHELL_EXIT_CODE", lastLine === "" ? how : `${how}: ${lastLine}`, {
    retryable: true,
    details: exit.signal === null ? output : { ...output, signal: exit.signal },
  });
}
