/** The end of a stream of bytes, in bounded memory. */
export class OutputTail {
  private readonly limitBytes: number;
  private readonly chunks: Buffer[] = [];
  private keptBytes = 0;
  private seenBytes = 0;

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  push(chunk: Buffer): void {
    this.seenBytes += chunk.length;
    this.keptBytes += chunk.length;
    this.chunks.push(chunk);
    for (let first = this.chunks[0]; first !== undefined && this.keptBytes - first.length >= this.limitBytes; ) {
      this.keptBytes -= first.length;
      this.chunks.shift();
      first = this.chunks[0];
    }
  }

  /** True when more was seen than `text()` holds. */
  get truncated(): boolean {
    return this.seenBytes > this.limitBytes;
  }

  /** The last bytes as UTF-8, from a character's start on; bytes that are no UTF-8 become U+FFFD. */
  text(): string {
    const bytes = Buffer.concat(this.chunks);
    if (!this.truncated) return bytes.toString("utf8");
    let start = bytes.length - this.limitBytes;
    // Continuation bytes (10xxxxxx) at the cut belong to a character that was cut off; at most three can.
    for (let skipped = 0; skipped < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80; skipped++) start++;
    return bytes.toString("utf8", start);
  }
}
