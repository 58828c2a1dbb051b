import type { JsonObject } from "../core/json";
import type { RunnerEventType } from "../events/event-types";

/** Past this many waiting pieces of output, each stream's are put together and only the streams' own order is kept. */
const MAX_WAITING = 100;

/** Room that an event takes beside its text: type, timestamp, keys. For counting only. */
const EVENT_OVERHEAD_BYTES = 128;

/** Something that a runner said and that was not sent yet. */
export interface WaitingEvent {
  readonly type: RunnerEventType;
  readonly timestamp: string;
  /** Without `text` where `text` below is present. */
  readonly data: JsonObject;
  /** Of an OUTPUT; grows while later text of the same stream joins it. */
  readonly text?: string;
  /** Bytes of UTF-8 of `text`, or of the data's JSON. */
  readonly bytes: number;
}

/**
 * What waits to be sent, in order. Text of one stream that comes in a row becomes one event; of a burst of many short pieces
 * the pieces of each stream do, so that what waits is a few events whatever a task says.
 */
export class EventQueue {
  private waiting: WaitingEvent[] = [];
  private waitingBytes = 0;
  private waitingTextBytes = 0;

  get length(): number {
    return this.waiting.length;
  }

  /** About what the queue takes in memory, in bytes. */
  get bytes(): number {
    return this.waitingBytes + this.waiting.length * EVENT_OVERHEAD_BYTES;
  }

  /** Bytes of the text that waits: what can go to the store instead. */
  get textBytes(): number {
    return this.waitingTextBytes;
  }

  push(type: RunnerEventType, data: JsonObject, timestamp: string): void {
    const event = waitingEvent(type, data, timestamp);
    this.count([event], 1);
    const at = this.indexToJoin(event);
    const earlier = this.waiting[at];
    if (earlier === undefined) this.waiting.push(event);
    else this.waiting[at] = joined(earlier, event);
  }

  /** Takes everything out, up to `maxDataBytes` of data that is not text (but always one event). */
  takeAll(maxDataBytes: number): WaitingEvent[] {
    let end = 0;
    for (let dataBytes = 0; end < this.waiting.length; end++) {
      const event = this.waiting[end];
      if (event === undefined || event.text !== undefined) continue;
      dataBytes += event.bytes;
      if (dataBytes > maxDataBytes && end > 0) break;
    }
    const taken = this.waiting.slice(0, end);
    this.waiting = this.waiting.slice(end);
    this.count(taken, -1);
    return taken;
  }

  /** Puts events back at the front. */
  putBack(events: readonly WaitingEvent[]): void {
    this.waiting = [...events, ...this.waiting];
    this.count(events, 1);
  }

  private count(events: readonly WaitingEvent[], sign: 1 | -1): void {
    for (const { bytes, text } of events) {
      this.waitingBytes += sign * bytes;
      if (text !== undefined) this.waitingTextBytes += sign * bytes;
    }
  }

  /** Index of the event that this one's text can be added to without passing anything but other output; -1 for none. */
  private indexToJoin(event: WaitingEvent): number {
    if (event.text === undefined) return -1;
    const farthest = this.waiting.length > MAX_WAITING ? 0 : this.waiting.length - 1;
    for (let index = this.waiting.length - 1; index >= farthest; index--) {
      const earlier = this.waiting[index];
      if (earlier?.text === undefined) return -1;
      if (earlier.data["stream"] === event.data["stream"]) return index;
    }
    return -1;
  }
}

/** Puts each stream's texts together, between events of other types. What is left has one event a stream and stretch. */
export function joinStreams(events: readonly WaitingEvent[]): WaitingEvent[] {
  const result: WaitingEvent[] = [];
  let stretch = new Map<unknown, number>();
  for (const event of events) {
    if (event.text === undefined) stretch = new Map();
    const at = event.text === undefined ? undefined : stretch.get(event.data["stream"]);
    const earlier = at === undefined ? undefined : result[at];
    if (at !== undefined && earlier !== undefined) {
      result[at] = joined(earlier, event);
    } else {
      if (event.text !== undefined) stretch.set(event.data["stream"], result.length);
      result.push(event);
    }
  }
  return result;
}

function waitingEvent(type: RunnerEventType, data: JsonObject, timestamp: string): WaitingEvent {
  const { text, stream, ...others } = data;
  if (type === "OUTPUT" && typeof text === "string" && Object.keys(others).length === 0)
    return { type, timestamp, data: { stream: stream ?? "text" }, text, bytes: Buffer.byteLength(text) };
  return { type, timestamp, data, bytes: Buffer.byteLength(JSON.stringify(data)) };
}

function joined(earlier: WaitingEvent, later: WaitingEvent): WaitingEvent {
  return { ...earlier, text: (earlier.text ?? "") + (later.text ?? ""), bytes: earlier.bytes + later.bytes };
}
