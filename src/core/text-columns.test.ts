import { fc } from "../../tests/property";
import { columnsOf, cut, pad } from "./text-columns";

describe("columns", () => {
  test("count wide characters twice and combining ones not at all", () => {
    expect(columnsOf("abc")).toBe(3);
    expect(columnsOf("漢字")).toBe(4);
    expect(columnsOf("🙂")).toBe(2);
    expect(columnsOf("e\u0301")).toBe(1);
  });

  test("are what text is cut and padded to", () => {
    expect(cut("abcdef", 6)).toBe("abcdef");
    expect(cut("abcdefg", 6)).toBe("abcde…");
    expect(cut("漢字漢字", 6)).toBe("漢字…");
    expect(cut("abc", 0)).toBe("");
    expect(pad("漢", 4)).toBe("漢  ");
    expect(pad("abcde", 4)).toBe("abcde");
  });

  test("are never exceeded by what is cut", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(40), (text, columns) => {
        expect(columnsOf(cut(text, columns))).toBeLessThanOrEqual(Math.max(columns, 0));
      }),
    );
  });
});
