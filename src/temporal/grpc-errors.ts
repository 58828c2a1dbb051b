import { setTimeout as sleep } from "node:timers/promises";
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

/** The run, or whatever else was asked for, is not there. A namespace that is not there says nothing about what is in it. */
export function isNotFound(error: unknown): boolean {
  if (isNamespaceMissing(error)) return false;
  return grpcCodeOf(error) === NOT_FOUND || (error instanceof Error && error.name === "WorkflowNotFoundError");
}

/** What a server says in its status; the SDK's own error for it, `NamespaceNotFoundError`, has neither code nor cause. */
const NAMESPACE_NOT_FOUND = /\bNamespace \S+ is not found/;

/**
 * Temporal does not know the namespace. Its registry reads all namespaces every 2 s, and where that read comes back empty
 * (seen on the embedded server with calls in flight) it forgets ours and denies it until the next read.
 */
export function isNamespaceMissing(error: unknown): boolean {
  let current: unknown = error;
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth++) {
    if (current.name === "NamespaceNotFoundError" || NAMESPACE_NOT_FOUND.test(current.message)) return true;
    current = current.cause;
  }
  return false;
}

/** Longer than the registry's 2 s and the 1 s for which it remembers that a namespace was not there. */
const NAMESPACE_LIMIT_MS = 4_000;
const NAMESPACE_PAUSE_MS = 100;

/**
 * Runs a call in a namespace that is known to exist: makes it again while Temporal denies that, then throws UNAVAILABLE.
 * Such a call has done nothing, so none is made twice.
 */
export async function whileNamespaceMissing<T>(call: () => Promise<T>, limitMs = NAMESPACE_LIMIT_MS): Promise<T> {
  for (const deadline = Date.now() + limitMs; ; await sleep(NAMESPACE_PAUSE_MS)) {
    try {
      return await call();
    } catch (error) {
      if (!isNamespaceMissing(error)) throw error;
      if (Date.now() < deadline) continue;
      throw new OrchestratorError("UNAVAILABLE", "Temporal does not know the namespace", { cause: error });
    }
  }
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
