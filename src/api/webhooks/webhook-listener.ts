import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { v7 as uuidv7 } from "uuid";
import { type ErrorCode, isOrchestratorError, OrchestratorError } from "../../core/errors";
import type { WebhookRecord } from "../../store/webhook-records";
import type { ApiContext } from "../api-context";
import { type ReceivedRequest, takeWebhook } from "./take-webhook";

/** A request comes whole within this, or its connection is closed: nobody may hold one open for nothing. */
const REQUEST_TIMEOUT_MS = 15_000;
const HEADERS_TIMEOUT_MS = 5_000;
/** Node's own default, written down since it is a promise: more is answered with 431. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Senders that are all at work; more wait in the system's queue. */
const MAX_CONNECTIONS = 1_000;
/** In order to shut down in time, as the API itself. */
const SHUTDOWN_GRACE_MS = 5_000;

export interface RunningListener {
  /** `host:port`, with the port that was really taken. */
  readonly address: string;
  close(): Promise<void>;
}

/** Listens for webhooks. Throws an `Error` that says what to do where the address cannot be taken. */
export async function startWebhookListener(
  context: ApiContext,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<RunningListener> {
  const server = createServer(
    { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: HEADERS_TIMEOUT_MS, maxHeaderSize: MAX_HEADER_BYTES },
    (request, response) => void serve(context, request, response),
  );
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, host, port);
  const taken = (server.address() as AddressInfo).port;
  const address = host.includes(":") ? `[${host}]:${taken}` : `${host}:${taken}`;
  context.logger.info({ address }, "listening for webhooks");
  return { address, close: () => closeServer(server) };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      const message = `cannot listen for webhooks on ${host}:${port}: ${cause.message}; --webhook-listen (ACO_WEBHOOK_LISTEN) says where`;
      reject(new Error(message, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

async function closeServer(server: Server): Promise<void> {
  const force = setTimeout(() => server.closeAllConnections(), SHUTDOWN_GRACE_MS);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(force);
}

/** Never rejects. */
async function serve(context: ApiContext, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const webhook = await webhookOf(context, request);
    const received: ReceivedRequest = { headers: headersOf(request), body: await readBody(request, webhook) };
    const executionId = await takeWebhook(context, webhook, received);
    if (executionId === null) answer(response, 200, { ok: true });
    else answer(response, 202, { execution_id: executionId });
  } catch (error) {
    if (!response.headersSent) refuse(context, request, response, error);
  }
}

/** Whether there is none, or one that is disabled, is nobody's business. */
async function webhookOf({ store }: ApiContext, request: IncomingMessage): Promise<WebhookRecord> {
  const path = (request.url ?? "").replace(/\?.*$/s, "");
  const name = /^\/hooks\/([A-Za-z0-9][A-Za-z0-9._-]{0,63})$/.exec(path)?.[1];
  const webhook = name === undefined ? null : await store.getWebhook(name);
  if (webhook === null || !webhook.enabled) throw new HttpRefusal(404, "NOT_FOUND", "there is no such webhook");
  if (request.method !== "POST") throw new HttpRefusal(405, "METHOD_NOT_ALLOWED", "a webhook takes POST");
  return webhook;
}

/** Several values of one name are joined, as RFC 9110, 5.3, has it. */
function headersOf({ headers }: IncomingMessage): Readonly<Record<string, string>> {
  const entries = Object.entries(headers).map(([name, value = ""]) => [
    name,
    Array.isArray(value) ? value.join(", ") : value,
  ]);
  return Object.fromEntries(entries) as Readonly<Record<string, string>>;
}

async function readBody(request: IncomingMessage, { maxBodyBytes }: WebhookRecord): Promise<Buffer> {
  const tooLarge = () => new HttpRefusal(413, "BODY_TOO_LARGE", `a body may have ${maxBodyBytes} bytes`);
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  // A request that is given up is still answered, so its connection must outlive the reading.
  const reading = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const chunk of reading) {
    size += chunk.length;
    if (size > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What HTTP knows and gRPC does not. */
class HttpRefusal extends OrchestratorError {
  constructor(
    readonly status: number,
    readonly httpCode: string,
    message: string,
  ) {
    super("INVALID_ARGUMENT", message);
  }
}

/** 4xx: the sender must change something; 5xx: it may send the same again. */
const HTTP_STATUS: Readonly<Record<ErrorCode, number>> = {
  INVALID_ARGUMENT: 422,
  NOT_FOUND: 404,
  FAILED_PRECONDITION: 409,
  ALREADY_EXISTS: 409,
  RESOURCE_EXHAUSTED: 413,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

function refuse({ logger }: ApiContext, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // What of the body was not read is not waited for.
  if (!request.complete) response.setHeader("connection", "close");
  if (error instanceof Error && "httpCode" in error) {
    const { status, httpCode, message } = error as HttpRefusal;
    if (status === 405) response.setHeader("allow", "POST");
    answer(response, status, { error: { code: httpCode, message } });
    return;
  }
  if (!isOrchestratorError(error)) {
    const errorId = uuidv7();
    logger.error({ path: request.url, error_id: errorId, err: error }, "a webhook failed with an internal error");
    const message = `internal error; the server's log has the cause under the id ${errorId}`;
    answer(response, 500, { error: { code: "INTERNAL", message } });
    return;
  }
  const { code, message, violations } = error;
  if (code === "UNAVAILABLE") response.setHeader("retry-after", "5");
  const fields = violations.length === 0 ? {} : { violations };
  answer(response, HTTP_STATUS[code], { error: { code, message, ...fields } });
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(`${JSON.stringify(body)}\n`);
}
