/** A name that CEL does not take for one: of `nodes.my-node` it subtracts `node`. */
export interface SplitName {
  /** From 1. */
  readonly column: number;
  readonly written: string;
  /** How it has to be written. */
  readonly instead: string;
  /** What CEL takes it for. */
  readonly taken: string;
}

const STRINGS = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g;
const WITH_HYPHENS = /\b([A-Za-z_]\w*)\.([A-Za-z_]\w*(?:-\w+)+)/g;
const WORDS = /\b([A-Za-z_]\w*)\.(in|true|false|null)\b/g;

/** Those in an expression that cannot be meant otherwise. `isName`: whether an object, as it is written, has such a member. */
export function splitNames(source: string, isName: (object: string, name: string) => boolean): readonly SplitName[] {
  const code = source.replace(STRINGS, (text) => " ".repeat(text.length));
  const hyphens = [...code.matchAll(WITH_HYPHENS)].flatMap(({ 1: object = "", 2: rest = "", index }) => {
    const name = prefixes(rest).find((each) => isName(object, each));
    return name === undefined ? [] : [found(object, name, index, "is read as a subtraction")];
  });
  const words = [...code.matchAll(WORDS)].map(({ 1: object = "", 2: name = "", index }) =>
    found(object, name, index, `holds '${name}', a word of CEL`),
  );
  return [...hyphens, ...words].sort((left, right) => left.column - right.column);
}

/** What may be said of a variable that is not there: it is the end of a name with a hyphen. `column` is the variable's, from 1. */
export function splitHint(source: string, name: string, column: number): string {
  const start = /\.([A-Za-z_][\w-]*-)$/.exec(source.slice(0, column - 1))?.[1];
  return start === undefined
    ? ""
    : `; if '${start}${name}' is one name, write ["${start}${name}"] in place of it and the dot`;
}

function found(object: string, name: string, index: number, taken: string): SplitName {
  return { column: index + 1, written: `${object}.${name}`, instead: `${object}["${name}"]`, taken };
}

/** `a-b-c`, `a-b`. */
function prefixes(name: string): readonly string[] {
  const parts = name.split("-");
  return parts.slice(1).map((_, cut) => parts.slice(0, parts.length - cut).join("-"));
}
