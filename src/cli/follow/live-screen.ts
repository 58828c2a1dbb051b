import type { ExecutionEvent } from "../../events/event-types";
import { type LiveStyle, liveLines } from "./live-lines";
import { ProgressFold } from "./progress";

export interface LiveScreenOptions extends Pick<LiveStyle, "color" | "label"> {
  /** To the terminal. */
  write(text: string): void;
  /** To standard error, which may be the same terminal. */
  writeNotice(line: string): void;
  size(): { readonly columns: number; readonly rows: number };
}

/** Ten frames a second: smooth enough for a person, nothing for a terminal. */
const FRAME_MS = 100;

/** Draws the progress of an execution in place, below what the terminal already shows. */
export class LiveScreen {
  readonly #options: LiveScreenOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #fold = new ProgressFold();
  #drawnLines = 0;
  #frame = 0;

  constructor(options: LiveScreenOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#draw(), FRAME_MS);
  }

  event(event: ExecutionEvent): void {
    this.#fold.add(event);
  }

  notice(message: string): void {
    this.#options.write(this.#eraseSequence());
    this.#drawnLines = 0;
    this.#options.writeNotice(`aco: ${message}\n`);
    this.#draw();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#draw();
  }

  #draw(): void {
    const { columns, rows } = this.#options.size();
    // The line below the last one is the cursor's.
    const style = { ...this.#options, columns, rows: rows - 1 };
    const lines = liveLines(this.#fold.progress(), style, Date.now(), this.#frame);
    this.#frame += 1;
    this.#options.write(this.#eraseSequence() + lines.map((line) => `${line}\n`).join(""));
    this.#drawnLines = lines.length;
  }

  /** Back to the first drawn line, and clear from there (ECMA-48 CPL and ED). */
  #eraseSequence(): string {
    return this.#drawnLines === 0 ? "" : `\u001b[${this.#drawnLines}F\u001b[J`;
  }
}
