/** How long a group that was asked to end may take before it is killed. */
export const GROUP_GRACE_MS = 5_000;

/** Fine enough not to be felt, coarse enough to cost nothing. */
const POLL_INTERVAL_MS = 25;

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
  while (Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
    if (!signalGroup(groupId, 0)) return;
  }
  signalGroup(groupId, "SIGKILL");
}
