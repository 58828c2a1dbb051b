import { fc } from "../../../tests/property";
import type { JsonValue } from "../../core/json";
import { findJsonDefect } from "./json-defect";

it("finds nothing in JSON that every store can keep", () => {
  const text = fc.string({ unit: "grapheme" }).map((value) => value.replaceAll("\0", ""));
  const json = fc.letrec<{ value: JsonValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(null, true, false),
      fc.double({ noDefaultInfinity: true, noNaN: true }),
      text,
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(text, tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(fc.property(json, (value) => expect(findJsonDefect(value, 10)).toBeUndefined()));
});

it("points at the first defect", () => {
  expect(findJsonDefect({ a: [1, { "b/c~": "x\0" }], z: "\0" }, 10)?.pointer).toBe("/a/1/b~1c~0");
  expect(findJsonDefect({ a: { "\0": 1 } }, 10)).toEqual({
    pointer: "/a",
    message: "has a key that contains the NUL character",
  });
  expect(findJsonDefect(["\udc00"], 10)?.pointer).toBe("/0");
  expect(findJsonDefect([Number.POSITIVE_INFINITY], 10)?.pointer).toBe("/0");
});

it("takes nesting at the limit, refuses one level more, and survives a million", () => {
  const nested = (levels: number): JsonValue => {
    let value: JsonValue = 1;
    for (let level = 0; level < levels; level += 1) value = [value];
    return value;
  };
  expect(findJsonDefect(nested(10), 10)).toBeUndefined();
  expect(findJsonDefect(nested(11), 10)?.message).toBe("must not be nested deeper than 10 levels");
  expect(findJsonDefect(nested(1_000_000), 10)).toBeDefined();
});
