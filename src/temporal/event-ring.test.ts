import type { ExecutionEvent } from "../events/event-types";
import { EventRing } from "./event-ring";

const event = (text: string): ExecutionEvent => ({ offset: text, type: "OUTPUT", timestamp: "", data: { text } });
const page = (...texts: string[]) => texts.map(event);

test("keeps events by their position in the stream", () => {
  const ring = new EventRing({ events: 10, size: 1_000 });
  ring.push(page("a", "b"));
  ring.push(page("c"));
  expect([ring.first, ring.end]).toEqual([0, 3]);
  expect([0, 1, 2, 3].map((at) => ring.at(at)?.offset)).toEqual(["a", "b", "c", undefined]);
});

test("drops the oldest beyond its number of events, and no more", () => {
  const ring = new EventRing({ events: 3, size: 1_000 });
  ring.push(page("a", "b"));
  ring.push(page("c"));
  expect(ring.first).toBe(0);
  ring.push(page("d"));
  expect([ring.first, ring.end]).toEqual([1, 4]);
  expect(ring.at(0)).toBeUndefined();
  expect(ring.at(1)?.offset).toBe("b");
});

test("drops the oldest beyond its size", () => {
  const ring = new EventRing({ events: 100, size: 2 * JSON.stringify({ text: "a" }).length });
  ring.push(page("a"));
  ring.push(page("b"));
  expect(ring.first).toBe(0);
  ring.push(page("c"));
  expect(ring.first).toBe(1);
});

test("keeps its newest page whole, however large, and lets it go for the next", () => {
  const ring = new EventRing({ events: 2, size: 1_000 });
  ring.push(page("a", "b", "c", "d"));
  expect([ring.first, ring.end]).toEqual([0, 4]);
  ring.push(page("e"));
  expect([ring.first, ring.end]).toEqual([3, 5]);
});
