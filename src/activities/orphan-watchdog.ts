import { type ChildProcess, spawn } from "node:child_process";
import type { Writable } from "node:stream";

/**
 * Ends the process groups of a worker that died without ending them itself (SIGKILL, out of memory), so that the next
 * attempt does not run beside the last one. A worker has one: `/bin/sh` in a session of its own that reads `+ GROUP` and
 * `- GROUP` from a pipe. The kernel closes the pipe when the worker dies in whatever way; what is then still listed is
 * ended. POSIX only, so it is the same on Linux and macOS. A process that leaves its group (`setsid`) escapes.
 *
 * The second between the two signals is well inside the heartbeat timeout after which the next attempt starts.
 */
const SCRIPT = `
trap '' HUP INT TERM
groups=
while read -r change group; do
  case $change in
    +) groups="$groups $group" ;;
    -) kept=
       for each in $groups; do [ "$each" = "$group" ] || kept="$kept $each"; done
       groups=$kept ;;
  esac
done
[ -n "$groups" ] || exit 0
for each in $groups; do kill -TERM "-$each"; done
sleep 1
for each in $groups; do kill -KILL "-$each"; done
`;

const groups = new Set<number>();
let watchdog: ChildProcess | undefined;

/**
 * To be called before a group is started: starting the watchdog takes milliseconds, in which a killed worker would leave
 * the new group behind. Returns its pipe, through which a process may register its own group.
 */
export function prepareWatch(): Writable | "ignore" {
  if (watchdog === undefined) startWatchdog();
  const pipe = watchdog?.stdin;
  return pipe == null || pipe.destroyed ? "ignore" : pipe;
}

/**
 * Arguments of `/bin/sh` for a command that registers its group by itself, on descriptor 3, before it does anything else: a worker may
 * be killed before it has got to `watchGroup`. In a subshell, since a watchdog that is gone must not end it by SIGPIPE.
 */
export function registeringCommand(command: string): readonly string[] {
  return ["-c", '(echo "+ $$" >&3) 2>/dev/null; exec /bin/sh -c "$1" 3>&-', "sh", command];
}

/** Has the group ended if this process dies before `unwatchGroup`. */
export function watchGroup(groupId: number): void {
  groups.add(groupId);
  if (watchdog === undefined) startWatchdog();
  else tell(`+ ${groupId}\n`);
}

export function unwatchGroup(groupId: number): void {
  if (groups.delete(groupId)) tell(`- ${groupId}\n`);
}

function startWatchdog(): void {
  const child = spawn("/bin/sh", ["-c", SCRIPT], {
    detached: true,
    cwd: "/",
    env: { PATH: "/usr/bin:/bin" },
    stdio: ["pipe", "ignore", "ignore"],
  });
  // Somebody killed it: the groups that run now get another.
  const replace = () => {
    if (watchdog !== child) return;
    watchdog = undefined;
    if (groups.size > 0) startWatchdog();
  };
  child.once("exit", replace);
  child.once("error", () => undefined);
  child.stdin.on("error", () => undefined);
  child.unref();
  // A pipe's socket can be unreferenced too; without it an idle worker could never exit by itself.
  if ("unref" in child.stdin && typeof child.stdin.unref === "function") child.stdin.unref();
  watchdog = child;
  tell([...groups].map((groupId) => `+ ${groupId}\n`).join(""));
}

function tell(lines: string): void {
  if (lines !== "") watchdog?.stdin?.write(lines);
}
