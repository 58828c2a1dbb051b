import type { JsonValue } from "../core/json";
import { project } from "./project";
import { emptyProjection } from "./projection-state";

function told(...words: readonly JsonValue[]) {
  let state = emptyProjection("01a202f1-c195-7d19-84ea-944f95f728a2");
  return words.flatMap((argument, at) => {
    const projected = project(state, { type: "slot_told", argument, eventId: at + 1, timeMs: at });
    state = projected.state;
    return projected.events.map(({ type, data: { message, holder, ahead } }) => [type, message, holder, ahead]);
  });
}

const QUEUED = { status: "queued", holder: "e1", ahead: 1 };

test("an execution that gets its turn at once says nothing of it", () => {
  expect(told({ status: "granted" })).toEqual([]);
});

test("an execution that waits says for whom, and when its turn has come, once", () => {
  expect(told(QUEUED, { status: "granted" }, { status: "granted" })).toEqual([
    ["PROGRESS", "waits for its turn: execution e1 runs with the same concurrency key", "e1", 1],
    ["PROGRESS", "its turn has come", undefined, undefined],
  ]);
});

test.each([
  [2, ", and 1 more is ahead of it"],
  [4, ", and 3 more are ahead of it"],
])("with %d ahead it says so", (ahead, text) => {
  expect(told({ ...QUEUED, ahead })).toEqual([["PROGRESS", expect.stringMatching(`${text}$`), "e1", ahead]]);
});

test.each([
  null,
  7,
  "granted",
  { status: "queued" },
  { status: "rejected", holder: "e1", reason: "x" },
  { status: "x" },
])("%j tells nothing", (word) => {
  expect(told(word)).toEqual([]);
});
