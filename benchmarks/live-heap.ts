/** What lives in a worker's heaps, as `live-heap-probe.ts` writes it into a file; one line a thread and sample. */
import { readFileSync } from "node:fs";

/** MiB in all threads, early in a run and at its end. */
export interface LiveHeap {
  readonly earlyMib: number;
  readonly endMib: number;
}

/** Part of the run after which it has taken its shape: everything is loaded, and as much runs at once as ever will. */
const EARLY = 0.2;

/** Of the samples between two times, in milliseconds since 1970. */
export function readLiveHeap(file: string, fromMs: number, toMs: number): LiveHeap {
  const samples = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => line.split(" ").map(Number));
  const before = (endMs: number): number => {
    const byThread = new Map<number, number>();
    for (const [atMs = 0, threadId = 0, bytes = 0] of samples) if (atMs <= endMs) byThread.set(threadId, bytes);
    return [...byThread.values()].reduce((sum, bytes) => sum + bytes, 0) / 1024 / 1024;
  };
  return { earlyMib: before(fromMs + EARLY * (toMs - fromMs)), endMib: before(toMs) };
}
