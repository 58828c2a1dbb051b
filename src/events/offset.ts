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

/** Digits of run, event id and index: far above Temporal's 51,200 events a run and the size of a signal. */
const WIDTHS = [4, 7, 6] as const;

/** How much of the first run's id, a UUID without dashes, an offset carries: enough that two executions never share it. */
const TAG_LENGTH = 12;

const OFFSET = /^([0-9a-z]{1,12})-(\d{4})-(\d{7})-(\d{6})$/;

/** The offset as clients see it: opaque, and in its text form increasing as the stream goes on. */
export function encodeOffset(firstRunId: string, place: Place): string {
  const parts = [place.run, place.eventId, place.index].map((part, at) => String(part).padStart(WIDTHS[at] ?? 0, "0"));
  return [tagOf(firstRunId), ...parts].join("-");
}

/** Reads what a client gives back; the error says what is wrong with it. */
export function decodeOffset(firstRunId: string, text: string): Result<Place, string> {
  const [, tag, run, eventId, index] = OFFSET.exec(text) ?? [];
  if (tag === undefined) return err("is not an offset; give back the offset of an event as it was sent");
  if (tag !== tagOf(firstRunId)) return err("is an offset of another execution");
  return ok({ run: Number(run), eventId: Number(eventId), index: Number(index) });
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
