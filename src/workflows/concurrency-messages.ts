import { isJsonObject } from "../core/json";
import type { SlotClaim, SlotLeave } from "./history-contract";

/** Reads the argument of `claim-slot`. Null where it is malformed: anyone may send a signal. */
export function parseSlotClaim(argument: unknown): SlotClaim | null {
  if (!isJsonObject(argument)) return null;
  const { executionId, temporalWorkflowId, startedAtMs, onConflict, ancestors } = argument;
  if (typeof executionId !== "string" || typeof temporalWorkflowId !== "string") return null;
  if (typeof startedAtMs !== "number" || !Array.isArray(ancestors)) return null;
  if (onConflict !== "reject" && onConflict !== "queue" && onConflict !== "replace") return null;
  return { executionId, temporalWorkflowId, startedAtMs, onConflict, ancestors: ancestors.map(String) };
}

/** Reads the argument of `leave-slot`. Null where it is malformed. */
export function parseSlotLeave(argument: unknown): SlotLeave | null {
  if (!isJsonObject(argument)) return null;
  const { executionId } = argument;
  return typeof executionId === "string" ? { executionId } : null;
}
