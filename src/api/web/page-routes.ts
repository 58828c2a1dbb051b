import type { IncomingMessage, ServerResponse } from "node:http";
import type { PageFile, PageFiles } from "./page-files";

/** Paths that the page itself tells apart; a reload, or a link from elsewhere, asks us for them. */
const VIEWS = /^\/(?:executions(?:\/[0-9a-fA-F-]{1,64})?|approvals|schedules)?\/?$/;
const ASSETS = "/assets/";
const ONE_YEAR_S = 31_536_000;

/** No script, style or connection but ours, nothing inline, no frame: whatever text a run brings, it stays text. */
const PAGE_POLICY = [
  "default-src 'none'",
  ...["script-src", "style-src", "img-src", "connect-src", "worker-src"].map((directive) => `${directive} 'self'`),
  ...["base-uri", "form-action", "frame-ancestors"].map((directive) => `${directive} 'none'`),
].join("; ");
/** Graphviz is WebAssembly; it runs in a worker, whose policy is that of its own file. */
const WORKER_POLICY = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=()",
  "x-frame-options": "DENY",
};

/** Serves the page's files; anything else is not found. */
export function servePage(files: PageFiles, request: IncomingMessage, response: ServerResponse): void {
  if (request.method !== "GET" && request.method !== "HEAD") {
    sendText(response, 405, "the page is read with GET; methods are called with POST to /package.Service/Method", {
      allow: "GET, HEAD",
    });
    return;
  }
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  if (VIEWS.test(path)) {
    sendFile(files.index, request, response, { "cache-control": "no-cache", "content-security-policy": PAGE_POLICY });
    return;
  }
  const name = path.startsWith(ASSETS) ? path.slice(ASSETS.length) : "";
  const asset = files.assets.get(name);
  if (asset === undefined) {
    sendText(response, 404, `there is nothing at ${path.slice(0, 200)}; the page is at /`);
    return;
  }
  sendFile(asset, request, response, {
    "cache-control": `public, max-age=${ONE_YEAR_S}, immutable`,
    "content-security-policy": name.startsWith("layout-") ? WORKER_POLICY : PAGE_POLICY,
  });
}

function sendFile(
  { body, gzipped, type }: PageFile,
  request: IncomingMessage,
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
): void {
  const takesGzip = /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  const sent = takesGzip ? gzipped : body;
  response.writeHead(200, {
    ...headers,
    "content-type": type,
    "content-length": sent.length,
    vary: "accept-encoding",
    ...(takesGzip ? { "content-encoding": "gzip" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : sent);
}

/** One line for a person. */
export function sendText(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {
    ...headers,
    "content-type": "text/plain; charset=utf-8",
    "content-security-policy": PAGE_POLICY,
    "cache-control": "no-store",
  });
  response.end(`${text}\n`);
}
