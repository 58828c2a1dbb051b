import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { JsonObject } from "../../../src/core/json";

export interface EchoServer {
  readonly address: string;
  close(): Promise<void>;
}

/**
 * A web server for requests of tasks: `/status/404` answers with that status, `/fails-twice/NAME` with 503 and at the third
 * request with 200, `/moved` with a redirect, `/silent` never. All others say what they were asked, which the header
 * `x-method` says too.
 */
export async function startEchoServer(): Promise<EchoServer> {
  const requests = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const { url = "", method = "" } = request;
    if (url === "/silent") return;
    const count = (requests.get(url) ?? 0) + 1;
    requests.set(url, count);
    const status =
      url.startsWith("/fails-twice/") && count < 3 ? 503 : Number(/^\/status\/(\d+)$/.exec(url)?.[1] ?? 200);
    const headers = { "content-type": "application/json", "x-method": method };
    if (url === "/moved") response.writeHead(302, { ...headers, location: "/here" });
    else response.writeHead(status, headers);
    response.end(JSON.stringify(await said(request)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}`, close: () => closed(server) };
}

async function said(request: IncomingMessage): Promise<JsonObject> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { url = "", method = "", headers } = request;
  const type = headers["content-type"] ?? null;
  return { path: url, method, type, token: headers["x-token"] ?? null, body: Buffer.concat(chunks).toString() };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
