import { OrchestratorError } from "../core/errors";
import { MAX_OPEN_STREAMS } from "./limits";

/** The response streams of one API, counted and ended together. */
export class OpenStreams {
  readonly #enders = new Set<(reason: OrchestratorError) => void>();
  #shutdown: OrchestratorError | undefined;

  constructor(private readonly maxStreams: number = MAX_OPEN_STREAMS) {}

  /** Registers a stream; call what it returns when the stream has ended. Throws when there are too many. */
  add(end: (reason: OrchestratorError) => void): () => void {
    if (this.#shutdown !== undefined) throw this.#shutdown;
    if (this.#enders.size >= this.maxStreams) {
      throw new OrchestratorError(
        "RESOURCE_EXHAUSTED",
        `this server has ${this.maxStreams} streams open, which is all it takes; try again later or another one`,
      );
    }
    this.#enders.add(end);
    return () => this.#enders.delete(end);
  }

  /** Ends every stream with UNAVAILABLE, and every later one at once. */
  shutDown(): void {
    this.#shutdown = new OrchestratorError(
      "UNAVAILABLE",
      "the server is shutting down; the execution goes on: follow it with WatchExecution",
    );
    for (const end of this.#enders) end(this.#shutdown);
  }
}
