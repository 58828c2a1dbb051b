import { createContext, runInContext } from "node:vm";
import { withLocalGlobals } from "./local-globals";

const MAP = "//# sourceMappingURL=data:application/json;base64,e30=";
const bundle = (body: string) => `var __TEMPORAL__;\n(() => {\n__TEMPORAL__ = ${body};\n})();\n${MAP}`;

test("gives the code the built-in globals of its own context, and moves no line", () => {
  const code = bundle("{ own: Array === [].constructor, date: () => Date }");
  const local = withLocalGlobals(code);
  expect(local.split("\n").slice(1, 4)).toEqual(code.split("\n").slice(1, 4));
  expect(local.endsWith(MAP)).toBe(true);
  const context = createContext({});
  runInContext(local, context);
  expect(runInContext("__TEMPORAL__.own", context)).toBe(true);
  // What the SDK replaces is looked up each time.
  expect(runInContext("Date = 'replaced'; __TEMPORAL__.date()", context)).toBe("replaced");
});

test.each(["(() => {})()", "var __TEMPORAL__;\n(() => {})();"])(
  "refuses a bundle that it does not know: %j",
  (code) => {
    expect(() => withLocalGlobals(code)).toThrow("does not look as it did");
  },
);
