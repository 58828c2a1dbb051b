import { scheduleState } from "./schedule-state";

const soon = ["2026-11-23T08:00:00.000Z"];

test("is paused, active, or has nothing to start for want of times or of starts that remain", () => {
  expect(scheduleState({ paused: true, nextTimes: soon })).toBe("paused");
  expect(scheduleState({ paused: true, nextTimes: [] })).toBe("paused");
  expect(scheduleState({ paused: false, nextTimes: soon })).toBe("active");
  expect(scheduleState({ paused: false, nextTimes: soon, remainingActions: 1 })).toBe("active");
  expect(scheduleState({ paused: false, nextTimes: soon, remainingActions: 0 })).toBe("nothing to start");
  expect(scheduleState({ paused: false, nextTimes: soon, remainingActions: 0n })).toBe("nothing to start");
  expect(scheduleState({ paused: false, nextTimes: [] })).toBe("nothing to start");
});
