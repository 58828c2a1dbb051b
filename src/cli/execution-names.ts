import type { Metadata } from "@grpc/grpc-js";
import { usageError } from "./exit-codes";

/** What an execution is called by when it is started. */
export interface ExecutionNames {
  /** `key=value` each. */
  readonly labels: readonly string[];
  readonly displayName?: string;
}

/** What plain gRPC metadata carry unchanged, and no comma, which parts labels. */
const PLAIN = /^[\x21-\x2b\x2d-\x7e](?:[\x20-\x2b\x2d-\x7e]*[\x21-\x2b\x2d-\x7e])?$/;

/** The server has the limits; the form is checked here, where nothing has been made yet. Throws a usage error. */
export function readNames(options: { readonly label?: readonly string[]; readonly name?: string }): ExecutionNames {
  const { label: labels = [], name } = options;
  for (const label of labels) {
    if (!/^[^=]+=/.test(label)) throw usageError(`--label must be KEY=VALUE; got ${JSON.stringify(label)}`);
  }
  return { labels, ...(name === undefined ? {} : { displayName: name }) };
}

/** As docs/operations.md has it: what is not plain ASCII travels in the `-bin` forms. */
export function addNames(metadata: Metadata, { labels, displayName }: ExecutionNames): void {
  for (const label of labels) add(metadata, "aco-label", label);
  if (displayName !== undefined) add(metadata, "aco-display-name", displayName);
}

function add(metadata: Metadata, key: string, text: string): void {
  if (PLAIN.test(text)) metadata.add(key, text);
  else metadata.add(`${key}-bin`, Buffer.from(text, "utf8"));
}
