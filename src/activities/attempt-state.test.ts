import { readAttemptState } from "./attempt-state";

test("reads what an earlier attempt left, also when a later version left more", () => {
  expect(readAttemptState({ failures: 2, signals: 3, bytes: 4, later: true })).toEqual({
    failures: 2,
    signals: 3,
    bytes: 4,
  });
});

test.each([undefined, null, "text", {}, { failures: -1, signals: 0, bytes: 0 }])(
  "%p counts as a first attempt",
  (details) => {
    expect(readAttemptState(details)).toEqual({ failures: 0, signals: 0, bytes: 0 });
  },
);
