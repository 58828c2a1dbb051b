import { fc } from "../../../tests/property";
import { columnsOf } from "../../core/text-columns";
import { keyName } from "./keys";
import { columnsOfLine, fitted, justified, line, span, textOfLine, toAnsi, wrapped } from "./span";

describe("lines", () => {
  test("are cut with an ellipsis, and a selected one fills the width", () => {
    expect(textOfLine(fitted(line("abc", span("def", "bold")), 5))).toBe("abcd…");
    expect(textOfLine(fitted({ ...line("abc"), isSelected: true }, 5))).toBe("abc  ");
    expect(textOfLine(fitted(line("──", "──────"), 4, true))).toBe("────");
  });

  test("stand beside each other where there is room", () => {
    expect(textOfLine(justified(line("a"), line("b"), 6))).toBe("a    b");
    expect(textOfLine(justified(line("abc"), line("def"), 7))).toBe("abc");
  });

  test("break at words, and where a word is too long", () => {
    expect(wrapped("one two three", 7)).toEqual(["one two", "three"]);
    expect(wrapped("abcdefgh", 3)).toEqual(["abc", "def", "gh"]);
    expect(wrapped("a\n\nb", 3)).toEqual(["a", "", "b"]);
    expect(wrapped("漢字漢字", 4)).toEqual(["漢字", "漢字"]);
  });

  test("never exceed the width, and lose no letter where they are wrapped", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.integer({ min: 2, max: 30 }), (text, columns) => {
        expect(columnsOfLine(fitted(line(text, span(text)), columns))).toBeLessThanOrEqual(columns);
        const lines = wrapped(text, columns);
        for (const one of lines) expect(columnsOf(one)).toBeLessThanOrEqual(columns);
        const letters = (given: string) => [...given.replaceAll(/[ \n]/g, "")].join("");
        expect(letters(lines.join(""))).toBe(letters(text));
      }),
    );
  });

  test("carry colours only where they are wanted", () => {
    expect(toAnsi(line(span("a", "failed")), true)).toBe("\u001b[31ma\u001b[0m");
    expect(toAnsi(line(span("a", "failed")), false)).toBe("a");
    expect(toAnsi({ ...line(span("a", "failed")), isSelected: true }, true)).toBe("\u001b[7ma\u001b[0m");
  });
});

test("keys have one name each", () => {
  expect(keyName(undefined, { name: "up" })).toBe("up");
  expect(keyName("\r", { name: "return" })).toBe("return");
  expect(keyName("\u0003", { name: "c", ctrl: true })).toBe("ctrl-c");
  expect(keyName("G", { name: "g" })).toBe("G");
  expect(keyName("ö", {})).toBe("ö");
  expect(keyName(undefined, { sequence: "\u001b[15~", name: "f5" })).toBeNull();
  expect(keyName("b", { name: "b", meta: true })).toBeNull();
});
