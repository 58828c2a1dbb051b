import { fc } from "../../../tests/property";
import { largestAtOnce, type Order } from "./at-once";

test("counts side branches together and a chain once", () => {
  expect(largestAtOnce([1, 1, 1], [])).toBe(3);
  const chain: Order = [
    [0, 1],
    [1, 2],
  ];
  expect(largestAtOnce([1, 1, 1], chain)).toBe(1);
  expect(largestAtOnce([1, 5, 1], chain)).toBe(5);
});

test("sees past nodes that weigh nothing", () => {
  const order: Order = [
    [0, 1],
    [1, 2],
  ];
  expect(largestAtOnce([2, 0, 3], order)).toBe(3);
});

test("finds the widest place of a diamond", () => {
  const order: Order = [
    [0, 1],
    [0, 2],
    [1, 3],
    [2, 3],
  ];
  expect(largestAtOnce([1, 1, 1, 1], order)).toBe(2);
});

test("is the heaviest set of nodes of which none follows another", () => {
  const graphs = fc
    .record({
      weights: fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 8 }),
      pairs: fc.array(fc.tuple(fc.nat(7), fc.nat(7)), { maxLength: 14 }),
    })
    .map(({ weights, pairs }) => ({
      weights,
      order: pairs.filter(([before, after]) => before < after && after < weights.length),
    }));
  fc.assert(
    fc.property(graphs, ({ weights, order }) => {
      expect(largestAtOnce(weights, order)).toBe(heaviestByTrying(weights, order));
    }),
  );
});

test("takes a graph of 2,000 nodes and 10,000 edges in its stride", () => {
  const weights = Array.from({ length: 2_000 }, () => 1);
  const order: Order = Array.from({ length: 10_000 }, (_, edge) => [edge % 1_900, (edge % 1_900) + 1 + (edge % 97)]);
  expect(largestAtOnce(weights, order)).toBeGreaterThan(0);
});

function heaviestByTrying(weights: readonly number[], order: Order): number {
  const follows = weights.map((_, node) => weights.map((__, other) => isBefore(order, other, node)));
  let best = 0;
  for (let set = 0; set < 1 << weights.length; set += 1) {
    const members = [...weights.keys()].filter((node) => (set >> node) & 1);
    if (members.some((node) => members.some((other) => follows[node]?.[other]))) continue;
    best = Math.max(
      best,
      members.reduce((sum, node) => sum + (weights[node] ?? 0), 0),
    );
  }
  return best;
}

function isBefore(order: Order, from: number, to: number): boolean {
  return order.some(([before, after]) => before === from && (after === to || isBefore(order, after, to)));
}
