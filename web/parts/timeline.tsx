import { useRef, useState } from "preact/hooks";
import { durationText } from "../../src/core/duration-text";
import type { FoldedEvents } from "../../src/events/fold-events";
import type { AttemptStart } from "../feed/node-log";
import { Empty } from "./notices";
import { now } from "./times";

type Instance = FoldedEvents["instances"][number];

const ROW = 28;
/** Rows above and below those that are seen. */
const SPARE = 8;

/** Who ran when, one row for each instance of a node in the order in which they began; attempts part their bars. */
export function Timeline({
  folded,
  attemptsOf,
  selected,
  select,
}: {
  readonly folded: FoldedEvents;
  readonly attemptsOf: (id: string) => readonly AttemptStart[];
  readonly selected: string;
  readonly select: (instanceId: string) => void;
}) {
  const place = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const { instances, startedAtMs, end } = folded;
  if (instances.length === 0 || startedAtMs === null) return <Empty text="No node has begun yet." />;
  const rows = [...instances].sort((a, b) => a.enteredAtMs - b.enteredAtMs || a.order - b.order);
  const endMs = Math.max(end?.atMs ?? now.value, startedAtMs + 1, ...rows.slice(-1).map((row) => row.enteredAtMs));
  const span = endMs - startedAtMs;
  const height = place.current?.clientHeight ?? 800;
  const first = Math.max(0, Math.floor(top / ROW) - SPARE);
  const shown = rows.slice(first, Math.ceil((top + height) / ROW) + SPARE);
  return (
    <div class="timeline">
      <div class="axis" aria-hidden="true">
        {[0, 0.25, 0.5, 0.75, 1].map((part) => (
          <span key={part} style={{ left: `${part * 100}%` }}>
            {durationText(span * part)}
          </span>
        ))}
      </div>
      <div class="rows" ref={place} onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}>
        <ul style={{ height: `${rows.length * ROW}px` }} aria-label={`Timeline of ${rows.length} runs of nodes`}>
          {shown.map((row, index) => (
            <li key={row.id} style={{ top: `${(first + index) * ROW}px` }}>
              <Row
                row={row}
                share={(ms) => (100 * (Math.min(ms, endMs) - startedAtMs)) / span}
                endMs={endMs}
                attempts={attemptsOf(row.id)}
                isSelected={row.id === selected}
                select={select}
              />
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Row({
  row,
  share,
  endMs,
  attempts,
  isSelected,
  select,
}: {
  readonly row: Instance;
  readonly share: (ms: number) => number;
  readonly endMs: number;
  readonly attempts: readonly AttemptStart[];
  readonly isSelected: boolean;
  readonly select: (instanceId: string) => void;
}) {
  const rowEnd = row.endedAtMs ?? endMs;
  const left = share(row.enteredAtMs);
  const width = share(rowEnd) - left;
  const took = durationText(row.durationMs ?? Math.max(0, rowEnd - row.enteredAtMs));
  const tries = row.attempt !== undefined && row.attempt > 1 ? `, attempt ${row.attempt}` : "";
  const waits = row.waitsFor === undefined ? "" : `, waits for ${row.waitsFor}`;
  return (
    <button type="button" class="bar-row" aria-pressed={isSelected} onClick={() => select(row.id)}>
      <span class="bar-name">{row.id}</span>{" "}
      <span class="unseen">
        {row.status}
        {waits}
      </span>{" "}
      <span class="bar-track">
        <span
          class={`bar ${row.status} ${row.waitsFor === undefined ? "" : "waits"}`}
          style={{ left: `${left}%`, width: `max(3px, ${width}%)` }}
        >
          {attempts.slice(1).map(({ attempt, atMs }) => (
            <span
              key={attempt}
              class="bar-attempt"
              style={{ left: `${(100 * (atMs - row.enteredAtMs)) / Math.max(1, rowEnd - row.enteredAtMs)}%` }}
            />
          ))}
        </span>
        <span class={left + width > 80 ? "bar-text before" : "bar-text"} style={barText(left, width)}>
          {took}
          {tries}
        </span>
      </span>
    </button>
  );
}

/** Behind the bar, or before it where there is no room behind. */
function barText(left: number, width: number): Readonly<Record<string, string>> {
  return left + width > 80 ? { right: `calc(${100 - left}% + 6px)` } : { left: `calc(${left + width}% + 6px)` };
}
