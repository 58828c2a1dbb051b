import { fc } from "../../tests/property";
import { PersistentMap } from "./persistent-map";

const changes = fc.array(
  fc.record({ from: fc.nat(), key: fc.constantFrom("a", "b", "c", "d"), value: fc.option(fc.nat(9)) }),
  { maxLength: 60 },
);

const sorted = (entries: Iterable<[string, number]>) => [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));

test("keeps every version as it was, in whatever order they are used and changed", () => {
  fc.assert(
    fc.property(changes, fc.array(fc.nat()), (made, looks) => {
      const versions = [PersistentMap.empty<string, number>()];
      const expected = [new Map<string, number>()];
      for (const { from, key, value } of made) {
        const at = from % versions.length;
        const copy = new Map(expected[at]);
        if (value === null) copy.delete(key);
        else copy.set(key, value);
        expected.push(copy);
        const version = versions[at] ?? PersistentMap.empty<string, number>();
        versions.push(value === null ? version.without(key) : version.with(key, value));
      }
      for (const look of [...looks, ...versions.keys()]) {
        const at = look % versions.length;
        const version = versions[at] ?? PersistentMap.empty<string, number>();
        expect(sorted(version)).toEqual(sorted(expected[at] ?? new Map()));
        expect(version.size).toBe(expected[at]?.size);
        for (const key of ["a", "b", "c", "d"]) expect(version.get(key)).toBe(expected[at]?.get(key));
      }
    }),
  );
});

test("costs no more with many entries than with few", () => {
  let map = PersistentMap.empty<number, number>();
  const first = map;
  for (let key = 0; key < 200_000; key += 1) map = map.with(key, key);
  expect(map.size).toBe(200_000);
  expect(first.size).toBe(0);
});
