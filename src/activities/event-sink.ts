import { randomUUID } from "node:crypto";
import type { ExecutionId } from "../core/ids";
import type { JsonObject } from "../core/json";
import type { Logger } from "../core/logger";
import type { RunnerEventType } from "../events/event-types";
import type { Store } from "../store/store-port";
import type { RunnerEvent } from "../workflows/history-contract";
import { EventQueue, joinStreams, type WaitingEvent } from "./event-queue";
import { pause, type SendSignal } from "./send-signal";
import { inlineBytes, type SignalUse, signalIntervalMs } from "./signal-pacing";

/** A runner that can wait is asked to above this. */
const HIGH_WATER_BYTES = 1024 * 1024;

/** Between two signals, text above this goes to blobs; half of the former, so that a busy runner is seldom held up. */
const SPILL_BYTES = HIGH_WATER_BYTES / 2;

/** What a runner that does not wait says beyond this is dropped, and the stream says so. */
const MAX_QUEUE_BYTES = 4 * HIGH_WATER_BYTES;

/** Of the text of one attempt this much is kept: what a person may still look through. The rest is dropped, and the stream says so. */
export const MAX_ATTEMPT_BYTES = 64 * 1024 * 1024;

/** A reference to a blob takes about a hundred bytes in history, so shorter text than this is not worth one. */
const MIN_BLOB_BYTES = 1024;

/** Data other than text in one signal; Temporal warns above 512 KiB for one payload. */
const MAX_DATA_BYTES = 256 * 1024;

/** How long the last flush may take. `startToCloseTimeout` leaves 30 s after an attempt's own time limit. */
export const FLUSH_TIMEOUT_MS = 15_000;

/** Between two tries to keep a blob. */
const BLOB_RETRY_MS = 500;

export interface EventSinkOptions {
  readonly send: SendSignal;
  readonly store: Pick<Store, "putBlob">;
  readonly logger: Logger;
  readonly executionId: ExecutionId;
  readonly activityId: string;
  readonly nodeId: string | undefined;
  readonly attempt: number;
  readonly signalBudget: number;
  /** What earlier attempts used. */
  readonly use: SignalUse;
}

/**
 * Takes what a runner says and sends it as signals `activity-events`: in order, one signal at a time, the first of a burst
 * at once, then paced by `signal-pacing`; what gathers meanwhile goes into the next. Text that is too much for history goes
 * to the store. In bounded memory; nothing is dropped without the stream saying so.
 */
export class EventSink {
  private readonly options: EventSinkOptions;
  private readonly queue = new EventQueue();
  private readonly giveUp = new AbortController();
  private used: SignalUse;
  private sequence = 0;
  private nextSendAt = 0;
  /** Taken from the queue, and being stored or sent. */
  private inHandBytes = 0;
  private attemptBytes = 0;
  private droppedBytes = 0;
  private announcedBytes = 0;
  private closing = false;
  /** The run has closed or takes no more signals: nobody is left to tell. */
  private deaf = false;
  private pump: Promise<void> | undefined;
  private wake = new AbortController();
  private waiters: (() => void)[] = [];

  constructor(options: EventSinkOptions) {
    this.options = options;
    this.used = options.use;
  }

  /** What this attempt and those before it have used; the next attempt starts from it. */
  get use(): SignalUse {
    return this.used;
  }

  emit(type: RunnerEventType, data: JsonObject): boolean {
    if (this.deaf || this.closing) return true;
    if (!this.admit(type, data)) return this.hasRoom();
    this.queue.push(type, data, new Date().toISOString());
    this.pump ??= this.run();
    if (this.queue.textBytes > SPILL_BYTES) this.wake.abort();
    return this.hasRoom();
  }

