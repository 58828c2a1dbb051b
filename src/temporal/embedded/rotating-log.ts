import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** Of one file; with the one before it, a log takes at most twice this. Our choice: a day of a busy laptop. */
const MAX_FILE_BYTES = 10 * 1024 * 1024;

/** What is remembered for error messages: some ten lines. */
const TAIL_CHARS = 2_000;

/**
 * A log file of bounded size: when it is full it becomes `FILE.1`, replacing the one before. Writes are synchronous, so
 * that what was written is there after a crash; the volume is a few lines a second at most.
 */
export class RotatingLog {
  readonly path: string;
  readonly #maxBytes: number;
  #sizeBytes: number;
  #tail = "";

  constructor(path: string, maxBytes: number = MAX_FILE_BYTES) {
    this.path = path;
    this.#maxBytes = maxBytes;
    mkdirSync(dirname(path), { recursive: true });
    this.#sizeBytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }

  write(chunk: string | Uint8Array): void {
    const data = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    if (this.#sizeBytes > 0 && this.#sizeBytes + data.length > this.#maxBytes) {
      renameSync(this.path, `${this.path}.1`);
      this.#sizeBytes = 0;
    }
    appendFileSync(this.path, data);
    this.#sizeBytes += data.length;
    this.#tail = (this.#tail + Buffer.from(data).toString("utf8")).slice(-TAIL_CHARS);
  }

  /** The last lines that this process wrote. */
  tail(): string {
    return this.#tail.trim();
  }
}
