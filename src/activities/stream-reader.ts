import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { OutputTail } from "./output-tail";
import type { RunnerContext } from "./runner";

/** Reads one pipe of a child: tells the event stream every byte of it and keeps its tail. */
export class StreamReader {
  readonly tail: OutputTail;
  /** Resolves when the pipe has ended or was closed. */
  readonly end: Promise<void>;
  ended = false;
  readBytes = 0;
  private readonly stream: Readable;
  private readonly name: "stdout" | "stderr";
  private readonly context: RunnerContext;
  /** Keeps a character that a chunk's end cut in two for the next chunk. */
  private readonly decoder = new StringDecoder("utf8");
  private waits = true;

  constructor(stream: Readable, name: "stdout" | "stderr", tailBytes: number, context: RunnerContext) {
    this.stream = stream;
    this.name = name;
    this.context = context;
    this.tail = new OutputTail(tailBytes);
    stream.on("data", (chunk: Buffer) => this.take(chunk));
    stream.on("error", () => undefined);
    this.end = new Promise((resolve) => {
      stream.once("close", () => {
        this.finish();
        resolve();
      });
    });
  }

  /** From now on reads without regard to `drained()`: the process has ended, so a pipe's worth is left at most. */
  stopWaiting(): void {
    this.waits = false;
    this.stream.resume();
  }

  close(): void {
    this.finish();
    this.stream.destroy();
  }

  private finish(): void {
    if (this.ended) return;
    this.ended = true;
    this.tell(this.decoder.end());
  }

  private take(chunk: Buffer): void {
    this.readBytes += chunk.length;
    this.tail.push(chunk);
    if (this.tell(this.decoder.write(chunk)) || !this.waits) return;
    this.stream.pause();
    void this.context.drained().then(() => this.stream.resume());
  }

  private tell(text: string): boolean {
    return text === "" || this.context.emit("OUTPUT", { stream: this.name, text });
  }
}
