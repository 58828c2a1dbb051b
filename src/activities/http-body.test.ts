import { decodeBody } from "./http-body";

const bytes = (text: string) => Buffer.from(text, "latin1");

test.each([
  ["application/json", "[1]", [1]],
  ["application/problem+json; charset=utf-8", '{"a":null}', { a: null }],
  ["application/json", "", null],
  ["application/json", "<html>", "<html>"],
  ["text/plain", "[1]", "[1]"],
  ["application/jsonlines", "[1]", "[1]"],
  ["text/plain; charset=iso-8859-1", "\xe9", "é"],
  [null, "plain", "plain"],
])("a body of type %p that says %p is given as %p", (contentType, text, body) => {
  expect(decodeBody(bytes(text), contentType)).toEqual({ body });
});

test.each(["image/png", "text/plain; charset=nobody-knows-it"])(
  "a body of type %p that is no text is base64",
  (type) => {
    expect(decodeBody(bytes("\xff\x00"), type)).toEqual({ body: "/wA=", body_encoding: "base64" });
  },
);
