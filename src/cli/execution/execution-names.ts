import type { Metadata } from "@grpc/grpc-js";
import { usageError } from "../exit-codes";

/** What an execution is called by when it is started, and who is called at its end. */
export interface ExecutionNames {
  /** `key=value` each. */
  readonly labels: readonly string[];
  readonly displayName?: string;
  /** URLs that are called when the execution ends. */
  readonly callbacks: readonly string[];
  /** Signs them; empty where the server is to. */
  readonly callbackSecret: string;
}

/** What plain gRPC metadata carry unchanged, and no comma, which parts labels. */
const PLAIN = /^[\x21-\x2b\x2d-\x7e](?:[\x20-\x2b\x2d-\x7e]*[\x21-\x2b\x2d-\x7e])?$/;

/** The server has the limits; the form is checked here, where nothing has been made yet. Throws a usage error. */
export function readNames(
  options: { readonly label?: readonly string[]; readonly name?: string; readonly callback?: readonly string[] },
  callbackSecret = "",
): ExecutionNames {
  const { label: labels = [], name, callback: callbacks = [] } = options;
  for (const label of labels) parseLabel(label);
  return { labels, callbacks, callbackSecret, ...(name === undefined ? {} : { displayName: name }) };
}

/** Throws a usage error. */
export function parseLabel(text: string): readonly [key: string, value: string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined)
    throw usageError(`--label must be KEY=VALUE; got ${JSON.stringify(text)}`);
  return [key, value];
}

/** As docs/operations.md has it: what is not plain ASCII travels in the `-bin` forms. */
export function addNames(metadata: Metadata, { labels, displayName, callbacks, callbackSecret }: ExecutionNames): void {
  for (const label of labels) add(metadata, "aco-label", label);
  if (displayName !== undefined) add(metadata, "aco-display-name", displayName);
  // A URL is ASCII once its parser has seen it; what it cannot read is the server's to refuse.
  for (const url of callbacks) metadata.add("aco-callback", URL.canParse(url) ? new URL(url).href : encodeURI(url));
  if (callbacks.length > 0 && callbackSecret !== "") metadata.set("aco-callback-secret", callbackSecret);
}

function add(metadata: Metadata, key: string, text: string): void {
  if (PLAIN.test(text)) metadata.add(key, text);
  else metadata.add(`${key}-bin`, Buffer.from(text, "utf8"));
}
