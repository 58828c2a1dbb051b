import { fc } from "../../tests/property";
import type { ExecutionEvent } from "./event-types";
import type { HistoryFact, HistoryItem } from "./history-item";
import { project } from "./project";
import { emptyProjection, type ProjectionState } from "./projection-state";

const RUN = "01a202f1-c195-7d19-84ea-944f95f728a2";
const ACTIVITIES = ["a", "b", "c"];

const eventIds = fc.integer({ min: 1, max: 40 });
const activities = fc.constantFrom(...ACTIVITIES);

/** Any facts in any order: what no run of ours would write must still make a stream. */
const facts: fc.Arbitrary<HistoryFact> = fc.oneof(
  fc.record({
    type: fc.constant("activity_scheduled" as const),
    activityId: activities,
    input: activities.map((nodeId) => ({ nodeId, config: {} })),
  }),
  fc.record({
    type: fc.constant("activity_started" as const),
    scheduledEventId: eventIds,
    attempt: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({
    type: fc.constant("activity_completed" as const),
    scheduledEventId: eventIds,
    output: fc.jsonValue() as fc.Arbitrary<never>,
  }),
  fc.record({
    type: fc.constant("activity_failed" as const),
    scheduledEventId: eventIds,
    failure: fc.constant({ code: "TIMEOUT", message: "late" }),
  }),
  fc.record({ type: fc.constant("activity_cancelled" as const), scheduledEventId: eventIds }),
  fc.record({
    type: fc.constant("runner_spoke" as const),
    argument: fc.record({
      activityId: activities,
      nodeId: activities,
      attempt: fc.integer({ min: 1, max: 4 }),
      events: fc.array(
        fc.record({
          type: fc.constantFrom("OUTPUT", "PROGRESS"),
          sequence: fc.integer({ min: 1, max: 9 }),
          timestamp: fc.constant("2026-01-02T03:04:05.678Z"),
          data: fc.constant({ text: "x" }),
        }),
        { maxLength: 4 },
      ),
    }),
  }),
  fc.constant({ type: "workflow_task_completed" as const }),
  fc.record({ type: fc.constant("journal_written" as const), journal: fc.jsonValue() as fc.Arbitrary<never> }),
  fc.constant({ type: "continued_as_new" as const, newRunId: "next" }),
);

/** A history: the start, anything, the end. Event ids begin anew in every run of the chain. */
const histories: fc.Arbitrary<readonly HistoryItem[]> = fc
  .tuple(fc.constantFrom("task" as const, "workflow" as const), fc.array(facts, { maxLength: 40 }))
  .map(([kind, middle]) => {
    const start: HistoryFact = { type: "run_started", runId: RUN, kind, continued: false, input: { executionId: "e" } };
    const all: HistoryFact[] = [start, ...middle, { type: "run_completed", output: null }];
    let eventId = 0;
    return all.map((fact, at): HistoryItem => {
      eventId += 1;
      const item = { eventId, timeMs: at, ...fact };
      if (fact.type === "continued_as_new") eventId = 0;
      return item;
    });
  });

function fold(state: ProjectionState, items: readonly HistoryItem[]) {
  const events: ExecutionEvent[] = [];
  let current = state;
  for (const item of items) {
    const projected = project(current, item);
    current = projected.state;
    events.push(...projected.events);
  }
  return { state: current, events };
}

test("gives the same events however the history is split into pages", () => {
  fc.assert(
    fc.property(histories, fc.array(fc.nat(45)), (history, cuts) => {
      const whole = fold(emptyProjection(RUN), history).events;
      let state = emptyProjection(RUN);
      const paged: ExecutionEvent[] = [];
      const bounds = [...cuts.toSorted((a, b) => a - b), history.length];
      let from = 0;
      for (const to of bounds) {
        // The state survives a trip between pages as it is: nothing in it is changed in place.
        const page = fold(state, history.slice(from, to));
        state = page.state;
        paged.push(...page.events);
        from = Math.max(from, to);
      }
      expect(paged).toEqual(whole);
    }),
  );
});

test("gives every event an offset of its own that is greater than all before", () => {
  fc.assert(
    fc.property(histories, (history) => {
      const offsets = fold(emptyProjection(RUN), history).events.map(({ offset }) => offset);
      expect(offsets).toEqual([...new Set(offsets)].toSorted());
    }),
  );
});

test("gives exactly the rest after any offset", () => {
  fc.assert(
    fc.property(histories, fc.nat(), (history, pick) => {
      const whole = fold(emptyProjection(RUN), history).events;
      const at = pick % whole.length;
      const again = fold(emptyProjection(RUN), history).events;
      expect(again.filter(({ offset }) => offset > (whole[at]?.offset ?? ""))).toEqual(whole.slice(at + 1));
    }),
  );
});

test("never changes a state that it was given", () => {
  fc.assert(
    fc.property(histories, (history) => {
      let state = emptyProjection(RUN);
      for (const item of history) {
        const first = project(state, item);
        expect(project(state, item)).toEqual(first);
        state = first.state;
      }
    }),
  );
});

test("begins with STARTED, ends with COMPLETED, and names the execution in every event", () => {
  fc.assert(
    fc.property(histories, (history) => {
      const { events, state } = fold(emptyProjection(RUN), history);
      expect(events[0]?.type).toBe("STARTED");
      expect(events.at(-1)?.type).toBe("COMPLETED");
      expect(state.ended).toBe(true);
      for (const event of events) expect(event.data["execution_id"]).toBe("e");
    }),
  );
});
