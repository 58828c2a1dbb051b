/** Settings of the web page, for `config.ts`: their shapes and parsers. */
import { type ListenAddress, parser, quoted } from "./setting-parsers";

export interface WebConfig {
  /** Where the page is served; null: nowhere; undefined: nobody said, and each process has its own default. */
  readonly listen: ListenAddress | null | undefined;
  /** `https://aco.example.com`: where people reach the page through a proxy. Any address of this machine is allowed besides. */
  readonly origins: readonly string[];
  /** URL of Temporal's Web UI without a slash at its end; undefined where it is not known. */
  readonly temporalUi: string | undefined;
}

/** Of `start-dev`, where nobody chose one; any free one where it is taken. Beside Temporal's Web UI, 8233. */
export const DEFAULT_WEB_PORT = 8234;

/** More names than one service has. */
const MAX_ORIGINS = 20;

/** Comma-separated, as they stand in a browser's address bar. */
export const webOrigins = parser(
  (text): readonly string[] | undefined => {
    const origins = text.split(",").flatMap((one) => (one.trim() === "" ? [] : [readOrigin(one.trim())]));
    return origins.length > MAX_ORIGINS || origins.includes(undefined) ? undefined : (origins as string[]);
  },
  (text) => `must be at most ${MAX_ORIGINS} origins such as https://aco.example.com, with commas; got ${quoted(text)}`,
);

function readOrigin(text: string): string | undefined {
  const url = readHttpUrl(text);
  return url === undefined || url.pathname !== "/" || url.search !== "" || url.username !== "" ? undefined : url.origin;
}

export const webUrl = parser(
  (text) => readHttpUrl(text)?.href.replace(/\/+$/, ""),
  (text) => `must be a URL such as http://127.0.0.1:8233; got ${quoted(text)}`,
);

function readHttpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url !== undefined && ["http:", "https:"].includes(url.protocol) && url.hostname !== "" ? url : undefined;
}
