import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** A process, told apart from a later one with the same id. Written to files, so that the next start can recognise it. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, as the system says it; opaque, equal for the same process only. */
  readonly startToken: string;
}

/** Null when no such process runs. A zombie does not run: it holds no file and no port. */
export function identifyProcess(pid: number): ProcessIdentity | null {
  const startToken = process.platform === "linux" ? linuxStartToken(pid) : psField(pid, "lstart");
  return startToken === null ? null : { pid, startToken };
}

export function isRunning(identity: ProcessIdentity): boolean {
  return identifyProcess(identity.pid)?.startToken === identity.startToken;
}

/** The arguments with which a process was started, in one text; null when it does not run. */
export function commandLineOf(pid: number): string | null {
  if (process.platform !== "linux") return psField(pid, "command");
  return readOrNull(`/proc/${pid}/cmdline`)?.replaceAll("\0", " ") ?? null;
}

/** Ticks since boot at which the process started (field 22 of `proc(5)` stat), with the boot they count from. */
function linuxStartToken(pid: number): string | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The second field is the program's name in brackets, which may itself hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, startTicks] = [fields[0], fields[19]];
  if (state === "Z" || state === "X" || startTicks === undefined) return null;
  return `${readOrNull("/proc/sys/kernel/random/boot_id")?.trim() ?? ""}/${startTicks}`;
}

function psField(pid: number, field: "lstart" | "command"): string | null {
  try {
    const text = execFileSync("ps", ["-o", `${field}=`, "-p", String(pid)], { encoding: "utf8", stdio: "pipe" }).trim();
    return text === "" ? null : text;
  } catch {
    return null;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
