import { signal } from "@preact/signals";
import { CALL, executions } from "../api/clients";

/** How many approvals wait for somebody; 0 also while nobody knows. */
export const approvalCount = signal(0);

/** Never rejects: a number in a corner is no place for an error. */
export async function countApprovals(): Promise<void> {
  try {
    approvalCount.value = (await executions.listApprovals({ limit: 1 }, CALL)).total;
  } catch {
    approvalCount.value = 0;
  }
}
