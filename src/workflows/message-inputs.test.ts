import { MAX_REQUEST_ID_LENGTH, parseAnswer, parseMessage } from "./message-inputs";

test("reads a message, with and without payload and request id", () => {
  expect(parseMessage({ name: "go" })).toEqual({
    ok: true,
    value: { input: { type: "message", name: "go", payload: null } },
  });
  expect(parseMessage({ name: "go", payload: [1], requestId: "r", more: 1 })).toEqual({
    ok: true,
    value: { input: { type: "message", name: "go", payload: [1] }, requestId: "r" },
  });
});

test("takes request ids up to a length", () => {
  const withId = (length: number) => parseMessage({ name: "go", requestId: "r".repeat(length) }).ok;
  expect([withId(MAX_REQUEST_ID_LENGTH), withId(MAX_REQUEST_ID_LENGTH + 1)]).toEqual([true, false]);
});

test("reads an answer", () => {
  const whole = { nodeId: "ask", approved: false, by: "ann", comment: "no", form: { a: 1 } };
  expect(parseAnswer({ ...whole, requestId: "r" })).toEqual({
    ok: true,
    value: { input: { type: "answer", ...whole }, requestId: "r" },
  });
  expect(parseAnswer({ nodeId: "ask", approved: true })).toEqual({
    ok: true,
    value: { input: { type: "answer", nodeId: "ask", approved: true } },
  });
});

test.each([null, 7, "x", [], {}, { name: 1 }, { name: "go", requestId: 1 }])("%j is no message", (argument) => {
  expect(parseMessage(argument)).toMatchObject({ ok: false, error: { code: "INPUT_INVALID" } });
});

test.each([
  undefined,
  {},
  { nodeId: "a" },
  { nodeId: 1, approved: true },
  { nodeId: "a", approved: "yes" },
  { nodeId: "a", approved: true, by: 1 },
  { nodeId: "a", approved: true, comment: {} },
  { nodeId: "a", approved: true, requestId: null },
])("%j is no answer", (argument) => {
  expect(parseAnswer(argument)).toMatchObject({ ok: false, error: { code: "INPUT_INVALID" } });
});
