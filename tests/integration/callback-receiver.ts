import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "../../src/core/json";
import { verifyWebhook } from "../../src/delivering/standard-webhooks";

export interface ReceivedCallback {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: JsonObject;
  /** Undefined where the signature is right. */
  readonly signatureProblem: string | undefined;
}

/** A receiver of callbacks on a real socket, as a customer would run it. */
export interface CallbackReceiver {
  readonly url: string;
  readonly received: ReceivedCallback[];
  /** What it answers with from now on. */
  answer(status: number, headers?: Readonly<Record<string, string>>): void;
  /** Resolves once so many have come. */
  atLeast(count: number): Promise<readonly ReceivedCallback[]>;
  close(): Promise<void>;
}

export const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

/** `port` 0 is any free one; another is that of a receiver that was closed. */
export async function startReceiver(port = 0): Promise<CallbackReceiver> {
  const received: ReceivedCallback[] = [];
  let answer: { status: number; headers: Readonly<Record<string, string>> } = { status: 204, headers: {} };
  let wake: () => void = () => undefined;
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const bytes = Buffer.concat(chunks);
      const header = (name: string) => String(request.headers[name] ?? "");
      const signed = {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
        body: bytes,
      };
      const signatureProblem = verifyWebhook(SECRET, signed, { nowMs: Date.now(), toleranceMs: 60_000 });
      const body = JSON.parse(bytes.toString("utf8")) as JsonObject;
      received.push({ path: request.url ?? "", headers: request.headers, body, signatureProblem });
      response.writeHead(answer.status, answer.headers).end();
      wake();
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (status, headers = {}) => {
      answer = { status, headers };
    },
    atLeast: async (count) => {
      while (received.length < count) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return received;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
