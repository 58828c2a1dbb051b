import { storableText } from "./storable-text";

test("replaces NUL and lone surrogates, and nothing else", () => {
  expect(storableText("a\0b\uD800c\uDC00")).toBe("a\uFFFDb\uFFFDc\uFFFD");
  expect(storableText("Grüße, 世界 🚀\n\t\u0001")).toBe("Grüße, 世界 🚀\n\t\u0001");
});
