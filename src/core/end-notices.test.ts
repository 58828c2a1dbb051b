import { EndNotices } from "./end-notices";

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test("whoever waits for an end is told at once, and nobody else", async () => {
  const ends = new EndNotices();
  const [one, again, other] = [ends.within(50, "a"), ends.within(50, "a"), ends.within(50, "b")];
  ends.tell("a");
  expect(await Promise.all([one, again])).toEqual([true, true]);
  await jest.advanceTimersByTimeAsync(50);
  expect(await other).toBe(false);
});

test("whoever asks soon after the end is told too; later nothing is known of it any more", async () => {
  const ends = new EndNotices();
  ends.tell("a");
  expect(await ends.within(0, "a")).toBe(true);
  await jest.advanceTimersByTimeAsync(1_000);
  const late = ends.within(50, "a");
  await jest.advanceTimersByTimeAsync(50);
  expect(await late).toBe(false);
  expect(jest.getTimerCount()).toBe(0);
});
