import { EXIT_CODES } from "./exit-codes";

/** What ends the following of an execution from outside, with the exit code that shells give it. */
export interface Interruption {
  readonly exitCode: number;
}

const SIGNALS: Readonly<Record<"SIGINT" | "SIGTERM", Interruption>> = {
  SIGINT: { exitCode: EXIT_CODES.detached },
  // 128 + SIGTERM.
  SIGTERM: { exitCode: 143 },
};

const BROKEN_PIPE: Interruption = { exitCode: EXIT_CODES.brokenPipe };

/** What is under way and wants to end in its own way; there is one command in a process, so at most one. */
let current: AbortController | undefined;

/** Lets `work` end in its own way when it is interrupted; the second time ends the process at once. */
export async function withInterruption<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  current = controller;
  const listeners = Object.entries(SIGNALS).map(([signal, interruption]) => {
    const listener = () => interrupt(interruption);
    process.on(signal, listener);
    return () => process.removeListener(signal, listener);
  });
  try {
    return await work(controller.signal);
  } finally {
    current = undefined;
    for (const remove of listeners) remove();
  }
}

function interrupt(interruption: Interruption): void {
  if (current === undefined || current.signal.aborted) process.exit(interruption.exitCode);
  current.abort(interruption);
}

/** Which of them it was. Only of a signal that is aborted. */
export function interruptionOf(signal: AbortSignal): Interruption {
  return signal.reason as Interruption;
}

/**
 * A reader that goes away (`| head`) is no error to show. What follows an execution is interrupted, so that a server that
 * was started for the run is stopped first. The EPIPE of the stream is what counts: the signal SIGPIPE itself also comes
 * from sockets, once somebody listens to it.
 */
export function handleBrokenPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    let isBroken = false;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      // Every further write fails too, and says nothing new.
      if (!isBroken) interrupt(BROKEN_PIPE);
      isBroken = true;
    });
  }
}
