import type { WebListen } from "../api/web/start-web";
import type { ListenAddress } from "../config";
import { reservePort } from "../temporal/embedded/ports";
import { DEFAULT_WEB_PORT, type WebConfig } from "../web-settings";

/** What a port is for, and how to choose another. */
export const API_PORT = { what: "The API", flag: "--listen", variable: "ACO_LISTEN" } as const;
export const WEB_PORT = { what: "The web page", flag: "--web-listen", variable: "ACO_WEB_LISTEN" } as const;
export const WEBHOOKS_PORT = {
  what: "The listener for webhooks",
  flag: "--webhook-listen",
  variable: "ACO_WEBHOOK_LISTEN",
} as const;

/** The address to listen on, port 0 still being any free one; throws when the port is in use, with what to do. */
export async function reserveListenPort(listen: ListenAddress): Promise<ListenAddress> {
  await reservePort({ ...listen, ...API_PORT });
  return listen;
}

/** As above, of the web page; null stays null. */
export async function reserveWebPort(listen: ListenAddress | null): Promise<ListenAddress | null> {
  if (listen !== null) await reservePort({ ...listen, ...WEB_PORT });
  return listen;
}

/** Where nobody said where, several development servers run beside each other: the first has the port that people know. */
export async function reserveDevWebPort({ listen }: WebConfig): Promise<WebListen | null> {
  if (listen !== undefined) return await reserveWebPort(listen);
  return { host: "127.0.0.1", port: DEFAULT_WEB_PORT, orAnyPort: true };
}
