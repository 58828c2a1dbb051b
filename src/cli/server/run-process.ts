import type { RunningProcess } from "../../server/running-process";
import { EXIT_CODES } from "../exit-codes";

/** Signals that ask a process to stop: Ctrl-C, `kill` and service managers, a closed terminal. */
const STOP_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** The promise is ten seconds in all (the foundation issue, "Graceful shutdown"); what has not stopped by then is left behind. */
const STOP_TIMEOUT_MS = 9_500;

/**
 * Runs a process of ours until a signal or a failure ends it, and sets the exit code: 0 after a signal, 1 after a failure.
 * A second signal, or one before it is ready, ends it at once: nothing that it does is lost by that, and the guard of the
 * embedded Temporal ends that. `start` resolves to null when `signal` aborted before it was ready.
 */
export async function runProcess<T extends RunningProcess>(
  start: (signal: AbortSignal) => Promise<T | null>,
  onReady: (running: T) => void,
): Promise<void> {
  const stopping = new AbortController();
  let ready = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (!ready || stopping.signal.aborted) process.exit(exitCodeOf(signal));
    stopping.abort();
    if (process.stderr.isTTY) process.stderr.write("Stopping; once more ends it at once.\n");
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  const running = await start(stopping.signal);
  if (running === null) return;
  ready = true;
  onReady(running);
  const stopped = new Promise<undefined>((resolve) => {
    stopping.signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
  const failure = await Promise.race([running.failed, stopped]);
  setTimeout(() => process.exit(EXIT_CODES.failed), STOP_TIMEOUT_MS).unref();
  await running.close();
  if (failure !== undefined) throw failure;
  // Not left to an idle event loop: a connection that somebody forgot must not keep a stopped server alive.
  process.exit(EXIT_CODES.done);
}

/** As shells have it: 128 and the signal's number. */
function exitCodeOf(signal: NodeJS.Signals): number {
  return signal === "SIGINT" ? 130 : signal === "SIGTERM" ? 143 : 129;
}
