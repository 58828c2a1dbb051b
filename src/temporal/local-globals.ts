/**
 * What JavaScript has built in and nobody replaces: the SDK puts a `Date` of its own in place and takes `WeakRef` and timers away, and
 * freezes these.
 */
const BUILT_IN = [
  ...["AggregateError", "Array", "ArrayBuffer", "BigInt", "Boolean", "DataView", "Error", "EvalError", "Float64Array"],
  ...["Int32Array", "Int8Array", "JSON", "Map", "Math", "Number", "Object", "Promise", "Proxy", "RangeError"],
  ...["ReferenceError", "Reflect", "RegExp", "Set", "String", "Symbol", "SyntaxError", "TypeError", "URIError"],
  ...["Uint16Array", "Uint32Array", "Uint8Array", "WeakMap", "WeakSet", "decodeURIComponent", "encodeURIComponent"],
  ...["isFinite", "isNaN", "parseFloat", "parseInt"],
].join(", ");

/** How webpack begins a library that is a variable, which the SDK looks for. */
const HEAD = "var __TEMPORAL__;\n";
const SOURCE_MAP = "//# sourceMappingURL=";

/**
 * Makes the built-in globals of a workflow bundle variables of a function around it. In the sandbox, a context of `node:vm`, each use
 * of a global asks Node: about 0.1 us, where a variable costs next to nothing. See docs/decisions/0031. No line moves, so the source
 * map stays right.
 */
export function withLocalGlobals(code: string): string {
  const end = code.lastIndexOf(SOURCE_MAP);
  if (!code.startsWith(HEAD) || end === -1)
    throw new Error("the workflow bundle does not look as it did; see local-globals.ts");
  const body = code.slice(HEAD.length, end);
  return `var __TEMPORAL__;(function (${BUILT_IN}) {\n${body}})(${BUILT_IN});${code.slice(end)}`;
}
