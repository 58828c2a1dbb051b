import type { Logger } from "../core/logger";

/** Something of ours that runs until it is closed. */
export interface RunningProcess {
  /** Resolves with why it cannot go on; closing it is then still to be done. Never rejects. */
  readonly failed: Promise<Error>;
  /** Stops everything, in an order that loses nothing; calling it again waits for the same end. */
  close(): Promise<void>;
}

/** One thing to stop. Steps run from the last that was added to the first: what was started last stops first. */
interface Step {
  readonly what: string;
  stop(): Promise<void> | void;
}

/** What has been started, to be stopped in reverse. A step that fails does not keep the others from being stopped. */
export class Shutdown {
  readonly #steps: Step[] = [];
  readonly #logger: Logger;
  #closing: Promise<void> | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(what: string, stop: () => Promise<void> | void): void {
    this.#steps.push({ what, stop });
  }

  close(): Promise<void> {
    this.#closing ??= this.#run();
    return this.#closing;
  }

  /** Runs `start`; when it throws, what was started until then is stopped before the error is passed on. */
  async guard<T>(start: () => Promise<T>): Promise<T> {
    try {
      return await start();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async #run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step.stop();
      } catch (error) {
        this.#logger.error({ error, what: step.what }, "something could not be stopped in order");
      }
    }
  }
}

/** For what fails by rejecting: resolves with the error. */
export async function failureOf(failed: Promise<never>): Promise<Error> {
  return await failed.catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

/** For what cannot fail by itself. */
export const NEVER_FAILS: Promise<Error> = new Promise(() => undefined);
