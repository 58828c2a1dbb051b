import type { ASTNode } from "@marcbachmann/cel-js";
import { meantHint, nearName } from "../near-name";
import { environment } from "./environment";
import { childrenOf } from "./syntax-tree";

/** A call of a function or method that there is not, whatever its operands. */
export interface UnknownFunction {
  readonly message: string;
  /** In the expression, from 1. */
  readonly column: number;
  readonly suggestion?: string;
}

/** Names of functions, and of methods; also those of the library's macros. */
let known: { readonly functions: ReadonlySet<string>; readonly methods: ReadonlySet<string> } | undefined;

function names(): NonNullable<typeof known> {
  const { functions } = environment().getDefinitions();
  const named = (isMethod: boolean) =>
    new Set(functions.filter(({ receiverType }) => (receiverType !== null) === isMethod).map(({ name }) => name));
  known ??= { functions: named(false), methods: named(true) };
  return known;
}

/** The first call in an expression of something that has no such name. */
export function unknownFunction(root: ASTNode): UnknownFunction | undefined {
  const pending: ASTNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const found = unknownIn(node);
    if (found !== undefined) return found;
    pending.push(...[...childrenOf(node)].reverse());
  }
  return undefined;
}

function unknownIn(node: ASTNode): UnknownFunction | undefined {
  if (node.op !== "call" && node.op !== "rcall") return undefined;
  const [name] = node.args;
  const { functions, methods } = names();
  const [same, others] = node.op === "call" ? [functions, methods] : [methods, functions];
  if (same.has(name)) return undefined;
  const column = node.start + 1;
  const what = node.op === "call" ? "function" : "method";
  if (others.has(name)) {
    const hint = node.op === "call" ? `write x.${name}()` : `write ${name}(x)`;
    return { message: `there is no ${what} '${name}'; ${hint}`, column };
  }
  const suggestion = nearName(name, same);
  const hint = meantHint(suggestion);
  const message = `there is no ${what} '${name.slice(0, 64)}'${hint}`;
  return { message, column, ...(suggestion === undefined ? {} : { suggestion }) };
}
