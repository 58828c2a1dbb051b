import { isJsonObject } from "../core/json";
import type { SlotWord } from "../workflows/history-contract";

/** Reads the argument of the signal `slot`. Null where it is malformed: anyone may send a signal. */
export function parseSlotWord(argument: unknown): SlotWord | null {
  if (!isJsonObject(argument)) return null;
  const { status, holder, ahead, reason } = argument;
  if (status === "granted") return { status };
  if (typeof holder !== "string") return null;
  if (status === "queued" && typeof ahead === "number") return { status, holder, ahead };
  if (status === "rejected" && typeof reason === "string") return { status, holder, reason };
  return null;
}

/** What a run that has to wait says of it, for a person. */
export function waitingText(holder: string, ahead: number): string {
  const others = ahead === 1 ? "" : `, and ${ahead - 1} more ${ahead === 2 ? "is" : "are"} ahead of it`;
  return `waits for its turn: execution ${holder} runs with the same concurrency key${others}`;
}
