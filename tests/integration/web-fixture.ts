import { request } from "node:http";
import type { DescService } from "@bufbuild/protobuf";
import { type CallOptions, type Client, Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import type { RunningApi } from "../../src/api/start-api";
import { type RunningWeb, startWeb } from "../../src/api/web/start-web";
import { silentLogger } from "../../src/core/logger";

/** The listener in front of an API, on a free port. */
export function startTestWeb(api: Pick<RunningApi, "connect">, origins: readonly string[] = []): Promise<RunningWeb> {
  return startWeb({
    listen: { host: "127.0.0.1", port: 0 },
    origins,
    connect: () => api.connect(),
    settings: { version: "1.2.3", temporalUi: { url: "http://127.0.0.1:8233", namespace: 'de"fault' } },
    logger: silentLogger,
  });
}

/** As the page calls: gRPC-Web over `fetch`. */
export function webClient<Service extends DescService>(service: Service, url: string): Client<Service> {
  return createClient(service, createGrpcWebTransport({ baseUrl: url }));
}

/** How a call was refused; fails the test when it was not. */
export async function webRefusal(call: Promise<unknown>): Promise<ConnectError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error === undefined) throw new Error("the call was not refused");
  return ConnectError.from(error);
}

export const codeOf = async (call: Promise<unknown>): Promise<string> => Code[(await webRefusal(call)).code];

/** A stream to its end, with what came around it. */
export async function readWeb<Message>(
  call: (options: CallOptions) => AsyncIterable<Message>,
  onMessage: (message: Message) => void = () => undefined,
): Promise<{ messages: Message[]; header: Headers; trailer: Headers; error: ConnectError | null }> {
  const messages: Message[] = [];
  let header = new Headers();
  let trailer = new Headers();
  try {
    const options: CallOptions = {
      onHeader: (headers) => {
        header = headers;
      },
      onTrailer: (trailers) => {
        trailer = trailers;
      },
    };
    for await (const message of call(options)) {
      messages.push(message);
      onMessage(message);
    }
  } catch (error) {
    return { messages, header, trailer, error: ConnectError.from(error) };
  }
  return { messages, header, trailer, error: null };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** A request as it stands: `fetch` lets nobody choose `Host` and `Origin`. */
export function raw(
  url: string,
  path: string,
  options: { method?: string; headers?: Record<string, string>; body?: Buffer | string } = {},
): Promise<RawAnswer> {
  const { method = "GET", headers = {}, body } = options;
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

/** Of gRPC-Web: flags, four bytes of length, the message. */
export function frame(message: Uint8Array, flags = 0, length = message.length): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(flags, 0);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, message]);
}

/** The trailers at the end of a body of gRPC-Web. */
export function trailersOf(body: Buffer): Readonly<Record<string, string>> {
  for (let at = 0; at + 5 <= body.length; at += 5 + body.readUInt32BE(at + 1)) {
    if ((body.readUInt8(at) & 0x80) === 0) continue;
    const text = body.subarray(at + 5, at + 5 + body.readUInt32BE(at + 1)).toString("utf8");
    const pairs = text.split("\r\n").filter((line) => line !== "");
    return Object.fromEntries(pairs.map((line) => line.split(/:\s*/, 2) as [string, string]));
  }
  return {};
}
