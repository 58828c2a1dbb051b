import { fc } from "../../tests/property";
import type { JsonValue } from "../core/json";
import type { ExecutionEvent } from "./event-types";
import type { HistoryFact, HistoryItem } from "./history-item";
import { project } from "./project";
import { emptyProjection } from "./projection-state";

const RUN = "01a202f1-c195-7d19-84ea-944f95f728a2";

/** One thing that happens in a run; activities are named by their instance id until the history is numbered. */
type Happening =
  | { readonly do: "schedule"; readonly id: string }
  | { readonly do: "speak"; readonly id: string; readonly attempt: number }
  | { readonly do: "close"; readonly id: string; readonly how: "completed" | "failed" | "cancelled" }
  | { readonly do: "journal"; readonly entries: readonly JsonValue[] }
  | { readonly do: "end_task" };

const choices = fc.record({ what: fc.nat(9), pick: fc.nat(9), attempt: fc.integer({ min: 1, max: 3 }) });

/** What a run of ours may write: instances are entered once, and end once. */
const lives: fc.Arbitrary<readonly Happening[]> = fc.array(choices, { maxLength: 80 }).map((made) => {
  const running: string[] = [];
  const waiting: string[] = [];
  const happenings: Happening[] = [];
  for (const [at, { what, pick, attempt }] of made.entries()) {
    const task = running[pick % Math.max(1, running.length)];
    const wait = waiting[pick % Math.max(1, waiting.length)];
    if (what <= 1) {
      running.push(`b[${at}]`);
      happenings.push({ do: "schedule", id: `b[${at}]` });
    } else if (what <= 3 && task !== undefined) happenings.push({ do: "speak", id: task, attempt });
    else if (what <= 5 && task !== undefined) {
      running.splice(running.indexOf(task), 1);
      const how = (["completed", "failed", "cancelled"] as const)[pick % 3] ?? "completed";
      happenings.push({ do: "close", id: task, how }, { do: "end_task" });
      const caught = { kind: "completed", nodeId: task, nodeType: "task", status: "completed", output: at };
      if (how === "failed" && attempt === 1) happenings.push({ do: "journal", entries: [caught] });
    } else if (what === 6) {
      waiting.push(`w#${at}`);
      happenings.push({
        do: "journal",
        entries: [{ kind: "entered", nodeId: `w#${at}`, nodeType: "wait", input: at }],
      });
    } else if (what === 7 && wait !== undefined) {
      waiting.splice(waiting.indexOf(wait), 1);
      const status = pick % 2 === 0 ? "completed" : "cancelled";
      happenings.push({ do: "journal", entries: [{ kind: "completed", nodeId: wait, nodeType: "wait", status }] });
    } else happenings.push({ do: "end_task" });
  }
  return happenings;
});

/** The history of one execution that continues as new wherever `goesOn` says so and no activity runs. */
function historyOf(life: readonly Happening[], goesOn: (at: number) => boolean): readonly HistoryItem[] {
  const items: HistoryItem[] = [];
  const scheduled = new Map<string, number>();
  let eventId = 0;
  let runs = 0;
  let timeMs = 0;
  const write = (fact: HistoryFact) => {
    eventId += 1;
    items.push({ eventId, timeMs, ...fact });
  };
  const input = { executionId: "e", input: null, snapshot: { hash: "h" } };
  write({ type: "run_started", runId: RUN, kind: "workflow", continued: false, input });
  for (const [at, happening] of life.entries()) {
    timeMs = at * 10;
    if (scheduled.size === 0 && goesOn(at)) {
      runs += 1;
      write({ type: "continued_as_new", newRunId: `run ${runs}` });
      eventId = 0;
      write({ type: "run_started", runId: `run ${runs}`, kind: "workflow", continued: true, input });
    }
    write(factOf(happening, scheduled));
    if (happening.do === "schedule") scheduled.set(happening.id, eventId);
    if (happening.do === "close") scheduled.delete(happening.id);
  }
  write({ type: "run_completed", output: null });
  return items;
}

