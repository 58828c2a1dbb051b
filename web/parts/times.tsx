import { computed, signal } from "@preact/signals";
import { durationText } from "../../src/core/duration-text";

/** The clock of everything that runs. */
export const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1_000);

/** Changes at midnight, not every second as `now` does. */
const today = computed(() => new Date(now.value).toDateString());

const SHORT = new Intl.DateTimeFormat(undefined, { dateStyle: "short", timeStyle: "medium" });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" });

/** A time as this machine writes it; the whole of it on demand. */
export function Time({ at }: { readonly at: string | undefined }) {
  if (at === undefined || at === "") return <span class="quiet">–</span>;
  const date = new Date(at);
  const isToday = date.toDateString() === today.value;
  return (
    <time dateTime={at} title={at}>
      {(isToday ? TIME : SHORT).format(date)}
    </time>
  );
}

/** From a start to an end, or until now. */
export function Duration({ from, to }: { readonly from: string | undefined; readonly to: string | undefined }) {
  if (from === undefined || from === "") return <span class="quiet">–</span>;
  const end = to === undefined ? now.value : Date.parse(to);
  const ms = Math.max(0, end - Date.parse(from));
  // What runs is told in whole seconds, or the text would jump about.
  return <span class="number">{durationText(to === undefined ? Math.floor(ms / 1_000) * 1_000 : ms)}</span>;
}
