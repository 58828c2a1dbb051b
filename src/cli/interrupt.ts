import { EXIT_CODES } from "./exit-codes";

/** What ends the following of an execution from outside; each has the exit code that shells give it. */
export interface Interruption {
  readonly signal: "SIGINT" | "SIGTERM" | "SIGPIPE";
  readonly exitCode: number;
}

const INTERRUPTIONS: readonly Interruption[] = [
  { signal: "SIGINT", exitCode: EXIT_CODES.detached },
  { signal: "SIGTERM", exitCode: 143 },
  { signal: "SIGPIPE", exitCode: EXIT_CODES.brokenPipe },
];

/** Lets `work` end in its own way when a signal comes; the second one ends the process at once. */
export async function withInterruption<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const removals = INTERRUPTIONS.map((interruption) => {
    const listener = () => {
      if (controller.signal.aborted) process.exit(interruption.exitCode);
      controller.abort(interruption);
    };
    process.on(interruption.signal, listener);
    return () => process.removeListener(interruption.signal, listener);
  });
  try {
    return await work(controller.signal);
  } finally {
    for (const remove of removals) remove();
  }
}

/** Which of them it was. Only of a signal that is aborted. */
export function interruptionOf(signal: AbortSignal): Interruption {
  return signal.reason as Interruption;
}

/**
 * A reader that goes away (`| head`) is no error to show. Node turns SIGPIPE into an EPIPE error of the stream; what is
 * following an execution gets it as the signal that it was, so that a server started for the run is stopped first.
 */
export function handleBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      if (process.listenerCount("SIGPIPE") === 0) process.exit(EXIT_CODES.brokenPipe);
      process.emit("SIGPIPE", "SIGPIPE");
    });
  }
}
