import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type ConnectError, createConnectRouter } from "@connectrpc/connect";
import {
  compressionGzip,
  universalRequestFromNodeRequest,
  universalResponseToNodeResponse,
} from "@connectrpc/connect-node";
import type { Logger } from "../../core/logger";
import { MAX_REQUEST_BYTES, MAX_RESPONSE_BYTES } from "../limits";
import { bridge } from "./bridge";

export interface CallHandlerOptions {
  /** A connection to the gRPC services of this process. */
  readonly connect: () => Duplex;
  /** Ends every call; its reason is a `ConnectError`. */
  readonly stopping: AbortSignal;
  readonly logger: Logger;
}

/**
 * Serves gRPC-Web and Connect. It is the library's own adapter but for what that one writes to the console: a client that
 * goes away in the middle of an answer is no error.
 */
export function callHandler(options: CallHandlerOptions): (request: IncomingMessage, response: ServerResponse) => void {
  const { connect, stopping, logger } = options;
  const router = createConnectRouter({
    grpc: false,
    acceptCompression: [compressionGzip],
    readMaxBytes: MAX_REQUEST_BYTES,
    writeMaxBytes: MAX_RESPONSE_BYTES,
    shutdownSignal: stopping,
  });
  bridge(connect, () => stopping.reason as ConnectError | undefined)(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return (request, response) => {
    const [path = ""] = (request.url ?? "").split("?");
    const handler = handlers.get(path);
    if (handler === undefined) {
      response.writeHead(404).end();
      return;
    }
    handler(universalRequestFromNodeRequest(request, response, undefined, undefined))
      .then((answer) => universalResponseToNodeResponse(answer, response))
      .catch((error: unknown) => {
        logger.debug({ method: path, err: error }, "a call from the web did not get its answer to its end");
        response.destroy();
      });
  };
}
