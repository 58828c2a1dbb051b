/** RFC 3339, 5.6. `Date.parse` alone takes much more, and differently from engine to engine. */
const TIME = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/** A time in RFC 3339 as milliseconds since 1970; undefined for anything else, also for a date alone, which would need a zone. */
export function parseTime(text: string): number | undefined {
  if (!TIME.test(text)) return undefined;
  const day = text.slice(0, 10);
  const ms = Date.parse(text.replace(" ", "T").toUpperCase());
  // `Date.parse` takes 31 February for 3 March.
  if (Number.isNaN(ms) || new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) return undefined;
  return ms;
}