  drained(): Promise<void> {
    if (this.hasRoom()) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  /** Sends what is left, without regard to pace; returns after 15 s at the latest. Later `emit`s are ignored. */
  async close(): Promise<void> {
    this.closing = true;
    if (this.droppedBytes > this.announcedBytes) this.pump ??= this.run();
    // Most tasks say nothing, and an abort is not cheap: it makes an error with a stack trace.
    if (this.pump === undefined) return;
    this.wake.abort();
    const timer = setTimeout(() => this.giveUp.abort(), FLUSH_TIMEOUT_MS);
    await this.pump;
    clearTimeout(timer);
  }

  private hasRoom(): boolean {
    return this.deaf || this.queue.bytes + this.inHandBytes <= HIGH_WATER_BYTES;
  }

  /** False for what is dropped. */
  private admit(type: RunnerEventType, data: JsonObject): boolean {
    const text = type === "OUTPUT" ? data["text"] : undefined;
    const bytes = typeof text === "string" ? Buffer.byteLength(text) : 0;
    this.attemptBytes += bytes;
    const fits = this.attemptBytes <= MAX_ATTEMPT_BYTES || bytes === 0;
    if (fits && this.queue.bytes + this.inHandBytes <= MAX_QUEUE_BYTES) return true;
    this.droppedBytes += bytes > 0 ? bytes : Buffer.byteLength(JSON.stringify(data));
    this.pump ??= this.run();
    return false;
  }

  /** Runs while there is something to say; never rejects. */
  private async run(): Promise<void> {
    // A burst within one turn of the event loop goes into one signal.
    await new Promise((resolve) => setImmediate(resolve));
    try {
      while (!this.deaf && (this.queue.length > 0 || this.owesNotice())) {
        await this.waitForTurn();
        await this.sendBatch();
        this.resumeRunner();
      }
    } catch (error) {
      this.fallSilent(error, "Stopped sending a task's events: a defect");
    } finally {
      this.pump = undefined;
      this.resumeRunner();
    }
  }

  private async waitForTurn(): Promise<void> {
    for (;;) {
      if (this.queue.textBytes > SPILL_BYTES) await this.spill();
      const waitMs = this.nextSendAt - Date.now();
      if (this.closing || waitMs <= 0) return;
      this.wake = new AbortController();
      // `setTimeout` takes at most 2^31 - 1; with the budget used up there is nothing to wait for but `close`.
      if (this.queue.textBytes <= SPILL_BYTES) await pause(Math.min(waitMs, 2 ** 31 - 1), this.wake.signal);
    }
  }

  /** Turns the text that waits into references, in place. */
  private async spill(): Promise<void> {
    const events = await this.store(joinStreams(this.take(Number.POSITIVE_INFINITY)), 0);
    this.queue.putBack(events);
    this.inHandBytes = 0;
    this.resumeRunner();
  }

  private async sendBatch(): Promise<void> {
    const startedAt = Date.now();
    const { activityId, nodeId, attempt, signalBudget } = this.options;
    let batch = this.take(MAX_DATA_BYTES);
    const inline = inlineBytes(this.used, signalBudget);
    if (textBytes(batch) > inline) batch = await this.store(joinStreams(batch), inline);
    if (this.owesNotice()) batch.push(this.dropNotice());
    const events = batch.map((event) => this.toRunnerEvent(event));
    const head = nodeId === undefined ? { activityId, attempt } : { activityId, nodeId, attempt };
    const result = await this.options.send({ ...head, events }, this.giveUp.signal);
    this.inHandBytes = 0;
    this.used = { signals: this.used.signals + 1, bytes: this.used.bytes + textBytes(batch) };
    this.nextSendAt = startedAt + signalIntervalMs(this.used, signalBudget);
    if (result.status === "sent") return;
    if (result.status === "closed") this.deaf = true;
    else this.fallSilent(result.error ?? result.status, "Temporal did not take a task's events");
  }

  private take(maxDataBytes: number): WaitingEvent[] {
    const before = this.queue.bytes;
    const events = this.queue.takeAll(maxDataBytes);
    this.inHandBytes = before - this.queue.bytes;
    return events;
  }

  /** Keeps what does not fit into `inline` bytes of text in the store. */
  private async store(events: readonly WaitingEvent[], inline: number): Promise<WaitingEvent[]> {
    const result: WaitingEvent[] = [];
    let left = inline;
    for (const event of events) {
      const fits = event.text === undefined || event.bytes <= Math.max(left, MIN_BLOB_BYTES);
      if (fits && event.text !== undefined) left -= event.bytes;
      const kept = fits ? event : await this.storeText(event, event.text ?? "");
      if (kept !== undefined) result.push(kept);
    }
    return result;
  }

  /** Undefined where the store did not take it before the flush had to end; the bytes then count as dropped. */
  private async storeText(event: WaitingEvent, text: string): Promise<WaitingEvent | undefined> {
    const data = Buffer.from(text, "utf8");
    while (!this.giveUp.signal.aborted) {
      // A new name for every try: one whose answer got lost may have been kept.
      const reference = randomUUID();
      try {
        await this.options.store.putBlob({ reference, executionId: this.options.executionId, data });
        const described = { ...event.data, reference, bytes: data.length };
        return {
          type: event.type,
          timestamp: event.timestamp,
          data: described,
          bytes: JSON.stringify(described).length,
        };
      } catch (error) {
        this.options.logger.warn(
          { err: error, executionId: this.options.executionId },
          "Could not keep bulk output yet",
        );
        await pause(BLOB_RETRY_MS, this.giveUp.signal);
      }
    }
    this.droppedBytes += data.length;
    return undefined;
  }

  /** The stream says when dropping begins, and at the end how much it was. */
  private owesNotice(): boolean {
    const due = this.announcedBytes === 0 || (this.closing && this.queue.length === 0);
    return due && this.droppedBytes > this.announcedBytes;
  }

  private dropNotice(): WaitingEvent {
    this.announcedBytes = this.droppedBytes;
    const message = `output was dropped: ${this.droppedBytes} bytes so far that were more than this stream holds`;
    const data = { message, dropped_bytes: this.droppedBytes };
    return { type: "PROGRESS", timestamp: new Date().toISOString(), data, bytes: message.length };
  }

  private toRunnerEvent({ type, timestamp, data, text }: WaitingEvent): RunnerEvent {
    this.sequence += 1;
    return { type, sequence: this.sequence, timestamp, data: text === undefined ? data : { ...data, text } };
  }

  private fallSilent(error: unknown, why: string): void {
    this.deaf = true;
    const { executionId, activityId, attempt } = this.options;
    const lostBytes = this.queue.bytes;
    this.queue.takeAll(Number.POSITIVE_INFINITY);
    this.options.logger.warn({ err: error, executionId, activityId, attempt, lostBytes }, why);
  }

  private resumeRunner(): void {
    if (!this.hasRoom()) return;
    const waiters = this.waiters;
    this.waiters = [];
    for (const resolve of waiters) resolve();
  }
}

function textBytes(events: readonly WaitingEvent[]): number {
  return events.reduce((sum, event) => sum + (event.text === undefined ? 0 : event.bytes), 0);
}
