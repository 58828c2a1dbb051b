import type { handleUnaryCall, Metadata } from "@grpc/grpc-js";
import type { Logger } from "../core/logger";
import { encodeError } from "./status";

/** A gRPC handler out of an async function; what it throws becomes the call's status. */
export function unary<Request, Response>(
  logger: Logger,
  handle: (request: Request, metadata: Metadata) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback) => {
    handle(call.request, call.metadata).then(
      (response) => callback(null, response),
      (error: unknown) => callback(encodeError(error, logger, { method: call.getPath() })),
    );
  };
}
