import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { Code, ConnectError } from "@connectrpc/connect";
import type { Logger } from "../../core/logger";
import { SHUTDOWN_GRACE_MS } from "../limits";
import { isServicePath } from "./bridge";
import { callHandler } from "./call-handler";
import { type PageSettings, readPageFiles } from "./page-files";
import { SECURITY_HEADERS, sendText, servePage } from "./page-routes";
import { checkRequest } from "./request-guard";

export interface WebOptions {
  /** Port 0 is any free one. */
  readonly listen: WebListen;
  /** Where people reach the page through a proxy. */
  readonly origins: readonly string[];
  /** A connection to the gRPC services of this process. */
  readonly connect: () => Duplex;
  readonly settings: PageSettings;
  readonly logger: Logger;
}

/** `orAnyPort`: any free one where this one is taken, possibly by somebody who asked for it at the same moment. */
export interface WebListen {
  readonly host: string;
  readonly port: number;
  readonly orAnyPort?: boolean;
}

export interface RunningWeb {
  /** `http://host:port`, with the port that was really taken; for a person to open. */
  readonly url: string;
  /** Ends every call with UNAVAILABLE; done within 10 s. The API it is connected to must still run. */
  close(): Promise<void>;
}

/** The head of a request, and the whole of it, must be there by then: slow senders hold no connection. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Between two requests of one connection; above the 60 s after which most proxies would otherwise send into a closed one. */
const KEEP_ALIVE_MS = 65_000;
/** Browsers open six each. */
const MAX_CONNECTIONS = 10_000;

/**
 * Serves the web page, and the gRPC services as gRPC-Web and Connect over HTTP/1.1. Throws an `Error` that says what to do
 * where the address cannot be taken or the page was not built.
 */
export async function startWeb(options: WebOptions): Promise<RunningWeb> {
  const { listen, origins, settings, logger } = options;
  const files = readPageFiles(settings);
  const stopping = new AbortController();
  const callService = callHandler({ connect: options.connect, stopping: stopping.signal, logger });
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    (request: IncomingMessage, response: ServerResponse) => {
      for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
      const isCall = isServicePath(request.url ?? "");
      const { host, origin } = request.headers;
      const fetchSite = request.headers["sec-fetch-site"];
      const site = Array.isArray(fetchSite) ? fetchSite[0] : fetchSite;
      const refusal = checkRequest({ host, origin, fetchSite: site, isCall }, { host: listen.host, origins });
      if (refusal !== null) sendText(response, refusal.status, refusal.message);
      else if (isCall) callService(request, response);
      else servePage(files, request, response);
    },
  );
  server.maxConnections = MAX_CONNECTIONS;
  await bind(server, listen);
  const url = `http://${browserHost(listen.host)}:${(server.address() as AddressInfo).port}`;
  logger.info({ url }, "the web page is served");
  return { url, close: () => shutDown(server, stopping) };
}

async function bind(server: Server, { host, port, orAnyPort }: WebListen): Promise<void> {
  try {
    await listenOn(server, { host, port });
  } catch (error) {
    const cause = error as NodeJS.ErrnoException;
    if (orAnyPort === true && cause.code === "EADDRINUSE") return await bind(server, { host, port: 0 });
    throw new Error(`the web page cannot be served on ${host}:${port}: ${cause.message}`, { cause });
  }
}

function listenOn(server: Server, address: { readonly host: string; readonly port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(address, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

/** Every interface is no address that a browser can open; this machine's own is one of them. */
function browserHost(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

async function shutDown(server: Server, stopping: AbortController): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  stopping.abort(
    new ConnectError(
      "the server is shutting down; the execution goes on: follow it with WatchExecution",
      Code.Unavailable,
    ),
  );
  // A connection is idle once its last answer has been read, which takes a moment.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const force = setTimeout(() => server.closeAllConnections(), SHUTDOWN_GRACE_MS);
  await closed;
  clearInterval(idle);
  clearTimeout(force);
}
