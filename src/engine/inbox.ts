import type { Failure } from "../core/errors";
import type { JsonObject, JsonValue } from "../core/json";
import { jsonBytes } from "../core/json-size";
import { allNodes } from "../definition/bodies";
import type { Definition } from "../definition/graph-types";
import { checkAgainstSchema } from "../definition/json-schema";
import type { Draft } from "./draft";
import type { EngineState, Place } from "./engine-state";
import type { MessageInput, RefusalCode } from "./engine-types";
import { problemsFailure } from "./failures";
import { MAX_MESSAGE_BYTES, MAX_MESSAGES } from "./limits";
import { present } from "./sites";
import { tableEntries } from "./table";

/** A failure with one of the codes that inputs are refused with. */
export type Refusal = Failure & { readonly code: RefusalCode };

/** Takes the oldest message of a name that the schema admits out of the inbox. */
export function takeMessage(
  draft: Draft,
  name: string,
  schema?: JsonObject,
): { readonly payload: JsonValue } | undefined {
  const position = draft.inbox.findIndex((message) => message.name === name && admits(schema, message.payload));
  if (position === -1) return undefined;
  const { payload } = present(draft.inbox[position]);
  draft.inbox = draft.inbox.toSpliced(position, 1);
  return { payload };
}

/** Puts a message into the inbox, and lets the nodes that wait for its name look, those that wait longest first. */
export function receiveMessage(draft: Draft, { name, payload }: MessageInput): void {
  draft.inbox = [...draft.inbox, { name, payload }];
  for (const place of listeners(draft, name)) draft.agenda.push({ type: "resume", place, event: { type: "message" } });
}

function listeners(draft: Draft, name: string): readonly Place[] {
  const enteredAt = (place: Place) => draft.frameOf(place).state(place.node).enteredAt ?? 0;
  return tableEntries(draft.running.result())
    .map(([, place]) => place)
    .filter((place) => {
      const node = draft.frameOf(place).node(place.node);
      return node.type === "signal" && node.config.name === name;
    })
    .toSorted((a, b) => enteredAt(a) - enteredAt(b));
}

/** Why a message would never be taken, or cannot be kept; null where it can. */
export function messageRefusal(state: EngineState, { name, payload }: MessageInput): Refusal | null {
  const schemas = signalSchemas(state.snapshot.definition, name);
  if (schemas.length === 0)
    return { code: "INPUT_INVALID", message: `no node takes messages named ${JSON.stringify(name).slice(0, 100)}` };
  if (!isWithin(payload, MAX_MESSAGE_BYTES))
    return { code: "MESSAGE_TOO_LARGE", message: `a payload may take at most ${MAX_MESSAGE_BYTES} bytes of JSON` };
  const [schema] = schemas;
  if (schema !== undefined && !schemas.some((other) => admits(other, payload)))
    return { ...problemsFailure("INPUT_INVALID", checkAgainstSchema(schema, payload)), code: "INPUT_INVALID" };
  if (state.inbox.length >= MAX_MESSAGES)
    return { code: "INBOX_FULL", message: `${MAX_MESSAGES} messages wait to be taken already` };
  return null;
}

function admits(schema: JsonObject | undefined, payload: JsonValue): boolean {
  return schema === undefined || checkAgainstSchema(schema, payload).length === 0;
}

function isWithin(payload: JsonValue, limitBytes: number): boolean {
  try {
    return jsonBytes(payload) <= limitBytes;
  } catch {
    return false;
  }
}

/** Schemas of the nodes that take messages of a name; undefined for one that takes any payload. */
function signalSchemas(definition: Definition, name: string): readonly (JsonObject | undefined)[] {
  return allNodes(definition).flatMap(({ node }) =>
    node.type === "signal" && node.config.name === name ? [node.config.schema] : [],
  );
}
