import { readdir, readFile } from "node:fs/promises";

/** How long a group that was asked to end may take before it is killed. */
export const GROUP_GRACE_MS = 5_000;

/** Fine enough not to be felt, coarse enough to cost nothing: a look is a system call, and on Linux a walk over `/proc`. */
const FIRST_LOOK_MS = 5;
const LAST_LOOK_MS = 200;

/**
 * Signals every process of a group. Returns false where none is left that we may signal: ESRCH, and EPERM, which macOS
 * gives for a group of zombies.
 */
function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-groupId, signal);
  } catch {
    return false;
  }
}

/**
 * Ends a process group: SIGTERM, then SIGKILL for what is left after the grace. Resolves when the group is gone or was
 * killed; at once where it had ended already.
 */
export async function endGroup(groupId: number, graceMs = GROUP_GRACE_MS): Promise<void> {
  if (!signalGroup(groupId, "SIGTERM")) return;
  const deadline = Date.now() + graceMs;
  for (let lookMs = FIRST_LOOK_MS; Date.now() < deadline; lookMs = Math.min(LAST_LOOK_MS, lookMs * 2)) {
    await new Promise((resolve) => setTimeout(resolve, lookMs));
    if (!(await isGroupAlive(groupId))) return;
  }
  signalGroup(groupId, "SIGKILL");
}

/**
 * Linux counts zombies as members of a group. An orphan stays one until process 1 reaps it, which in a container is late,
 * or never; so where there is a `/proc`, it says whether anybody in the group still lives.
 */
async function isGroupAlive(groupId: number): Promise<boolean> {
  if (!signalGroup(groupId, 0)) return false;
  const entries = await readdir("/proc").catch(() => []);
  const processIds = entries.filter((entry) => /^\d+$/.test(entry));
  if (processIds.length === 0) return true;
  const alive = await Promise.all(processIds.map((processId) => isLivingMember(processId, groupId)));
  return alive.includes(true);
}

async function isLivingMember(processId: string, groupId: number): Promise<boolean> {
  // "ID (NAME) STATE PARENT GROUP ...": proc(5). The name may hold anything, a parenthesis too.
  const stat = await readFile(`/proc/${processId}/stat`, "latin1").catch(() => "");
  const [state, , group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return Number(group) === groupId && state !== "Z" && state !== "X";
}
