import { fc } from "../../tests/property";
import { claimSlot, EMPTY_SLOT, leaveSlot, MAX_WAITING, type SlotEffect } from "./concurrency-queue";
import type { SlotClaim, SlotState } from "./history-contract";

function claimOf(executionId: string, more: Partial<SlotClaim> = {}): SlotClaim {
  const temporalWorkflowId = `workflow/w/${executionId}`;
  return { executionId, temporalWorkflowId, startedAtMs: 0, onConflict: "queue", ancestors: [], ...more };
}

/** `tell a granted`, `cancel b for c`. */
function text(effect: SlotEffect): string {
  const { executionId } = effect.claim;
  return effect.type === "tell"
    ? `tell ${executionId} ${effect.word.status}`
    : `cancel ${executionId} for ${effect.by}`;
}

/** Claims and leaves one after another; a text is the execution that leaves. */
function play(...steps: (SlotClaim | string)[]) {
  let state: SlotState = EMPTY_SLOT;
  const effects = steps.map((step) => {
    const result = typeof step === "string" ? leaveSlot(state, step) : claimSlot(state, step);
    state = result.state;
    return result.effects;
  });
  return { state, effects, texts: effects.map((list) => list.map(text)) };
}

const [a, b, c] = [claimOf("a"), claimOf("b"), claimOf("c")];

test("gives the turn to the first, and then to the next when it has left", () => {
  const { texts, state } = play(a, b, c, "a", "b", "c");
  expect(texts).toEqual([
    ["tell a granted"],
    ["tell b queued"],
    ["tell c queued"],
    ["tell b granted"],
    ["tell c granted"],
    [],
  ]);
  expect(state).toEqual(EMPTY_SLOT);
});

test("lets those that wait go in the order in which they were started, however their claims came", () => {
  const [late, early] = [claimOf("late", { startedAtMs: 9 }), claimOf("early", { startedAtMs: 5 })];
  const { texts, effects } = play(a, late, early, "a");
  expect(texts.at(-1)).toEqual(["tell early granted"]);
  expect(effects[2]).toMatchObject([{ word: { status: "queued", holder: "a", ahead: 1 } }]);
});

test("takes a claim that comes again for the same one", () => {
  expect(play(a, a, b, b).texts).toEqual([["tell a granted"], ["tell a granted"], ["tell b queued"], []]);
});

test("forgets who leaves while it waits, and does not mind who is not known", () => {
  expect(play(a, b, c, "b", "nobody", "a").texts.slice(3)).toEqual([[], [], ["tell c granted"]]);
});

test("rejects, naming the holder, who does not want to wait", () => {
  const { effects, state } = play(a, claimOf("b", { onConflict: "reject" }));
  expect(effects[1]).toMatchObject([{ word: { status: "rejected", holder: "a" } }]);
  expect(state.queue).toEqual([]);
});

test("rejects who would wait for a run that waits for it", () => {
  for (const onConflict of ["queue", "replace"] as const) {
    const child = claimOf("child", { onConflict, ancestors: ["workflow/w/a"] });
    expect(play(a, child).texts[1]).toEqual(["tell child rejected"]);
  }
});

test("cancels all others for one that replaces them, and gives it the turn when the holder has ended", () => {
  const [d, e] = [claimOf("d", { onConflict: "replace" }), claimOf("e", { onConflict: "replace" })];
  expect(play(a, b, d, e, "b", "a", "d", "e").texts).toEqual([
    ["tell a granted"],
    ["tell b queued"],
    ["tell d queued", "cancel a for d", "cancel b for d"],
    // The holder was cancelled already.
    ["tell e queued", "cancel d for e"],
    [],
    ["tell e granted"],
    [],
    [],
  ]);
});

test(`lets ${MAX_WAITING} wait, and rejects the next`, () => {
  const waiting = Array.from({ length: MAX_WAITING }, (_, at) => claimOf(`w${at}`, { startedAtMs: at }));
  const full: SlotState = { holder: a, holderReplaced: false, queue: waiting.slice(1) };
  const last = claimSlot(full, claimOf("last", { startedAtMs: 9_999 }));
  expect(last.effects.map(text)).toEqual(["tell last queued"]);
  const over = claimSlot(last.state, claimOf("over"));
  expect(over.effects.map(text)).toEqual(["tell over rejected"]);
  expect(JSON.stringify(last.state).length).toBeLessThan(2_000_000);
});

test("never gives two the turn, never forgets one that waits, and ends empty when all have left", () => {
  const ids = ["a", "b", "c", "d", "e"];
  const steps = fc.array(
    fc.record({
      id: fc.constantFrom(...ids),
      leaves: fc.boolean(),
      onConflict: fc.constantFrom("queue" as const, "reject" as const, "replace" as const),
      startedAtMs: fc.nat(9),
    }),
    { maxLength: 60 },
  );
  fc.assert(
    fc.property(steps, (made) => {
      let state: SlotState = EMPTY_SLOT;
      /** As the runs see it. */
      let holder: string | null = null;
      const waiting = new Set<string>();
      for (const { id, leaves, ...claim } of made) {
        const step = leaves ? leaveSlot(state, id) : claimSlot(state, claimOf(id, claim));
        state = step.state;
        if (leaves) {
          if (holder === id) holder = null;
          waiting.delete(id);
        }
        for (const effect of step.effects) {
          const { executionId } = effect.claim;
          if (effect.type === "cancel" && executionId !== holder) waiting.delete(executionId);
          if (effect.type === "tell" && effect.word.status === "queued") waiting.add(executionId);
          if (effect.type === "tell" && effect.word.status === "granted") {
            expect([null, executionId]).toContain(holder);
            holder = executionId;
            waiting.delete(executionId);
          }
        }
        expect(state.holder?.executionId ?? null).toBe(holder);
        expect(new Set(state.queue.map(({ executionId }) => executionId))).toEqual(waiting);
        if (holder === null) expect(waiting.size).toBe(0);
      }
      for (const id of ids) state = leaveSlot(state, id).state;
      for (const id of ids) state = leaveSlot(state, id).state;
      expect(state.queue).toEqual([]);
    }),
  );
});
