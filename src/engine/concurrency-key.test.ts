import type { JsonValue } from "../core/json";
import type { Concurrency } from "../definition/graph-types";
import { concurrencyKey } from "./concurrency-key";

const keyOf = (key: string, input: JsonValue) => concurrencyKey({ key }, input, { id: "e1" });

test.each([
  ["deploy", {}, "deploy"],
  ["${{ input.host }}", { host: "a" }, "a"],
  ["${{ input.host }}:${{ input.port }}", { host: "a", port: 80 }, "a:80"],
  ["${{ input.port }}", { port: 80 }, "80"],
  ["${{ input }}", { b: 1, a: [true] }, '{"a":[true],"b":1}'],
  ["${{ execution.id }}", {}, "e1"],
])("%s over %j is the key %s", (key, input, expected) => {
  expect(keyOf(key, input)).toEqual({ ok: true, value: expected });
});

test("says where a key does not evaluate", () => {
  expect(keyOf("x ${{ input.missing }}", {})).toMatchObject({
    ok: false,
    error: { code: "EXPRESSION_FAILED", details: { pointer: "/concurrency/key" } },
  });
});

test.each([null, [], {}, { key: 7 }])(
  "refuses %j in place of a concurrency, as another version might have it",
  (odd) => {
    expect(concurrencyKey(odd as unknown as Concurrency, {}, { id: "e1" })).toMatchObject({
      ok: false,
      error: { code: "DEFINITION_INVALID" },
    });
  },
);
