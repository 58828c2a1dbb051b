import { Metadata, status } from "@grpc/grpc-js";
import { v7 as uuidv7 } from "uuid";
import { type ErrorCode, type FieldViolation, isOrchestratorError, type OrchestratorError } from "../core/errors";
import type { Logger } from "../core/logger";
import { MAX_STATUS_MESSAGE_BYTES, MAX_STATUS_VIOLATIONS_BYTES } from "./limits";
import { encodeStatusDetails, violationBytes } from "./status-details";

/** The one table from our codes to gRPC's. */
export const GRPC_STATUS: Readonly<Record<ErrorCode, status>> = {
  INVALID_ARGUMENT: status.INVALID_ARGUMENT,
  NOT_FOUND: status.NOT_FOUND,
  FAILED_PRECONDITION: status.FAILED_PRECONDITION,
  ALREADY_EXISTS: status.ALREADY_EXISTS,
  RESOURCE_EXHAUSTED: status.RESOURCE_EXHAUSTED,
  UNAUTHENTICATED: status.UNAUTHENTICATED,
  PERMISSION_DENIED: status.PERMISSION_DENIED,
  UNAVAILABLE: status.UNAVAILABLE,
  INTERNAL: status.INTERNAL,
};

/** The trailer that gRPC libraries read `google.rpc.Status` from. */
export const STATUS_DETAILS_TRAILER = "grpc-status-details-bin";

/** How a call ends; what grpc-js takes as an error. */
export interface CallStatus {
  readonly code: status;
  readonly details: string;
  readonly metadata: Metadata;
}

/**
 * How a call ends that threw `error`. What is not an `OrchestratorError` reaches the client as INTERNAL with nothing but
 * an id, which the log shows beside the cause.
 */
export function encodeError(error: unknown, logger: Logger, call: { readonly method: string }): CallStatus {
  if (!isOrchestratorError(error)) return maskError(error, logger, call);
  if (error.code === "INTERNAL" || error.code === "UNAVAILABLE") {
    logger.warn({ ...call, code: error.code, reason: error.message, err: error.cause }, "call failed");
  }
  return encodeStatus(GRPC_STATUS[error.code], error.message, shownViolations(error));
}

function maskError(error: unknown, logger: Logger, call: { readonly method: string }): CallStatus {
  const errorId = uuidv7();
  logger.error({ ...call, error_id: errorId, err: error }, "call failed with an internal error");
  return encodeStatus(status.INTERNAL, `internal error; the server's log has the cause under the id ${errorId}`, []);
}

function encodeStatus(code: status, fullMessage: string, violations: readonly FieldViolation[]): CallStatus {
  const message = truncateMessage(fullMessage);
  const metadata = new Metadata();
  if (violations.length > 0) {
    metadata.set(STATUS_DETAILS_TRAILER, Buffer.from(encodeStatusDetails({ code, message, violations })));
  }
  return { code, details: message, metadata };
}

/** As many violations as fit into trailers; the last place then says how many there are more. */
function shownViolations({ violations }: OrchestratorError): readonly FieldViolation[] {
  const shown: FieldViolation[] = [];
  let bytes = 0;
  for (const violation of violations) {
    const clipped = { ...violation, description: clip(violation.description, 500) };
    bytes += violationBytes(clipped);
    if (bytes > MAX_STATUS_VIOLATIONS_BYTES) {
      shown.push({
        field: violation.field,
        description: `${violations.length - shown.length} more problems from here`,
      });
      return shown;
    }
    shown.push(clipped);
  }
  return shown;
}

/** Cuts what would not fit into trailers. grpc-js sends the message through `encodeURI`, which throws on half a character. */
function truncateMessage(message: string): string {
  let text = clip(message, message.length);
  if (encodeURI(text).length <= MAX_STATUS_MESSAGE_BYTES) return text;
  text = clip(text, MAX_STATUS_MESSAGE_BYTES);
  while (encodeURI(text).length > MAX_STATUS_MESSAGE_BYTES) text = clip(text, Math.floor(text.length * 0.9));
  return text;
}

/** At most `length` UTF-16 units, without halves of surrogate pairs. */
function clip(text: string, length: number): string {
  const cut = text.length <= length ? text : `${text.slice(0, length - 1)}…`;
  return cut.replaceAll(/\p{Surrogate}/gu, "\u{fffd}");
}
