import type { Failure } from "../core/errors";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { MAX_MAP_CONCURRENCY } from "../definition/limits";
import type { AnswerInput, MessageInput, RefusalCode, SteerAction, SteerInput } from "../engine/engine-types";

/** Longest request id, in UTF-16 units: a run keeps a thousand of them. */
export const MAX_REQUEST_ID_LENGTH = 128;

/** What came from outside, as the engine takes it. */
export interface OutsideInput {
  readonly input: MessageInput | AnswerInput | SteerInput;
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

/** Reads a `SteerRunInput`. */
export function parseSteering(argument: unknown): Result<OutsideInput, Failure> {
  if (!isJsonObject(argument)) return malformed("", "must be an object");
  const { by, requestId } = argument;
  if (by !== undefined && typeof by !== "string") return malformed("/by", "must be a text");
  const action = parseAction(argument);
  if (!action.ok) return action;
  const named = typeof requestId === "string" ? { requestId } : {};
  return withRequestId(requestId, { type: "steer", ...action.value, ...(by === undefined ? {} : { by }), ...named });
}

function parseAction(argument: JsonObject): Result<SteerAction, Failure> {
  const { action, nodeId, step, output, attempt, isWaiting, timeoutAtMs, concurrency } = argument;
  switch (action) {
    case "pause":
      return ok({ action });
    case "resume":
      return ok({ action, ...(step === true ? { step } : {}) });
    case "skip":
    case "cancel_node":
      return typeof nodeId === "string" ? ok({ action, nodeId }) : malformed("/nodeId", "must be a text");
    case "retry":
      if (typeof nodeId !== "string") return malformed("/nodeId", "must be a text");
      return ok({ action, nodeId, isWaiting: isWaiting === true, ...(typeof attempt === "number" ? { attempt } : {}) });
    case "set_output":
      if (typeof nodeId !== "string") return malformed("/nodeId", "must be a text");
      return output === undefined ? malformed("/output", "must be there") : ok({ action, nodeId, output });
    case "update":
      return parseUpdate(timeoutAtMs, concurrency);
    default:
      return malformed("/action", "must be one that this worker knows");
  }
}

function parseUpdate(
  timeoutAtMs: JsonValue | undefined,
  concurrency: JsonValue | undefined,
): Result<SteerAction, Failure> {
  if (timeoutAtMs !== undefined && !isTime(timeoutAtMs)) return malformed("/timeoutAtMs", "must be a time");
  if (concurrency !== undefined && !isConcurrency(concurrency))
    return malformed("/concurrency", `must be numbers from 1 to ${MAX_MAP_CONCURRENCY} by node`);
  return ok({
    action: "update",
    ...(timeoutAtMs === undefined ? {} : { timeoutAtMs }),
    ...(concurrency === undefined ? {} : { concurrency }),
  });
}

/** A date of JavaScript's ends at 8.64e15 ms. */
function isTime(value: JsonValue): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && value <= 8.64e15;
}

function isConcurrency(value: JsonValue): value is Readonly<Record<string, number>> {
  return (
    isJsonObject(value) && Object.values(value).every((items) => Number.isInteger(items) && isWithin(Number(items)))
  );
}

function isWithin(items: number): boolean {
  return items >= 1 && items <= MAX_MAP_CONCURRENCY;
}

function withRequestId(requestId: JsonValue | undefined, input: OutsideInput["input"]): Result<OutsideInput, Failure> {
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
