import { withOwnLabels } from "./run-names";

test("puts the labels of the start before those of the definition", () => {
  const start = { labels: { team: "ops" }, displayName: "n" };
  expect(withOwnLabels({ team: "web", tier: "1" }, start)).toEqual({
    labels: { team: "ops", tier: "1" },
    displayName: "n",
  });
  expect(withOwnLabels(undefined, {})).toEqual({});
  const own = Object.fromEntries(Array.from({ length: 32 }, (_, n) => [`k${n}`, "v"]));
  expect(() => withOwnLabels(own, start)).toThrow(
    "labels: must come to at most 32 with those of the definition; there are 33",
  );
});
