import { jsonBytes, utf8Bytes } from "./json-size";

test("counts bytes of UTF-8, not UTF-16 units", () => {
  for (const text of ["", "abc", "é", "€", "😀", "a😀€é", "\u0000"])
    expect(utf8Bytes(text)).toBe(Buffer.byteLength(text));
});

test("counts the bytes of a value's JSON", () => {
  expect(jsonBytes({ a: ["é", 1, null] })).toBe(Buffer.byteLength('{"a":["é",1,null]}'));
});
