import { OrchestratorError } from "../core/errors";

/** What Prisma, its adapters and their drivers throw, as far as we look. Codes only: classes differ between the clients. */
interface DatabaseFailure {
  readonly code: string | undefined;
  /** The adapter's word for it. */
  readonly kind: string | undefined;
  /** PostgreSQL's SQLSTATE or SQLite's numeric code. */
  readonly nativeCode: string | undefined;
  readonly message: string;
}

/** https://www.prisma.io/docs/orm/reference/error-reference */
const UNREACHABLE_CODES = new Set([
  "P1000",
  "P1001",
  "P1002",
  "P1003",
  "P1008",
  "P1010",
  "P1011",
  "P1017",
  "P2024",
  "P2028",
  "P2037",
]);

const UNREACHABLE_KINDS = new Set([
  "DatabaseNotReachable",
  "DatabaseDoesNotExist",
  "DatabaseAccessDenied",
  "ConnectionClosed",
  "TlsConnectionError",
  "AuthenticationFailed",
  "TooManyConnections",
  "SocketTimeout",
]);

/** Node's. */
const UNREACHABLE_SYSTEM_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CLIENT_CLOSED",
]);

/**
 * Classes of SQLSTATE: 08 connection, 53 resources, 57P shutdown, 25006 a standby that is read-only, 28 authorization;
 * 57014 is our own statement timeout.
 */
const UNREACHABLE_SQLSTATE = /^(08...|53...|57P..|57014|25006|28...)$/;

/** Primary codes of SQLite: BUSY, LOCKED, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB. */
const UNREACHABLE_SQLITE = new Set([5, 6, 8, 10, 11, 13, 14, 26]);

/** Of pg's errors that have no code at all. */
const UNREACHABLE_MESSAGE =
  /Connection terminated|timeout exceeded when trying to connect|Connection ended|not queryable|after calling end on the pool|timeout expired/;

export function isUniqueViolation(error: unknown): boolean {
  return failuresOf(error).some(({ code, kind }) => code === "P2002" || kind === "UniqueConstraintViolation");
}

export function isForeignKeyViolation(error: unknown): boolean {
  return failuresOf(error).some(({ code, kind }) => code === "P2003" || kind === "ForeignKeyConstraintViolation");
}

/** Another transaction was in the way; the same call may well succeed now. */
export function isConflict(error: unknown): boolean {
  return failuresOf(error).some(
    ({ code, kind, nativeCode }) =>
      code === "P2034" || kind === "TransactionWriteConflict" || nativeCode === "40001" || nativeCode === "40P01",
  );
}

function isUnreachable(error: unknown): boolean {
  return failuresOf(error).some(
    ({ code, kind, nativeCode, message }) =>
      (code !== undefined && (UNREACHABLE_CODES.has(code) || UNREACHABLE_SYSTEM_CODES.has(code))) ||
      (kind !== undefined && UNREACHABLE_KINDS.has(kind)) ||
      (nativeCode !== undefined && UNREACHABLE_SQLSTATE.test(nativeCode)) ||
      (kind === "sqlite" && UNREACHABLE_SQLITE.has(Number(nativeCode) & 0xff)) ||
      UNREACHABLE_MESSAGE.test(message),
  );
}

/**
 * What callers of the store see: UNAVAILABLE where the database cannot be reached or cannot write, the error itself where
 * something is wrong with us. The message is fixed; what the driver said, which may name hosts and users, is the cause.
 */
export function storeError(error: unknown): unknown {
  if (!isUnreachable(error) && !isConflict(error)) return error;
  return unavailable(error);
}

export function unavailable(cause?: unknown): OrchestratorError {
  return new OrchestratorError("UNAVAILABLE", "the database cannot be reached; try again", { cause });
}

/** The error and what caused it: Prisma hides the driver's error in `cause` or in `meta.driverAdapterError`. */
function failuresOf(error: unknown, depth = 0): readonly DatabaseFailure[] {
  // Errors nest four deep at most (known request error, adapter error, its payload, the driver's error).
  if (typeof error !== "object" || error === null || depth > 5) return [];
  const record = error as Readonly<Record<string, unknown>>;
  const meta = record["meta"] as { readonly driverAdapterError?: unknown } | undefined;
  return [
    {
      code: textOf(record["code"]),
      kind: textOf(record["kind"]),
      nativeCode: textOf(record["originalCode"]) ?? textOf(record["extendedCode"]) ?? textOf(record["code"]),
      message: textOf(record["message"]) ?? "",
    },
    ...failuresOf(record["cause"], depth + 1),
    ...failuresOf(meta?.driverAdapterError, depth + 1),
  ];
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}
