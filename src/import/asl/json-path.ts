import { type Segment, select, type Value } from "../value";
import { NotMapped, type Scope } from "./scope";

export interface ReferencePath {
  /** `$` is the state's input, `$$` the context object, anything else a variable. */
  readonly root: string;
  readonly segments: readonly Segment[];
}

const ROOT = /^\$(?:\$|[A-Za-z_][A-Za-z0-9_]*)?/;
const STEP = /\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*)|\[(\d+)\]|\['((?:[^'\\]|\\.)*)'\]|\["((?:[^"\\]|\\.)*)"\]/y;

/** Reads a JSONPath of names and indices. Throws NotMapped, with the column, where it is more than that. */
export function parsePath(text: string): ReferencePath {
  const root = ROOT.exec(text)?.[0];
  if (root === undefined) throw new NotMapped(`'${text}' is no JSONPath: it must start with $`);
  const segments: Segment[] = [];
  for (let at = root.length; at < text.length; ) {
    STEP.lastIndex = at;
    const found = STEP.exec(text);
    if (found === null) throw new NotMapped(`'${text}', column ${at + 1}: ${whatStandsAt(text.slice(at))}`);
    const [all, name, index, single, double] = found;
    segments.push(index === undefined ? (name ?? unescaped(single ?? double ?? "")) : Number(index));
    at += all.length;
  }
  return { root: root.length === 1 || root === "$$" ? root : root.slice(1), segments };
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, "$1");
}

function whatStandsAt(text: string): string {
  const advice = "make the value in a task or a transform node before";
  if (text.startsWith("..")) return `a descent (..) has no counterpart; ${advice}`;
  if (text.startsWith(".*") || text.startsWith("[*")) return `a wildcard has no counterpart; ${advice}`;
  if (text.startsWith("[?")) return `a filter has no counterpart; ${advice}, with list.filter(x, ...)`;
  if (/^\[-\d/.test(text)) return `a negative index has no counterpart; ${advice}`;
  if (/^\[\d*:/.test(text)) return `a slice has no counterpart; ${advice}`;
  if (/^\[\d+,/.test(text)) return `a union of indices has no counterpart; ${advice}`;
  return "only names, ['names'] and [indices] can be taken over";
}

/** What a path's root stands for. */
export function rootOf({ root }: ReferencePath, scope: Scope): Value {
  if (root === "$") return scope.input;
  if (root === "$$") return scope.context;
  const variable = scope.variables.get(root);
  if (variable === undefined) throw new NotMapped(`no state on the way here assigns the variable $${root}`);
  return variable;
}

/** The value that a path names. */
export function resolvePath(text: string, scope: Scope): Value {
  const parsed = parsePath(text);
  const value = select(rootOf(parsed, scope), parsed.segments);
  if (value !== undefined) return value;
  throw new NotMapped(
    parsed.root === "$$"
      ? `'${text}' of the context object has no counterpart; there are Execution.Id, Execution.Input, State.Name, Map.Item.Value and Map.Item.Index`
      : `'${text}' names nothing: the value there is known, and has no such member`,
  );
}
