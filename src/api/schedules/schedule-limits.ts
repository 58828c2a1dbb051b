/** Limits of schedules, with the reason for each value. */

/** The id stands in Temporal workflow ids, of 1,000 characters at most, with a time behind it. */
export const MAX_SCHEDULE_ID_LENGTH = 100;
/** A note is a line or two; Temporal has no limit of its own but that of a whole schedule. */
export const MAX_NOTE_LENGTH = 1_000;
/** As many times as Temporal tells at once. */
export const MAX_TIMES = 1_000;
export const DEFAULT_TIMES = 10;
/** Temporal's limit: it looks at each of the times as it starts it, and keeps a thousand waiting. */
export const MAX_BACKFILL_TIMES = 1_000;
/** Temporal's smallest window (`MinCatchupWindow`). */
export const MIN_CATCH_UP_MS = 10_000;
/** How far ahead times are looked for. */
export const HORIZON_MS = 10 * 365 * 24 * 3_600_000;
/** The template travels in the history of every start, beside what it is rendered to. */
export const MAX_TEMPLATE_BYTES = 256 * 1024;
