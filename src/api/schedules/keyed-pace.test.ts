import { KeyedPace } from "./keyed-pace";

test("lets calls with one key begin one after the other, and others at once", async () => {
  const pace = new KeyedPace(20);
  const begun: string[] = [];
  const call = async (name: string) => {
    expect(await pace.turn(name.slice(0, 1), 1_000)).toBe(true);
    begun.push(name);
  };
  await Promise.all(["a1", "a2", "b1", "a3"].map(call));
  expect(begun).toEqual(["a1", "b1", "a2", "a3"]);
});

test("has nobody wait longer than asked, and takes no turn then", async () => {
  const pace = new KeyedPace(60_000);
  expect(await pace.turn("a", 0)).toBe(true);
  expect(await pace.turn("a", 1_000)).toBe(false);
  expect(await pace.turn("b", 0)).toBe(true);
});
