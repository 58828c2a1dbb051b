import { fc } from "../../tests/property";
import { comparePlaces, decodeOffset, encodeOffset, type Place } from "./offset";

const RUN = "01a202f1-c195-7d19-84ea-944f95f728a2";

/** Of every number of digits alike, so that the longest are met as often as the shortest. */
const counts = fc.nat(15).chain((digits) => fc.nat(10 ** digits));

const places: fc.Arbitrary<Place> = fc.record({ run: counts, eventId: counts, index: counts });

test("reads back what it wrote", () => {
  fc.assert(
    fc.property(places, (place) =>
      expect(decodeOffset(RUN, encodeOffset(RUN, place))).toEqual({ ok: true, value: place }),
    ),
  );
});

test("orders offsets as text in the order of their places", () => {
  fc.assert(
    fc.property(places, places, (a, b) => {
      const [textA, textB] = [encodeOffset(RUN, a), encodeOffset(RUN, b)];
      const byText = textA < textB ? -1 : textA > textB ? 1 : 0;
      expect(Math.sign(comparePlaces(a, b))).toBe(byText);
    }),
  );
});

test.each([
  [0, "0000"],
  [9_999, "9999"],
  [10_000, "a10000"],
  [99_999, "a99999"],
  [100_000, "b100000"],
])("writes run %d of a chain as %s", (run, text) => {
  expect(encodeOffset(RUN, { run, eventId: 1, index: 0 })).toBe(`944f95f728a2-${text}-0000001-000000`);
});

test("refuses an offset of another execution, and says so", () => {
  const offset = encodeOffset("6f0f0533-0000-4000-8000-1ca3aef00000", { run: 0, eventId: 1, index: 0 });
  expect(decodeOffset(RUN, offset)).toEqual({ ok: false, error: "is an offset of another execution" });
});

test.each([
  "x",
  "12",
  "944f95f728a2-0000-0000001",
  "944f95f728a2-0000-0000001-00000a",
  "944f95f728a2-a0001-0000001-000000",
  "944f95f728a2-00001-0000001-000000",
  "944f95f728a2-10000-0000001-000000",
  " 944f95f728a2-0000-0000001-000000",
])("refuses %p, which is no offset", (text) => {
  expect(decodeOffset(RUN, text)).toMatchObject({ ok: false, error: expect.stringContaining("not an offset") });
});
