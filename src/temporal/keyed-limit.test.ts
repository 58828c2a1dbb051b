import { setTimeout as sleep } from "node:timers/promises";
import { KeyedLimit } from "./keyed-limit";

const late = () => new Error("late");

it("lets so many of one key go at once, in the order in which they came, and any number of other keys", async () => {
  const limit = new KeyedLimit(2);
  const order: number[] = [];
  let active = 0;
  let most = 0;
  const work = (n: number) => async () => {
    order.push(n);
    active += 1;
    most = Math.max(most, active);
    await sleep(5);
    active -= 1;
    return n;
  };
  const deadline = Date.now() + 10_000;
  const done = await Promise.all(Array.from({ length: 20 }, (_, n) => limit.run("a", deadline, late, work(n))));
  expect(done).toEqual(order);
  expect(most).toBe(2);
  await Promise.all(["a", "b", "c", "d"].map((key) => limit.run(key, deadline, late, work(0))));
  expect(most).toBe(4);
});

it("turns away who waits for too long, and gives the place of one that failed to the next", async () => {
  const limit = new KeyedLimit(1);
  const slow = limit.run("a", Date.now() + 10_000, late, async () => {
    await sleep(100);
    throw new Error("failed");
  });
  const tooLate = limit.run("a", Date.now() + 10, late, async () => "never");
  const next = limit.run("a", Date.now() + 10_000, late, async () => "next");
  await expect(tooLate).rejects.toThrow("late");
  await expect(slow).rejects.toThrow("failed");
  expect(await next).toBe("next");
});
