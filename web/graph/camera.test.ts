import { fitted, seenBox, showing, zoomed } from "./camera";
import { nodeTowards } from "./keyboard";
import { overlaps, type Scene } from "./scene";

const view = { width: 800, height: 600 };

describe("the camera", () => {
  it("shows a small graph whole and no larger than life, and a large one from its beginning, to be read", () => {
    expect(fitted({ width: 200, height: 100 }, view, true)).toMatchObject({ scale: 1, x: -300, y: -250 });
    expect(fitted({ width: 8_000, height: 60_000 }, view, true)).toMatchObject({ scale: 0.55, y: 0 });
    expect(fitted({ width: 8_000, height: 6_000 }, view, false).scale).toBeCloseTo(0.1, 2);
  });

  it("zooms around the point under the pointer, within limits", () => {
    const before = { x: 10, y: 20, scale: 1 };
    const after = zoomed(before, 2, { x: 400, y: 300 });
    expect([after.x + 400 / after.scale, after.y + 300 / after.scale]).toEqual([410, 320]);
    expect(zoomed(before, 1_000, { x: 0, y: 0 }).scale).toBe(3);
    expect(zoomed(before, 0.000_1, { x: 0, y: 0 }).scale).toBe(0.02);
  });

  it.each([
    [{ x: 5_000, y: 5_000, width: 200, height: 60 }, 1],
    [{ x: -500, y: -500, width: 200, height: 60 }, 0.1],
    [{ x: 0, y: 3_000, width: 3_000, height: 2_000 }, 1],
  ])("brings %p into sight, large enough to be read", (box, scale) => {
    const moved = showing({ x: 0, y: 0, scale }, box, view);
    expect(moved.scale).toBeGreaterThanOrEqual(0.55);
    expect(overlaps(box, seenBox(moved, view))).toBe(true);
  });

  it("stays where it is for what is in sight", () => {
    const camera = { x: 0, y: 0, scale: 1 };
    expect(showing(camera, { x: 100, y: 100, width: 200, height: 60 }, view)).toEqual(camera);
  });
});

describe("the arrow keys", () => {
  const at = (x: number, y: number) => ({ x, y, width: 10, height: 10 });
  const nodes = new Map([
    ["top", at(50, 0)],
    ["left", at(0, 50)],
    ["right", at(100, 50)],
    ["end", at(50, 100)],
  ]);
  const scene: Scene = { width: 200, height: 200, items: [], nodes, order: ["top", "left", "right", "end"] };

  it.each([
    ["ArrowRight", "left", "right"],
    ["ArrowLeft", "right", "left"],
    ["ArrowDown", "left", "end"],
    ["ArrowUp", "right", "top"],
    ["Home", "end", "top"],
    ["End", "top", "end"],
    ["ArrowDown", "gone", "top"],
    ["ArrowDown", "end", null],
    ["x", "top", null],
  ])("%s leads from %s to %s", (key, from, to) => expect(nodeTowards(key, from, scene)).toBe(to));
});
