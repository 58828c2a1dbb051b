import type { Failure } from "../core/errors";
import { isJsonObject, type JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import type { AnswerInput, MessageInput, RefusalCode } from "../engine/engine-types";

/** Longest request id, in UTF-16 units: a run keeps a thousand of them. */
export const MAX_REQUEST_ID_LENGTH = 128;

/** What came from outside, as the engine takes it. */
export interface OutsideInput {
  readonly input: MessageInput | AnswerInput;
  /** The same again is the same request. */
  readonly requestId?: string;
}

/** Reads a `SendMessageInput`: anyone may send one, so nothing is taken for granted. */
export function parseMessage(argument: unknown): Result<OutsideInput, Failure> {
  if (!isJsonObject(argument)) return malformed("", "must be an object");
  const { name, payload = null } = argument;
  if (typeof name !== "string") return malformed("/name", "must be a text");
  return withRequestId(argument["requestId"], { type: "message", name, payload });
}

/** Reads an `AnswerApprovalInput`. */
export function parseAnswer(argument: unknown): Result<OutsideInput, Failure> {
  if (!isJsonObject(argument)) return malformed("", "must be an object");
  const { nodeId, approved, by, comment, form } = argument;
  if (typeof nodeId !== "string") return malformed("/nodeId", "must be a text");
  if (typeof approved !== "boolean") return malformed("/approved", "must be true or false");
  if (by !== undefined && typeof by !== "string") return malformed("/by", "must be a text");
  if (comment !== undefined && typeof comment !== "string") return malformed("/comment", "must be a text");
  return withRequestId(argument["requestId"], {
    type: "answer",
    nodeId,
    approved,
    ...(by === undefined ? {} : { by }),
    ...(comment === undefined ? {} : { comment }),
    ...(form === undefined ? {} : { form }),
  });
}

function withRequestId(
  requestId: JsonValue | undefined,
  input: MessageInput | AnswerInput,
): Result<OutsideInput, Failure> {
  if (requestId === undefined) return ok({ input });
  if (typeof requestId !== "string") return malformed("/requestId", "must be a text");
  if (requestId.length > MAX_REQUEST_ID_LENGTH)
    return malformed("/requestId", `must be at most ${MAX_REQUEST_ID_LENGTH} characters long`);
  return ok({ input, requestId });
}

function malformed(pointer: string, what: string): Result<never, Failure> {
  const code: RefusalCode = "INPUT_INVALID";
  const message = `${pointer === "" ? "the argument" : pointer} ${what}`;
  return err({ code, message, details: { problems: [{ code: "SCHEMA_MISMATCH", pointer, message: what }] } });
}
