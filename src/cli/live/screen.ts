import { emitKeypressEvents, type Interface } from "node:readline";
import { DEFAULT_HEIGHT, DEFAULT_WIDTH } from "../output/output";
import { type KeyPress, keyName } from "./keys";
import type { Size } from "./live-layout";
import { type Line, toAnsi } from "./span";

/** How long a lone Escape may be the beginning of a longer key: over a slow line its bytes come apart. */
const ESCAPE_TIMEOUT_MS = 50;

/** Alternate screen, hidden cursor, no wrapping at the right edge (xterm, DEC private modes), and what takes them back. */
const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[H\u001b[2J";
const LEAVE = "\u001b[?2026l\u001b[0m\u001b[?7h\u001b[?25h\u001b[?1049l";
const LENT = "\u001b[2J\u001b[H\u001b[?7h\u001b[?25h";
const TAKEN_BACK = "\u001b[?25l\u001b[?7l\u001b[2J";
/** What stands between is shown at once (synchronized output); terminals that do not know it ignore it. */
const BEGIN_FRAME = "\u001b[?2026h";
const END_FRAME = "\u001b[?2026l";

const STOP_MS = 100;

/** 128 + SIGHUP. */
const HANG_UP_EXIT_CODE = 129;

/**
 * The whole terminal, for as long as it is open. Only lines that changed are written. It is given back as it was however the
 * process ends, but for SIGKILL: on `close`, on an exit of whatever reason, on SIGHUP, and while the process is suspended.
 */
export class Screen {
  readonly #hasColor: boolean;
  #isOpen = false;
  #isLent = false;
  #drawn: string[] = [];
  /** Takes the keys; whoever shows something sets it. */
  onKey: (key: string) => void = () => undefined;
  /** Called when everything has to be drawn again. */
  onRedraw: () => void = () => undefined;

  constructor(hasColor: boolean) {
    this.#hasColor = hasColor;
  }

  readonly #restore = () => this.close();
  readonly #hangUp = () => {
    this.close();
    process.exit(HANG_UP_EXIT_CODE);
  };
  readonly #resized = () => {
    if (this.#isLent) return;
    this.#drawn = [];
    process.stdout.write("\u001b[2J");
    this.onRedraw();
  };
  readonly #pressed = (text: string | undefined, press: KeyPress) => {
    const key = keyName(text, press);
    if (key !== null) this.onKey(key);
  };

  open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.#drawn = [];
    process.on("exit", this.#restore);
    process.on("SIGHUP", this.#hangUp);
    const { stdin, stdout } = process;
    stdout.on("resize", this.#resized);
    stdout.write(ENTER);
    // It reads this one option of an interface, and needs none.
    emitKeypressEvents(stdin, { escapeCodeTimeout: ESCAPE_TIMEOUT_MS } as unknown as Interface);
    stdin.on("keypress", this.#pressed);
    stdin.setRawMode(true);
    stdin.resume();
  }

  /** Gives the terminal back. Nothing happens where it is not open. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.removeListener("exit", this.#restore);
    process.removeListener("SIGHUP", this.#hangUp);
    const { stdin, stdout } = process;
    stdout.removeListener("resize", this.#resized);
    stdin.removeListener("keypress", this.#pressed);
    stdout.write(LEAVE);
    // Both fail where the terminal itself is gone.
    if (!stdin.destroyed) {
      stdin.setRawMode(false);
      stdin.pause();
    }
  }

  /** Gives the terminal, cleared, to something else, such as prompts, and takes it back. What they leave there goes with it. */
  async lend<T>(work: () => Promise<T>): Promise<T> {
    const { stdin, stdout } = process;
    this.#isLent = true;
    stdin.removeListener("keypress", this.#pressed);
    stdout.write(LENT);
    stdin.setRawMode(false);
    try {
      return await work();
    } finally {
      this.#isLent = false;
      this.#drawn = [];
      // It may have been closed meanwhile, when the process was told to end.
      if (this.#isOpen) {
        stdout.write(TAKEN_BACK);
        stdin.on("keypress", this.#pressed);
        stdin.setRawMode(true);
        stdin.resume();
        this.onRedraw();
      }
    }
  }

  /**
   * Ctrl-Z: the shell has the terminal until the process is continued. Where there is no shell that could do so, as in a container,
   * the kernel does not stop the process, and it comes back by itself.
   */
  suspend(): void {
    this.close();
    process.kill(process.pid, "SIGTSTP");
    // The stop reaches all threads a moment after the call; the timer goes on when they do.
    setTimeout(() => {
      this.open();
      this.onRedraw();
    }, STOP_MS);
  }

  size(): Size {
    // A terminal that does not know its size says 0.
    return { columns: process.stdout.columns || DEFAULT_WIDTH, rows: process.stdout.rows || DEFAULT_HEIGHT };
  }

  draw(lines: readonly Line[]): void {
    if (!this.#isOpen || this.#isLent) return;
    const texts = lines.map((one) => toAnsi(one, this.#hasColor));
    const changes: string[] = [];
    for (let row = 0; row < Math.max(texts.length, this.#drawn.length); row += 1) {
      const text = texts[row] ?? "";
      if (text !== this.#drawn[row]) changes.push(`\u001b[${row + 1};1H${text}\u001b[K`);
    }
    this.#drawn = texts;
    if (changes.length > 0) process.stdout.write(`${BEGIN_FRAME}${changes.join("")}${END_FRAME}`);
  }
}