function factOf(happening: Happening, scheduled: ReadonlyMap<string, number>): HistoryFact {
  switch (happening.do) {
    case "schedule":
      return { type: "activity_scheduled", activityId: happening.id, input: { nodeId: "b", config: {} } };
    case "speak": {
      const { id, attempt } = happening;
      const events = [{ type: "OUTPUT", sequence: 1, timestamp: "2026-01-02T03:04:05.678Z", data: { text: "x" } }];
      return { type: "runner_spoke", argument: { activityId: id, nodeId: "b", attempt, events } };
    }
    case "close": {
      const scheduledEventId = scheduled.get(happening.id) ?? 0;
      if (happening.how === "completed") return { type: "activity_completed", scheduledEventId, output: 1 };
      if (happening.how === "cancelled") return { type: "activity_cancelled", scheduledEventId };
      return { type: "activity_failed", scheduledEventId, failure: { code: "TIMEOUT", message: "late" } };
    }
    case "journal":
      return { type: "journal_written", journal: happening.entries };
    case "end_task":
      return { type: "workflow_task_completed" };
  }
}

function eventsOf(history: readonly HistoryItem[]): ExecutionEvent[] {
  let state = emptyProjection(RUN);
  return history.flatMap((item) => {
    const projected = project(state, item);
    state = projected.state;
    return projected.events;
  });
}

/** Without what names a place in Temporal's history. */
function withoutPlaces(events: readonly ExecutionEvent[]) {
  return events.map(({ offset: _, data: { run_id: __, event_id: ___, ...data }, ...event }) => ({ ...event, data }));
}

test("tells the same however the history is divided among the runs of a chain", () => {
  fc.assert(
    fc.property(lives, fc.infiniteStream(fc.boolean()), (life, coins) => {
      const whole = eventsOf(historyOf(life, () => false));
      const divided = eventsOf(historyOf(life, () => coins.next().value));
      expect(withoutPlaces(divided)).toEqual(withoutPlaces(whole));
    }),
  );
});

test("gives exactly the rest after any offset, in a chain of hundreds of runs", () => {
  const life = Array.from({ length: 600 }, (_, at): Happening => {
    const entry = { kind: at % 2 === 0 ? "entered" : "completed", nodeId: `w#${at >> 1}`, nodeType: "wait" };
    return { do: "journal", entries: [at % 2 === 0 ? entry : { ...entry, status: "completed" }] };
  });
  const whole = eventsOf(historyOf(life, () => true));
  const offsets = whole.map(({ offset }) => offset);
  expect(offsets).toEqual([...new Set(offsets)].toSorted());
  expect(offsets.at(-1)).toMatch(/-0600-/);
  for (const [at, after] of offsets.entries())
    expect(offsets.filter((offset) => offset > after)).toHaveLength(offsets.length - at - 1);
});

test("enters each instance once and ends it once, or twice where its failure was caught", () => {
  fc.assert(
    fc.property(lives, fc.infiniteStream(fc.boolean()), (life, coins) => {
      const events = eventsOf(historyOf(life, () => coins.next().value));
      const count = (type: string) => {
        const counts = new Map<string, string[]>();
        for (const event of events)
          if (event.type === type)
            counts.set(event.nodeId ?? "", [...(counts.get(event.nodeId ?? "") ?? []), String(event.data["status"])]);
        return counts;
      };
      const entered = count("NODE_ENTERED");
      const ended = count("NODE_COMPLETED");
      expect([...ended.keys()].sort()).toEqual([...entered.keys()].sort());
      for (const times of entered.values()) expect(times).toHaveLength(1);
      for (const statuses of ended.values())
        expect(statuses.length === 1 || statuses.join() === "failed,completed").toBe(true);
    }),
  );
});
