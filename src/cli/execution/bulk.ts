import { createInterface } from "node:readline/promises";
import { usageError } from "../exit-codes";

/** Calls in flight: a server answers some hundred a second, and has others to serve. */
const CONCURRENCY = 8;
const BAR_COLUMNS = 30;
const REDRAW_MS = 100;

export interface BulkResult {
  readonly total: number;
  readonly done: number;
  readonly passedOver: number;
  readonly failures: readonly { readonly id: string; readonly message: string }[];
}

/** Asks in a terminal. Where nobody can be asked, `--yes` must say it. */
export async function confirmed(question: string, isGiven: boolean): Promise<boolean> {
  if (isGiven) return true;
  const { stdin, stderr } = process;
  if (stdin.isTTY !== true || stderr.isTTY !== true)
    throw usageError(`${question} Nobody is there to ask.`, "Give --yes.");
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}

/** Does the same to each, some at a time, with a bar in a terminal. What throws is a failure of that one; the others go on. */
export async function forEachInBulk<Item extends { readonly id: string }>(
  items: readonly Item[],
  verb: string,
  work: (item: Item) => Promise<"done" | "passed over">,
): Promise<BulkResult> {
  const failures: { id: string; message: string }[] = [];
  const counts = { done: 0, passedOver: 0 };
  const settled = () => counts.done + counts.passedOver + failures.length;
  const bar = openBar(verb, items.length, settled);
  // All workers draw from the one iterator.
  const rest = items.values();
  const workers = Array.from({ length: CONCURRENCY }, async () => {
    for (const item of rest) {
      try {
        if ((await work(item)) === "done") counts.done += 1;
        else counts.passedOver += 1;
      } catch (error) {
        failures.push({ id: item.id, message: messageOf(error) });
      }
    }
  });
  await Promise.all(workers);
  bar.close();
  return { total: items.length, ...counts, failures };
}

/** A gRPC error's message starts with its status; `details` is what the server said. */
function messageOf(error: unknown): string {
  if (typeof error === "object" && error !== null && "details" in error && typeof error.details === "string")
    return error.details;
  return error instanceof Error ? error.message : String(error);
}

export function openBar(verb: string, total: number, settled: () => number): { close(): void } {
  const { stderr } = process;
  if (stderr.isTTY !== true || total === 0) return { close: () => undefined };
  const draw = () => {
    const filled = Math.floor((BAR_COLUMNS * settled()) / total);
    stderr.write(`\r${verb} [${"#".repeat(filled).padEnd(BAR_COLUMNS)}] ${settled()}/${total}`);
  };
  draw();
  const timer = setInterval(draw, REDRAW_MS);
  return {
    close: () => {
      clearInterval(timer);
      stderr.write("\r\u001b[K");
    },
  };
}
