import { MAX_REQUEST_IDS, RequestIds } from "./request-ids";

test("knows what was taken, also in the next run", () => {
  const ids = new RequestIds(["a"]);
  ids.add("b");
  ids.add(undefined);
  expect([ids.has("a"), ids.has("b"), ids.has("c"), ids.has(undefined)]).toEqual([true, true, false, false]);
  expect(new RequestIds(ids.all()).all()).toEqual(["a", "b"]);
});

test("forgets the oldest beyond its limit", () => {
  const ids = new RequestIds();
  for (let at = 0; at <= MAX_REQUEST_IDS; at++) ids.add(String(at));
  expect(ids.all()).toHaveLength(MAX_REQUEST_IDS);
  expect([ids.has("0"), ids.has("1")]).toEqual([false, true]);
});
