import type { JsonObject, JsonValue } from "../../src/core/json";
import type { ExecutionEvent } from "../../src/events/event-types";

/** Something that a node's runner said. */
export interface LogEntry {
  readonly kind: "stdout" | "stderr" | "text" | "progress" | "tool" | "blob";
  readonly attempt: number;
  readonly text: string;
  /** Of bulk output: to be read with ReadBlob. */
  readonly reference?: string;
  readonly bytes?: number;
}

/** When each attempt was first heard of. */
export interface AttemptStart {
  readonly attempt: number;
  readonly atMs: number;
}

/** What one instance of a node has said so far. */
export interface NodeLog {
  readonly entries: readonly LogEntry[];
  readonly attempts: readonly AttemptStart[];
  /** Characters at the beginning that the page does not keep. */
  readonly dropped: number;
  /** From 0 to 100; absent where it does not say. */
  readonly percent?: number;
}

/** Characters kept of one instance, as a terminal keeps some thousand lines; the rest is in history. */
const MAX_CHARACTERS = 64 * 1024;
/** Of all of them together. */
const MAX_CHARACTERS_IN_ALL = 16 * 1024 * 1024;
const MAX_ENTRIES = 2_000;

/** The execution as a whole, and all of a task. */
export const WHOLE = "";

/** What the nodes of one execution said, by instance; the end of it where it is much. */
export class NodeLogs {
  readonly #logs = new Map<string, MutableLog>();
  #characters = 0;

  /** Takes what runners say; other events are left alone. */
  add(event: ExecutionEvent): void {
    const { type, data, timestamp } = event;
    const attempt = typeof data["attempt"] === "number" ? data["attempt"] : undefined;
    const entry = attempt === undefined ? undefined : entryOf(type, data, attempt);
    if (attempt === undefined || (entry === undefined && type !== "PROGRESS")) return;
    const id = event.nodeId ?? WHOLE;
    const log = this.#logs.get(id) ?? new MutableLog();
    this.#logs.set(id, log);
    this.#characters += log.add(entry, attempt, Date.parse(timestamp), data["percent"]);
    if (this.#characters > MAX_CHARACTERS_IN_ALL) this.#makeRoom(id);
  }

  of(id: string): NodeLog | undefined {
    return this.#logs.get(id)?.view();
  }

  attemptsOf(id: string): readonly AttemptStart[] {
    return this.#logs.get(id)?.attempts ?? [];
  }

  /** Whoever spoke first is read last. */
  #makeRoom(speaking: string): void {
    for (const [id, log] of this.#logs) {
      if (id === speaking) continue;
      this.#characters -= log.clear();
      if (this.#characters < MAX_CHARACTERS_IN_ALL / 2) return;
    }
  }
}

class MutableLog {
  readonly attempts: AttemptStart[] = [];
  #entries: LogEntry[] = [];
  #characters = 0;
  #dropped = 0;
  #percent: number | undefined;

  /** Returns by how many characters it has grown. */
  add(entry: LogEntry | undefined, attempt: number, atMs: number, percent: JsonValue | undefined): number {
    const before = this.#characters;
    if (this.attempts.at(-1)?.attempt !== attempt) this.attempts.push({ attempt, atMs });
    if (typeof percent === "number") this.#percent = percent;
    if (entry !== undefined) this.#append(entry);
    while (this.#characters > MAX_CHARACTERS || this.#entries.length > MAX_ENTRIES) this.#dropFirst();
    return this.#characters - before;
  }

  clear(): number {
    const freed = this.#characters;
    this.#dropped += freed;
    this.#entries = [];
    this.#characters = 0;
    return freed;
  }

  view(): NodeLog {
    const percent = this.#percent === undefined ? {} : { percent: this.#percent };
    return { entries: this.#entries, attempts: this.attempts, dropped: this.#dropped, ...percent };
  }

  /** Pieces of one stream are one text: a line is often cut in two. */
  #append(entry: LogEntry): void {
    const last = this.#entries.at(-1);
    const goesOn = last?.kind === entry.kind && last.attempt === entry.attempt && isStream(entry.kind);
    this.#characters += entry.text.length;
    if (goesOn && last !== undefined && last.text.length < MAX_CHARACTERS / 4)
      this.#entries[this.#entries.length - 1] = { ...last, text: last.text + entry.text };
    else this.#entries.push(entry);
  }

  #dropFirst(): void {
    const [first] = this.#entries;
    if (first === undefined) return;
    const over = this.#characters - MAX_CHARACTERS;
    const isCut = this.#entries.length === 1 && over > 0;
    const cut = isCut ? over : first.text.length;
    if (isCut) this.#entries[0] = { ...first, text: first.text.slice(cut) };
    else this.#entries.shift();
    this.#characters -= cut;
    this.#dropped += cut;
  }
}

function isStream(kind: LogEntry["kind"]): boolean {
  return kind === "stdout" || kind === "stderr" || kind === "text";
}

function entryOf(type: ExecutionEvent["type"], data: JsonObject, attempt: number): LogEntry | undefined {
  switch (type) {
    case "OUTPUT":
      return outputOf(data, attempt);
    case "PROGRESS": {
      const { message, retracted_attempt: retracted, dropped_bytes: dropped } = data;
      if (typeof retracted === "number")
        return { kind: "progress", attempt, text: `attempt ${retracted} no longer counts; attempt ${attempt} speaks` };
      if (typeof dropped === "number")
        return { kind: "progress", attempt, text: `${dropped} bytes of output were too much for the stream` };
      return typeof message === "string" ? { kind: "progress", attempt, text: message } : undefined;
    }
    case "TOOL_CALL":
      return { kind: "tool", attempt, text: `→ ${data["tool"]} ${JSON.stringify(data["arguments"] ?? {})}` };
    case "TOOL_RESULT": {
      const { tool, result, error, duration_ms: ms } = data;
      const said = error === undefined ? JSON.stringify(result ?? null) : `failed: ${JSON.stringify(error)}`;
      return { kind: "tool", attempt, text: `← ${tool} ${said}${typeof ms === "number" ? ` (${ms} ms)` : ""}` };
    }
    default:
      return undefined;
  }
}

function outputOf({ stream, text, reference, bytes }: JsonObject, attempt: number): LogEntry | undefined {
  const kind = stream === "stdout" || stream === "stderr" ? stream : "text";
  if (typeof text === "string") return { kind, attempt, text };
  if (typeof reference !== "string") return undefined;
  return { kind: "blob", attempt, text: kind, reference, bytes: typeof bytes === "number" ? bytes : 0 };
}
