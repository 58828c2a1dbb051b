import { type ExecutionId, parseExecutionId } from "../../core/ids";
import type { JsonObject } from "../../core/json";
import { contentHash } from "../../starting/content-hash";
import type { ExecutionCursor, ExecutionFilter, ExecutionOrder } from "../../store/store-port";
import { MAX_PAGE_TOKEN_LENGTH } from "../limits";
import type { RequestCheck } from "../requests/request-check";

/** Clients keep tokens for as long as they page, over a restart and an update of the server: another shape gets a new one. */
const VERSION = 1;

/** What a page token belongs to. */
interface Query {
  readonly filter: ExecutionFilter;
  readonly order: ExecutionOrder;
}

/** The place as an opaque text: base64url of `[version, milliseconds, id, hash of the query]`. */
export function encodePageToken({ at, id }: ExecutionCursor, query: Query): string {
  const parts = [VERSION, at.getTime(), id, queryHash(query)];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

/** Undefined where there is none, and, with a violation noted, where it is not one of this query. */
export function decodePageToken(
  check: RequestCheck,
  token: string | undefined,
  query: Query,
): ExecutionCursor | undefined {
  if (token === undefined || token === "") return undefined;
  const parts = token.length > MAX_PAGE_TOKEN_LENGTH ? undefined : readParts(token);
  if (parts === undefined) {
    check.add("page_token", "is not a page token: give back `next_page_token` as it came, or leave it out");
    return undefined;
  }
  if (parts.hash !== queryHash(query)) {
    check.add("page_token", "belongs to other filters or another order: repeat those that it came with");
  }
  return parts;
}

function readParts(token: string): (ExecutionCursor & { readonly hash: string }) | undefined {
  try {
    const [version, ms, id, hash] = JSON.parse(Buffer.from(token, "base64url").toString("utf8")) as unknown[];
    const at = new Date(Number(ms));
    if (version !== VERSION || typeof ms !== "number" || Number.isNaN(at.getTime())) return undefined;
    return { at, id: decodeId(id), hash: String(hash) };
  } catch {
    return undefined;
  }
}

function decodeId(id: unknown): ExecutionId {
  return parseExecutionId(String(id));
}

function queryHash({ filter, order }: Query): string {
  const { statuses } = filter;
  const sorted = { ...filter, ...(statuses === undefined ? {} : { statuses: [...statuses].sort() }), order };
  // Through JSON: times become texts.
  return contentHash(JSON.parse(JSON.stringify(sorted)) as JsonObject).slice(0, 16);
}
