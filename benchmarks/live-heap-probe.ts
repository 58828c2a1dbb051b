/** Preloaded into a worker: collects the garbage of each of its threads and writes down what is left. */
import { appendFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { threadId } from "node:worker_threads";

const INTERVAL_MS = 1_000;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

setInterval(() => {
  collect();
  appendFileSync(process.env["BENCH_HEAP_FILE"] ?? "", `${Date.now()} ${threadId} ${process.memoryUsage().heapUsed}\n`);
}, INTERVAL_MS).unref();
