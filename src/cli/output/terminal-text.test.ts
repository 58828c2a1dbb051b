import { fc } from "../../../tests/property";
import { harmless, harmlessLine, jsonText } from "./terminal-text";

describe("harmless", () => {
  test.each([
    ["colours", "\u001b[1;31mred\u001b[0m", "red"],
    ["cursor movement", "a\u001b[2Ab\u001b[Kc", "abc"],
    ["a window title ended by BEL", "\u001b]0;owned\u0007text", "text"],
    ["a hyperlink ended by ST", "\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\", "link"],
    ["a device control string", "a\u001bP+q544e\u001b\\b", "ab"],
    ["8-bit introducers", "a\u009b31mb\u009d0;t\u009cc", "abc"],
    ["a character set switch", "\u001b(0lqk\u001b(B", "lqk"],
    ["an unfinished sequence", "end\u001b[", "end"],
    ["a full reset", "a\u001bcb", "ab"],
    ["bells, backspaces and NUL", "a\u0007b\u0008c\u0000d", "abcd"],
    ["marks that reorder text", "a\u202eb\u2066c", "abc"],
  ])("removes %s", (_, text, expected) => {
    expect(harmless(text)).toBe(expected);
  });

  test("keeps line breaks, tabs and other scripts", () => {
    expect(harmless("a\n\tb\r\nü漢🙂")).toBe("a\n\tb\nü漢🙂");
  });

  test("keeps of a progress bar what was drawn last", () => {
    expect(harmless("10%\r50%\r100%\ndone")).toBe("100%\ndone");
  });

  test("leaves nothing that a terminal would obey, whatever it is given", () => {
    const nasty = fc.array(
      fc.oneof(fc.constantFrom("\u001b", "[", "]", "\u009b", "\u0007", "\\", "P", "m", "\r"), fc.string()),
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
        expect(harmless(parts.join(""))).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
      }),
    );
  });

  test("makes one line of several", () => {
    expect(harmlessLine("a\n\tb\n")).toBe("a b");
  });
});

test("JSON escapes the control characters that JSON.stringify leaves", () => {
  const value = { text: "\u009b31m\u007f\u202e\u001b" };
  expect(jsonText(value)).toBe('{"text":"\\u009b31m\\u007f\\u202e\\u001b"}');
  expect(JSON.parse(jsonText(value, 2))).toEqual(value);
});
