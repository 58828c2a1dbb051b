import { nearName } from "./near-name";

describe("nearName", () => {
  test.each([
    ["buidl", "build"],
    ["Build", "build"],
    ["biuld", "build"],
    ["buil", "build"],
    ["tests", "test"],
    ["x", undefined],
    ["deploy", undefined],
    ["b".repeat(10_000), undefined],
    ["", undefined],
  ])("takes %s for %s", (name, expected) => {
    expect(nearName(name, ["build", "test", "y".repeat(10_000)])).toBe(expected);
  });

  test("takes the nearest, and the first of those that are equally near", () => {
    expect(nearName("nodex", ["nodes", "node"])).toBe("nodes");
    expect(nearName("nodess", ["node", "nodes"])).toBe("nodes");
  });
});
