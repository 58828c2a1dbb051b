import { fc } from "../../tests/property";
import {
  inlineBytes,
  MAX_INLINE_BYTES,
  MAX_SIGNAL_INTERVAL_MS,
  MIN_SIGNAL_INTERVAL_MS,
  signalIntervalMs,
} from "./signal-pacing";

test("half of the budget goes at full pace, then it slows down, and at its end it stops", () => {
  const at = (signals: number) => signalIntervalMs({ signals, bytes: 0 }, 1_000);
  expect(at(0)).toBe(MIN_SIGNAL_INTERVAL_MS);
  expect(at(500)).toBe(MIN_SIGNAL_INTERVAL_MS);
  expect(at(750)).toBe(1_600);
  expect(at(999)).toBe(MAX_SIGNAL_INTERVAL_MS);
  expect(at(1_000)).toBe(Number.POSITIVE_INFINITY);
  expect(at(1_001)).toBe(Number.POSITIVE_INFINITY);
});

test("the pace never quickens as the budget is used up", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 10_000 }), fc.nat(10_000), fc.nat(10_000), (budget, one, other) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)];
      expect(signalIntervalMs({ signals: less, bytes: 0 }, budget)).toBeLessThanOrEqual(
        signalIntervalMs({ signals: more, bytes: 0 }, budget),
      );
    }),
  );
});

test("a task that never pauses is heard of for more than two days", () => {
  let nowMs = 0;
  for (let signals = 0; signals < 8_000; signals++) nowMs += signalIntervalMs({ signals, bytes: 0 }, 8_000);
  expect(nowMs).toBeGreaterThan(48 * 3_600_000);
});

test("inline text shrinks to nothing as the share of history is used up", () => {
  const at = (bytes: number) => inlineBytes({ signals: 0, bytes }, 8_000);
  expect(at(0)).toBe(MAX_INLINE_BYTES);
  expect(at(8_000 * 4_096 - 4_000)).toBe(1_000);
  expect(at(8_000 * 4_096)).toBe(0);
  expect(at(9_000 * 4_096)).toBe(0);
});
