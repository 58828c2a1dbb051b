import { existsSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { TemporalUi } from "../health-service";

/** One file of the page, in memory: there are five, and a third of a megabyte. */
export interface PageFile {
  readonly body: Buffer;
  readonly gzipped: Buffer;
  readonly type: string;
}

/** What the page is told when it is served. */
export interface PageSettings {
  readonly version: string;
  /** Undefined where it is not known. */
  readonly temporalUi: TemporalUi | undefined;
}

export interface PageFiles {
  readonly index: PageFile;
  /** Their names hold a hash of their contents, so a browser may keep them for ever. */
  readonly assets: ReadonlyMap<string, PageFile>;
}

/** What `npm run build` makes of `web/`: beside the compiled code, and there too where tests run the sources. */
const BUILT = ["page", "../dist/page"].map((folder) => join(__dirname, "..", "..", folder));
const INDEX = "index.html";
/** Where the page's settings belong. */
const SETTINGS = "<!-- settings -->";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Throws where the page was not built. */
export function readPageFiles(settings: PageSettings): PageFiles {
  const folder = BUILT.find((one) => existsSync(join(one, INDEX)));
  if (folder === undefined) throw new Error("the web page is not built: run npm run build, or --web-listen off");
  const names = readdirSync(folder).filter((name) => name !== INDEX);
  return {
    index: file(INDEX, Buffer.from(readFileSync(join(folder, INDEX), "utf8").replace(SETTINGS, () => metas(settings)))),
    assets: new Map(names.map((name) => [name, file(name, readFileSync(join(folder, name)))])),
  };
}

function file(name: string, body: Buffer): PageFile {
  return { body, gzipped: gzipSync(body), type: TYPES[extname(name)] ?? "application/octet-stream" };
}

function metas({ version, temporalUi }: PageSettings): string {
  const { url = "", namespace = "" } = temporalUi ?? {};
  const values = { version, "temporal-ui": url, "temporal-namespace": namespace };
  return Object.entries(values)
    .map(([name, value]) => `<meta name="aco-${name}" content="${escapeAttribute(value)}">`)
    .join("\n");
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
