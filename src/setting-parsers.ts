/** Parsers of settings that `config.ts` reads. */
import { resolve } from "node:path";
import { z } from "zod";
import { parseDuration } from "./core/duration";
import { isNetwork } from "./delivering/address-guard";
import { secretProblem } from "./delivering/standard-webhooks";

/** Temporal refuses less for a namespace (`namespace.go`, minRetention of local namespaces: one hour). */
const MIN_RETENTION_MS = 3_600_000;

/** Records that went at once could not be looked at by whoever waits for the end. */
const MIN_KEEP_MS = 60_000;

/** As many as a list can count. */
const MAX_KEEP_LAST = 2_147_483_647;

/** A parser whose failure is one sentence that follows the setting's name. */
export function parser<T>(read: (text: string) => T | undefined, must: (text: string) => string): z.ZodType<T, string> {
  return z.string().transform((text, context) => {
    const value = read(text);
    if (value !== undefined) return value;
    context.addIssue({ code: "custom", message: must(text) });
    return z.NEVER;
  });
}

export function quoted(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}

export const retention = parser(
  (text) => {
    const duration = parseDuration(text);
    return duration.ok && duration.value >= MIN_RETENTION_MS ? duration.value : undefined;
  },
  (text) => `must be a duration of at least an hour, such as 72h or 30d; got ${quoted(text)}`,
);

export const keepFor = parser(
  (text) => {
    if (text === "off") return null;
    const duration = parseDuration(text);
    return duration.ok && duration.value >= MIN_KEEP_MS ? duration.value : undefined;
  },
  (text) => `must be off or a duration of at least a minute, such as 12h or 30d; got ${quoted(text)}`,
);

export const keepCount = parser(
  (text) => {
    if (text === "off") return null;
    return /^\d{1,10}$/.test(text) && Number(text) >= 1 && Number(text) <= MAX_KEEP_LAST ? Number(text) : undefined;
  },
  (text) => `must be off or how many to keep of each task and workflow, at least 1; got ${quoted(text)}`,
);

/** Networks with commas between them. */
export const networks = parser(
  (text): readonly string[] | undefined => {
    const list = text.split(",").flatMap((each) => (each.trim() === "" ? [] : [each.trim()]));
    return list.every(isNetwork) ? list : undefined;
  },
  (text) => `must be addresses or networks such as 10.0.0.0/8 or ::1, with commas between them; got ${quoted(text)}`,
);

/** Empty: there is none. Never told. */
export const signingSecret = parser(
  (text): string | undefined => (text === "" || secretProblem(text) === undefined ? text : undefined),
  (text) => secretProblem(text) ?? "",
);

/** Where a server listens. `host` is a name or an address, an IPv6 one without brackets; port 0 is any free port. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** Undefined where it is none. */
export function readPort(text: string): number | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined;
}

/** `HOST:PORT`; undefined where it is none. */
export function readListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:\[([0-9A-Fa-f:.%\w]+)\]|([^[\]:/\s]*)):(\d{1,5})$/.exec(text);
  const portNumber = readPort(match?.[3] ?? "");
  if (match === null || portNumber === undefined) return undefined;
  // ":50051" is every interface, as in Go's net.Listen; "::" takes IPv4 as well wherever the kernel maps it.
  return { host: match[1] ?? (match[2] === "" ? "::" : (match[2] ?? "")), port: portNumber };
}

/** `off` is null. */
export const optionalListen = parser(
  (text) => (text === "off" ? null : readListenAddress(text)),
  (text) => `must be off or HOST:PORT, such as 127.0.0.1:8080 or 0.0.0.0:0; got ${quoted(text)}`,
);

export const databaseUrl = parser(
  (text) => {
    if (/^postgres(ql)?:\/\/./.test(text)) return text;
    const file = /^file:(?:\/\/)?(.+)$/.exec(text)?.[1];
    return file === undefined ? undefined : `file:${resolve(file)}`;
  },
  // Never the value itself: it may hold a password.
  (text) =>
    `must be file:/path/to/aco.db or postgresql://USER:PASSWORD@HOST/DATABASE; ` +
    `its scheme is ${quoted(/^[a-z+]*(?=:)/i.exec(text)?.[0] ?? "")}`,
);

/** `HOST:PORT`, as a server says where it listens, lacks what says whether to encrypt. */
function meantUrl(text: string): string {
  return readListenAddress(text) === undefined ? "" : `; did you mean ${quoted(`http://${text}`)}?`;
}

export const serverUrl = parser(
  (text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || !["http:", "https:"].includes(url.protocol) || url.hostname === "") return undefined;
    const tls = url.protocol === "https:";
    return { url: text, target: `${url.hostname}:${url.port === "" ? (tls ? 443 : 80) : url.port}`, tls };
  },
  (text) =>
    `must be a URL such as http://localhost:50051 or https://aco.example.com; got ${quoted(text)}${meantUrl(text)}`,
);
