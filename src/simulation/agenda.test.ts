import { fc } from "../../tests/property";
import { Agenda } from "./agenda";

test("gives what is due, soonest first, and what is due together in the order in which it came", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(9)), (times) => {
      const agenda = new Agenda<readonly [number, number]>();
      for (const [order, atMs] of times.entries()) agenda.add(atMs, [atMs, order]);
      const taken: (readonly [number, number])[] = [];
      for (let { nextMs } = agenda; nextMs !== undefined; { nextMs } = agenda) taken.push(...agenda.takeAt(nextMs));
      const expected = times.map((atMs, order) => [atMs, order] as const);
      expect(taken).toEqual(expected.toSorted(([a, first], [b, second]) => a - b || first - second));
    }),
  );
});

test("takes what comes in between", () => {
  const agenda = new Agenda<string>();
  agenda.add(5, "b");
  agenda.add(9, "c");
  agenda.add(2, "a");
  expect(agenda.takeAt(2)).toEqual(["a"]);
  agenda.add(3, "a2");
  expect(agenda.nextMs).toBe(3);
  expect(agenda.takeAt(9)).toEqual(["a2", "b", "c"]);
  expect(agenda.nextMs).toBeUndefined();
});
