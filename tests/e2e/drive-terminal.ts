/** A command in a terminal of its own, driven from a test: keys in, screens out. */
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { pythonEnvironment } from "../python-packages";
import { REPOSITORY } from "../repository";

/** What somebody who sits at the terminal sees. */
export interface Seen {
  readonly lines: readonly string[];
  readonly alternate: boolean;
  readonly cursor: boolean;
  readonly echoes: boolean;
  /** Bytes that the command has written so far. */
  readonly written: number;
  /** Null while it runs. */
  readonly code: number | null;
}

export interface TerminalOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly env: Readonly<Record<string, string>>;
}

const TIMEOUT_MS = 40_000;

export class DrivenTerminal {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;
  #stderr = "";

  constructor(args: readonly string[], { columns = 100, rows = 30, env }: TerminalOptions) {
    const aco = [process.execPath, path.join(REPOSITORY, "bin", "aco.js"), ...args];
    const script = path.join(__dirname, "drive-terminal.py");
    const settings = {
      ...process.env,
      ...pythonEnvironment(),
      TERM: "xterm-256color",
      LANG: "C.UTF-8",
      TZ: "UTC",
      ...env,
    };
    this.#child = spawn("python3", [script, String(columns), String(rows), ...aco], { env: settings, cwd: REPOSITORY });
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => {
      this.#stderr += text;
    });
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async #ask(question: object): Promise<Seen> {
    this.#child.stdin.write(`${JSON.stringify(question)}\n`);
    const { value, done } = await this.#answers.next();
    if (done === true) throw new Error(`the terminal is gone: ${this.#stderr}`);
    return JSON.parse(value as string) as Seen;
  }

  look(): Promise<Seen> {
    return this.#ask({});
  }

  type(keys: string): Promise<Seen> {
    return this.#ask({ keys });
  }

  resize(columns: number, rows: number): Promise<Seen> {
    return this.#ask({ resize: [columns, rows] });
  }

  signal(name: string): Promise<Seen> {
    return this.#ask({ signal: name });
  }

  /** Looks until a line matches, or what was seen passes the test. */
  async until(wanted: RegExp | ((seen: Seen) => boolean)): Promise<Seen> {
    const isIt = typeof wanted === "function" ? wanted : (seen: Seen) => seen.lines.some((line) => wanted.test(line));
    for (const deadline = Date.now() + TIMEOUT_MS; ; ) {
      const seen = await this.look();
      if (isIt(seen)) return seen;
      if (seen.code !== null || Date.now() > deadline)
        throw new Error(`did not see ${wanted} (exit code ${seen.code}):\n${seen.lines.join("\n")}`);
    }
  }

  /** Looks until the command has ended. */
  async untilEnd(): Promise<Seen> {
    return await this.until(({ code }) => code !== null);
  }

  close(): void {
    this.#child.stdin.end();
  }
}
