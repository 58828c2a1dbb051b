import { EventQueue, joinStreams } from "./event-queue";

const AT = "2026-01-01T00:00:00.000Z";
const output = (queue: EventQueue, stream: string, text: string) => queue.push("OUTPUT", { stream, text }, AT);
const texts = (queue: EventQueue) => queue.takeAll(1e9).map(({ type, data, text }) => [type, data["stream"], text]);

test("text of one stream in a row becomes one event", () => {
  const queue = new EventQueue();
  output(queue, "stdout", "a");
  output(queue, "stdout", "b");
  output(queue, "stderr", "c");
  output(queue, "stdout", "d");
  expect(texts(queue)).toEqual([
    ["OUTPUT", "stdout", "ab"],
    ["OUTPUT", "stderr", "c"],
    ["OUTPUT", "stdout", "d"],
  ]);
});

test("text never passes an event of another type", () => {
  const queue = new EventQueue();
  output(queue, "stdout", "a");
  queue.push("TOOL_CALL", { call_id: "1" }, AT);
  output(queue, "stdout", "b");
  expect(texts(queue).map(([type]) => type)).toEqual(["OUTPUT", "TOOL_CALL", "OUTPUT"]);
});

test("a long burst of both streams in turns stays about a hundred events, each stream in order", () => {
  const queue = new EventQueue();
  for (let index = 0; index < 10_000; index++) output(queue, index % 2 === 0 ? "stdout" : "stderr", `${index}\n`);
  expect(queue.length).toBeLessThanOrEqual(102);
  const taken = joinStreams(queue.takeAll(1e9));
  expect(taken).toHaveLength(2);
  const numbers = Array.from({ length: 10_000 }, (_, index) => `${index}\n`);
  expect(taken[0]?.text).toBe(numbers.filter((_, index) => index % 2 === 0).join(""));
  expect(taken[1]?.text).toBe(numbers.filter((_, index) => index % 2 === 1).join(""));
});

test("output that says more than stream and text is an event of its own", () => {
  const queue = new EventQueue();
  queue.push("OUTPUT", { stream: "text", text: "a", call_id: "1" }, AT);
  output(queue, "text", "b");
  expect(queue.length).toBe(2);
});

test("data that is not text is taken up to the limit, but always one event", () => {
  const queue = new EventQueue();
  for (let index = 0; index < 3; index++) queue.push("PROGRESS", { message: "x".repeat(60) }, AT);
  expect(queue.takeAll(10)).toHaveLength(1);
  expect(queue.takeAll(160)).toHaveLength(2);
  expect(queue.bytes).toBe(0);
});

test("what is put back comes first, and the counts are right", () => {
  const queue = new EventQueue();
  output(queue, "stdout", "€");
  const before = [queue.bytes, queue.textBytes];
  const taken = queue.takeAll(1e9);
  expect([queue.bytes, queue.textBytes, queue.length]).toEqual([0, 0, 0]);
  queue.push("PROGRESS", { message: "later" }, AT);
  queue.putBack(taken);
  expect(queue.takeAll(1e9).map(({ type }) => type)).toEqual(["OUTPUT", "PROGRESS"]);
  expect(before[1]).toBe(3);
});
