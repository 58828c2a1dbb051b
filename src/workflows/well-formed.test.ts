import { wellFormed } from "./well-formed";

test("replaces halves of surrogate pairs that stand alone, and nothing else", () => {
  expect(wellFormed("a\ud800b\udc00 😀 \u0000")).toBe("a\ufffdb\ufffd 😀 \u0000");
});
