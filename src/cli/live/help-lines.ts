import { type KeyText, keyHelpLines } from "./key-lines";
import type { Line } from "./span";

const KEYS: readonly KeyText[] = [
  ["↑ ↓  j k", "move; PgUp PgDn Home End (g G) move further"],
  [".", "follow again what happens last"],
  ["→ ← space", "unfold and fold what has several runs"],
  ["Enter", "show all of the selected node; Esc goes back"],
  ["/", "show only nodes with this text in their id or type; Esc shows all"],
  ["f", "show all, only active, only failed nodes"],
  ["", ""],
  ["p", "pause, and resume"],
  ["s", "while paused: one step"],
  ["a", "answer the approval that is selected, or the first that waits"],
  ["R", "retry: make the next attempt of the selected task now"],
  ["S", "skip the selected node (asks)"],
  ["X", "cancel the selected node (asks)"],
  ["C", "cancel the whole execution (asks)"],
  ["o", "open the run in Temporal's Web UI"],
  ["", ""],
  ["q  Ctrl-C", "leave: the execution goes on, and the exit code is 130; once it has ended, its own: 0 or 1"],
  ["Ctrl-Z", "suspend; fg comes back"],
];

export function helpLines(): readonly Line[] {
  return keyHelpLines(KEYS);
}
