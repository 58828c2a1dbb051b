import { isIP } from "node:net";

/** Who may speak to the web listener. */
export interface GuardOptions {
  /** The name or address that it listens on. */
  readonly host: string;
  /** `https://aco.example.com`: where people reach it through a proxy. */
  readonly origins: readonly string[];
}

/** What the guard looks at, from the request's headers. */
export interface GuardedRequest {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `sec-fetch-site`: where the browser says that the request comes from. */
  readonly fetchSite: string | undefined;
  /** Whether it calls a method; a page may be opened from a link anywhere. */
  readonly isCall: boolean;
}

export interface GuardRefusal {
  /** Of HTTP. */
  readonly status: 400 | 403 | 421;
  readonly message: string;
}

/**
 * Keeps other people's pages out, in a browser that can reach us. A page of another origin cannot read our answers, as there
 * is no CORS, and is told so here before anything is done; one that has made its own name point to our address (DNS
 * rebinding) is the same origin to the browser, so only names that cannot be somebody else's are served: addresses,
 * `localhost`, what we listen on, and what `--web-origin` says. Programs send no `Origin`, and are not held up.
 */
export function checkRequest(request: GuardedRequest, options: GuardOptions): GuardRefusal | null {
  const { host, origin, fetchSite, isCall } = request;
  const name = host === undefined ? undefined : hostName(host);
  if (host === undefined || name === undefined) return { status: 400, message: "the request needs a Host" };
  const declared = options.origins.filter((one) => new URL(one).host === host.toLowerCase());
  if (!isOurs(name, options.host) && declared.length === 0)
    return {
      status: 421,
      message: `nothing is served under the name ${name}. If it is yours, start the server with --web-origin https://${host} (ACO_WEB_ORIGIN).`,
    };
  if (!isCall) return null;
  // Behind a proxy with TLS the browser's origin is https, whatever the proxy speaks to us.
  const isKnown = origin === undefined || options.origins.includes(origin) || origin === `http://${host.toLowerCase()}`;
  if (!isKnown)
    return {
      status: 403,
      message: `pages of ${origin} may not call this server. If it serves this page, start the server with --web-origin ${origin === "null" ? "ORIGIN" : origin} (ACO_WEB_ORIGIN).`,
    };
  if (fetchSite !== undefined && fetchSite !== "same-origin" && fetchSite !== "none")
    return { status: 403, message: "calls come from this server's own page, or from programs" };
  return null;
}

/** Without the port; undefined where it is no host. */
function hostName(host: string): string | undefined {
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  const isBare =
    url !== undefined && url.username === "" && url.pathname === "/" && url.search === "" && url.hash === "";
  return isBare && url.hostname !== "" ? url.hostname : undefined;
}

function isOurs(name: string, listenHost: string): boolean {
  const bare = name.replace(/^\[|\]$/g, "");
  return isIP(bare) !== 0 || name === "localhost" || name.endsWith(".localhost") || name === listenHost.toLowerCase();
}
