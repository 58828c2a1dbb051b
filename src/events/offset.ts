import { err, ok, type Result } from "../core/result";

/** A place in an execution's stream. Compared field by field, in this order. */
export interface Place {
  /** Which run of the chain of continue-as-new, from 0. */
  readonly run: number;
  /** Temporal's event id in that run. */
  readonly eventId: number;
  /** Which of the stream's events that one history event became, from 0. */
  readonly index: number;
}

/**
 * Least digits of run, event id and index. A number with more is led by a letter, `a` for one digit more, `b` for two and so
 * on: letters come after digits, so that offsets as text stay in the stream's order in a chain of any length.
 */
const WIDTHS = { run: 4, eventId: 7, index: 6 } as const;

/** How much of the first run's id, a UUID without dashes, an offset carries: enough that two executions never share it. */
const TAG_LENGTH = 12;

const OFFSET = /^([0-9a-z]{1,12})-([a-z]?\d+)-([a-z]?\d+)-([a-z]?\d+)$/;

const CODE_BEFORE_A = "a".charCodeAt(0) - 1;

/** The offset as clients see it: opaque, and in its text form increasing as the stream goes on. */
export function encodeOffset(firstRunId: string, place: Place): string {
  const { run, eventId, index } = place;
  const parts = [encodeCount(run, WIDTHS.run), encodeCount(eventId, WIDTHS.eventId), encodeCount(index, WIDTHS.index)];
  return [tagOf(firstRunId), ...parts].join("-");
}

/** Reads what a client gives back; the error says what is wrong with it. */
export function decodeOffset(firstRunId: string, text: string): Result<Place, string> {
  const [, tag, ...parts] = OFFSET.exec(text) ?? [];
  if (tag === undefined) return err(MALFORMED);
  if (tag !== tagOf(firstRunId)) return err("is an offset of another execution");
  const [run = "", eventId = "", index = ""] = parts;
  const place = { run: decodeCount(run), eventId: decodeCount(eventId), index: decodeCount(index) };
  // What reads as the same place but is written otherwise would not be in the text's order.
  return encodeOffset(firstRunId, place) === text ? ok(place) : err(MALFORMED);
}

const MALFORMED = "is not an offset; give back the offset of an event as it was sent";

function encodeCount(count: number, width: number): string {
  const digits = String(count).padStart(width, "0");
  const more = digits.length - width;
  return more === 0 ? digits : String.fromCharCode(CODE_BEFORE_A + more) + digits;
}

function decodeCount(text: string): number {
  return Number(text.replace(/^[a-z]/, ""));
}

/** Negative where `a` comes before `b`, 0 where they are the same. */
export function comparePlaces(a: Place, b: Place): number {
  return a.run - b.run || a.eventId - b.eventId || a.index - b.index;
}

function tagOf(firstRunId: string): string {
  return firstRunId
    .toLowerCase()
    .replaceAll(/[^0-9a-z]/g, "")
    .slice(-TAG_LENGTH);
}
