import type { JsonObject } from "../../src/core/json";
import type { LayoutAnswer, LayoutQuestion } from "./layout-worker";

/** The worker's file; the build says its name. */
declare const LAYOUT_WORKER: string;

/** Far above what 2,000 nodes take on a slow machine. */
const PATIENCE_MS = 60_000;

/** Asks a worker of its own, which is ended with the answer: Graphviz takes 60 MB while it is there. */
export function layOut(definition: JsonObject, signal: AbortSignal): Promise<LayoutAnswer> {
  const worker = new Worker(LAYOUT_WORKER, { type: "module" });
  return new Promise<LayoutAnswer>((resolve) => {
    const giveUp = (problem: string) => resolve({ ok: false, problem });
    const timer = setTimeout(() => giveUp("this graph takes too long to be laid out; see the list"), PATIENCE_MS);
    signal.addEventListener("abort", () => giveUp("nobody waits for it"), { once: true });
    worker.addEventListener("error", () => giveUp("the layout could not be loaded"));
    worker.addEventListener("message", ({ data }: MessageEvent<LayoutAnswer>) => {
      clearTimeout(timer);
      resolve(data);
    });
    worker.postMessage({ definition } satisfies LayoutQuestion);
  }).finally(() => worker.terminate());
}
