import { BinaryReader } from "@bufbuild/protobuf/wire";
import type { ServiceError } from "@grpc/grpc-js";
import { assertNever } from "../../core/assert-never";
import type { FieldViolation } from "../../core/errors";
import { CliError, EXIT_CODES, type ExitCode } from "../exit-codes";

/** gRPC status codes that matter here, by number (google/rpc/code.proto); a plain object keeps grpc-js out of the tests. */
export const STATUS = {
  cancelled: 1,
  invalidArgument: 3,
  deadlineExceeded: 4,
  notFound: 5,
  alreadyExists: 6,
  resourceExhausted: 8,
  failedPrecondition: 9,
  internal: 13,
  unavailable: 14,
  unimplemented: 12,
  permissionDenied: 7,
  unauthenticated: 16,
} as const;

const REFUSALS: ReadonlySet<number> = new Set([
  STATUS.invalidArgument,
  STATUS.notFound,
  STATUS.alreadyExists,
  STATUS.permissionDenied,
  STATUS.resourceExhausted,
  STATUS.failedPrecondition,
  STATUS.unauthenticated,
]);

/** google.rpc.Status, google.protobuf.Any and google.rpc.BadRequest number their fields so. */
const STATUS_DETAILS_FIELD = 3;
const ANY_TYPE_FIELD = 1;
const ANY_VALUE_FIELD = 2;
const VIOLATIONS_FIELD = 1;
const VIOLATION_FIELD_FIELD = 1;
const VIOLATION_DESCRIPTION_FIELD = 2;
const VIOLATION_REASON_FIELD = 3;
const BAD_REQUEST = "type.googleapis.com/google.rpc.BadRequest";

export function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && "code" in error && typeof error.code === "number" && "details" in error;
}

/** Whether trying again, with the same or another server process, may help. */
export function isConnectionLoss(error: unknown): boolean {
  if (!isServiceError(error)) return false;
  if (error.code === STATUS.unavailable) return true;
  // What grpc-js makes of a connection that dies within a stream.
  return error.code === STATUS.internal && error.details.includes("RST_STREAM");
}

/** Whether the server has looked at the request and done nothing of it; after any other error it may have. */
export function isRefusal(error: unknown): boolean {
  return isServiceError(error) && REFUSALS.has(error.code);
}

/** What the `google.rpc.BadRequest` in `grpc-status-details-bin` names; none when it is absent or not readable. */
export function fieldViolations(error: ServiceError): FieldViolation[] {
  const [details] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!(details instanceof Uint8Array)) return [];
  try {
    return bytesFields(details, STATUS_DETAILS_FIELD)
      .filter((any) => textField(any, ANY_TYPE_FIELD) === BAD_REQUEST)
      .flatMap((any) => bytesFields(any, ANY_VALUE_FIELD))
      .flatMap((badRequest) => bytesFields(badRequest, VIOLATIONS_FIELD))
      .map(violationIn);
  } catch {
    // The message says it as well; a broken detail must not hide it.
    return [];
  }
}

function violationIn(violation: Uint8Array): FieldViolation {
  const reason = textField(violation, VIOLATION_REASON_FIELD);
  return {
    field: textField(violation, VIOLATION_FIELD_FIELD),
    description: textField(violation, VIOLATION_DESCRIPTION_FIELD),
    ...(reason === "" ? {} : { reason }),
  };
}

function bytesFields(message: Uint8Array, field: number): Uint8Array[] {
  const reader = new BinaryReader(message);
  const found: Uint8Array[] = [];
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === field) found.push(reader.bytes());
    else reader.skip(wireType, number);
  }
  return found;
}

function textField(message: Uint8Array, field: number): string {
  const [bytes] = bytesFields(message, field);
  return bytes === undefined ? "" : new TextDecoder().decode(bytes);
}

/** The error as a person needs it: what, where, what to do, and never a stack. `serverUrl` is where it was sent. */
export function describeRpcError(error: ServiceError, serverUrl: string): CliError {
  const kind = kindOf(error);
  switch (kind) {
    case "unreachable":
      return new CliError(
        EXIT_CODES.unreachable,
        `cannot reach ${serverUrl}: ${connectionFailure(error.details)}`,
        "Start one with `aco server start-dev`, or name another with --server URL or ACO_SERVER.",
      );
    case "unavailable":
      return new CliError(EXIT_CODES.unreachable, `${serverUrl} is not available: ${error.details}`);
    case "no_answer":
      return new CliError(EXIT_CODES.unreachable, `${serverUrl} did not answer in time: ${error.details}`);
    case "other_service":
      return failed(`${serverUrl} answers, but is not an aco server of this version: ${error.details}`);
    case "credentials":
      return failed(error.details, "Give credentials with --connect or ACO_CONNECT.");
    case "refused":
      return failed(refusal(error));
    default:
      return assertNever(kind, "kind of error");
  }
}

type ErrorKind = "unreachable" | "unavailable" | "no_answer" | "other_service" | "credentials" | "refused";

function kindOf(error: ServiceError): ErrorKind {
  const { code, details } = error;
  // Made by grpc-js itself, so nothing of the sort comes from a server.
  if (code === STATUS.unavailable)
    return /^(No connection established|Name resolution failed|Connection dropped)/.test(details)
      ? "unreachable"
      : "unavailable";
  if (code === STATUS.deadlineExceeded) return "no_answer";
  if (code === STATUS.unimplemented) return "other_service";
  // A refusal that names a field is about what was sent, not about who sent it.
  if (code === STATUS.permissionDenied && fieldViolations(error).length > 0) return "refused";
  if (code === STATUS.unauthenticated || code === STATUS.permissionDenied) return "credentials";
  return "refused";
}

/** `connect ECONNREFUSED ...` inside grpc-js's sentence is all that a person needs. */
function connectionFailure(details: string): string {
  const host = /^Name resolution failed for target dns:(.*?)(?::\d+)?$/.exec(details)?.[1];
  if (host !== undefined) return `no host ${host} is known`;
  const reason = /Last error: (?:Error: )?(.*?)\s*\.?\s*(?:Resolution note:.*)?$/s.exec(details)?.[1];
  if (reason === undefined || reason === "null") return details;
  if (reason.includes("ECONNREFUSED")) return "connection refused";
  // OpenSSL's words for an answer that is no TLS.
  if (/wrong version number|packet length too long/i.test(reason)) return "it does not speak TLS; http:// may be meant";
  return reason;
}

/** What grpc-js says of a request beyond the server's limit, in the words of `values.ts`. */
function tooLarge(details: string): string | undefined {
  const [, size, limit] = /^Received message larger than max \((\d+) vs\.? (\d+)\)$/.exec(details) ?? [];
  return size === undefined ? undefined : `too large: ${size} bytes; the server takes at most ${limit} in one request`;
}

function refusal(error: ServiceError): string {
  const violations = fieldViolations(error);
  if (violations.length === 0) return tooLarge(error.details) ?? (error.details || error.message);
  if (violations.length === 1) return violations.map(violationText).join();
  return `${violations.length} problems\n${violations.map((violation) => `  ${violationText(violation)}`).join("\n")}`;
}

export function violationText({ field, description }: FieldViolation): string {
  return field === "" ? description : `${field}: ${description}`;
}

function failed(message: string, hint?: string): CliError {
  const exitCode: ExitCode = EXIT_CODES.failed;
  return new CliError(exitCode, message, hint);
}
