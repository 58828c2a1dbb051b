import { OrchestratorError } from "../core/errors";

/** gRPC status codes, by the specification; Temporal's client speaks gRPC and only passes them on. */
const CANCELLED = 1;
const UNKNOWN = 2;
const DEADLINE_EXCEEDED = 4;
const NOT_FOUND = 5;
const RESOURCE_EXHAUSTED = 8;
const UNAVAILABLE = 14;

/**
 * Codes that say that Temporal was not reached or could not answer, not that it refused. CANCELLED and UNKNOWN are what the
 * native client makes of a connection that broke under a call; RESOURCE_EXHAUSTED is too many requests, even after the
 * client's own retries.
 */
const UNREACHABLE: ReadonlySet<number> = new Set([
  UNAVAILABLE,
  DEADLINE_EXCEEDED,
  CANCELLED,
  UNKNOWN,
  RESOURCE_EXHAUSTED,
]);

/** How deep the SDK wraps a gRPC error in its own: `ServiceError` around the call's error, and one to spare. */
const MAX_CAUSES = 4;

/** The gRPC status code in an error of the SDK or in one of its causes; undefined where there is none. */
export function grpcCodeOf(error: unknown): number | undefined {
  let current: unknown = error;
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth++) {
    if ("code" in current && typeof current.code === "number") return current.code;
    current = current.cause;
  }
  return undefined;
}

/** True where trying again later may help. */
export function isUnreachable(error: unknown): boolean {
  const code = grpcCodeOf(error);
  if (code !== undefined) return UNREACHABLE.has(code);
  return error instanceof Error && error.name === "TransportError";
}

export function isNotFound(error: unknown): boolean {
  return grpcCodeOf(error) === NOT_FOUND || (error instanceof Error && error.name === "WorkflowNotFoundError");
}

/** Runs a call; turns the error of an unreachable Temporal into UNAVAILABLE with this message, and leaves others alone. */
export async function unavailableWhenUnreachable<T>(message: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (isUnreachable(error)) throw new OrchestratorError("UNAVAILABLE", message, { cause: error });
    throw error;
  }
}
