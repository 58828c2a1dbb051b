import { fc } from "../../tests/property";
import type { JsonValue } from "../core/json";
import { ok } from "../core/result";
import { expressionText, hasTemplate, parseTemplate, renderTemplate } from "./templates";

/** Gives back what was asked for, so that tests see which texts were taken for expressions. */
const echo = (source: string) => ok<JsonValue>({ cel: source.trim() });
const rendered = (value: JsonValue) => renderTemplate(value, echo);

describe("templates", () => {
  test.each([
    ["${{ input.n }}", { cel: "input.n" }],
    ["${{input.n}}", { cel: "input.n" }],
    ["n is ${{ n }}!", 'n is {"cel":"n"}!'],
    ["${{ a }}${{ b }}", '{"cel":"a"}{"cel":"b"}'],
    [" ${{ a }}", ' {"cel":"a"}'],
    ["${HOME} $(ls) {{ x }} }}", "${HOME} $(ls) {{ x }} }}"],
    ["$${{ a }}", "${{ a }}"],
    ["$${{ a }} ${{ b }}", '${{ a }} {"cel":"b"}'],
    ["$$${{ a }}", "$${{ a }}"],
    ["${{ 'a }} b' }}", { cel: "'a }} b'" }],
    ['${{ "a \\" }} b" }}', { cel: '"a \\" }} b"' }],
    ["${{ '''a ' }} b''' }}", { cel: "'''a ' }} b'''" }],
    ["${{ r'a\\' }}", { cel: "r'a\\'" }],
    ["${{ {'a': {'b': 1}} }}", { cel: "{'a': {'b': 1}}" }],
    ["${{ {'a': {'b': 1}}}}", { cel: "{'a': {'b': 1}}" }],
    ["", ""],
  ])("renders %s", (text, expected) => {
    expect(rendered(text)).toEqual(ok(expected));
  });

  test("puts strings into text as they are, and anything else as JSON", () => {
    const values: Readonly<Record<string, JsonValue>> = { s: "x", n: 1.5, t: true, z: null, l: [1, "a"] };
    const text = "${{ s }} ${{ n }} ${{ t }} ${{ z }} ${{ l }}";
    expect(renderTemplate(text, (source) => ok(values[source.trim()] ?? null))).toEqual(ok('x 1.5 true null [1,"a"]'));
  });

  test("renders inside lists and objects, but not their names", () => {
    expect(rendered({ "${{ k }}": ["${{ a }}", 1, { b: "${{ b }}" }] })).toEqual(
      ok({ "${{ k }}": [{ cel: "a" }, 1, { b: { cel: "b" } }] }),
    );
  });

  test("keeps a member __proto__ a member", () => {
    const template = JSON.parse('{"__proto__":{"a":"${{ x }}"}}') as JsonValue;
    const result = rendered(template);
    expect(JSON.stringify(result)).toBe('{"ok":true,"value":{"__proto__":{"a":{"cel":"x"}}}}');
  });

  test.each([
    ["${{ a", 1],
    ["x ${{ a }", 3],
    ["${{ 'a }}", 1],
    ["${{ {'a': 1 }}", 1],
    ["${{ a } }}", 1],
  ])("refuses %s and says where", (text, column) => {
    expect(parseTemplate(text)).toMatchObject({ ok: false, error: { column } });
  });

  test("takes a condition bare or in braces, and nothing in between", () => {
    expect(expressionText("input.n > 1")).toEqual(ok({ source: "input.n > 1", start: 0 }));
    expect(expressionText(" ${{ a }} ")).toEqual(ok({ source: " a ", start: 4 }));
    expect(expressionText("${{ a }} && b")).toMatchObject({ ok: false });
    expect(expressionText("${{ a")).toMatchObject({ ok: false, error: { column: 1 } });
  });

  test("leaves any text without an opening as it is, and never throws", () => {
    const bits = fc.constantFrom("${{", "}}", "$", "{", "}", "'", '"', "\\", "a", " ");
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 20 }), (parts) => {
        const text = parts.join("");
        const result = rendered(text);
        if (!hasTemplate(text)) expect(result).toEqual(ok(text));
      }),
    );
  });

  test("escapes so that any text can be written", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("${{", "}}", "a", "{", " ", "'") }), (text) => {
        expect(rendered(text.split("${{").join("$${{"))).toEqual(ok(text));
      }),
    );
  });
});
