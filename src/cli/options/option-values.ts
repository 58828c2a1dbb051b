import { Option } from "commander";

interface Values {
  readonly names: readonly string[];
  /** Several of them with commas. */
  readonly isList: boolean;
}

const VALUES = new WeakMap<Option, Values>();

/**
 * An option that takes one of these names. What is given is checked by whoever uses it, with a better refusal than the command line's; here
 * they are named once, for help, in which `describe` gets them as `a, b or c`, and for completion.
 */
export function oneOf(flags: string, names: readonly string[], describe: (names: string) => string): Option {
  return withValues(flags, { names, isList: false }, describe);
}

/** The same where several may be given, with commas. */
export function someOf(flags: string, names: readonly string[], describe: (names: string) => string): Option {
  return withValues(flags, { names, isList: true }, describe);
}

function withValues(flags: string, values: Values, describe: (names: string) => string): Option {
  const option = new Option(flags, describe(inWords(values.names)));
  VALUES.set(option, values);
  return option;
}

/** What an option takes; undefined where it takes anything. */
export function valuesOf(option: Option): Values | undefined {
  return (
    VALUES.get(option) ?? (option.argChoices === undefined ? undefined : { names: option.argChoices, isList: false })
  );
}

function inWords(names: readonly string[]): string {
  return `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
