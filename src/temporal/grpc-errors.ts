import { status } from "@grpc/grpc-js";
import { OrchestratorError } from "../core/errors";

/** Codes that say that Temporal was not reached or could not answer, not that it refused. */
const UNREACHABLE: ReadonlySet<number> = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  // The native client's word for a connection that broke under the call.
  status.CANCELLED,
  status.UNKNOWN,
  // Too many requests: the SDK has retried already.
  status.RESOURCE_EXHAUSTED,
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
  return grpcCodeOf(error) === status.NOT_FOUND || (error instanceof Error && error.name === "WorkflowNotFoundError");
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
