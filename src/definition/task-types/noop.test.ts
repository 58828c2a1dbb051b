import { parseTaskConfig } from "./registry";

test("returns null unless told otherwise", () => {
  expect(parseTaskConfig("noop", {})).toMatchObject({ ok: true, value: { config: { output: null } } });
  expect(parseTaskConfig("noop", { output: { a: [1] } })).toMatchObject({
    ok: true,
    value: { config: { output: { a: [1] } } },
  });
});

test("refuses a field it does not know, and names the near one", () => {
  expect(parseTaskConfig("noop", { outptu: 1 })).toMatchObject({ ok: false, error: [{ suggestion: "output" }] });
});
