import type { PageRequest } from "../../store/store-port";
import { DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE } from "../limits";
import type { RequestCheck } from "./request-check";

/**
 * Absent `limit` is the default; one over the maximum is the maximum. A `limit` of 0 that is really there gives no rows
 * and the total, which is how to count; the field is `optional`, so that 0 is not what an unset field looks like.
 */
export function decodePageRequest(
  check: RequestCheck,
  request: { readonly limit?: number | undefined; readonly offset?: number | undefined },
): PageRequest {
  const { limit = DEFAULT_PAGE_SIZE, offset = 0 } = request;
  if (limit < 0) check.add("limit", `must not be negative; got ${limit}`);
  if (offset < 0) check.add("offset", `must not be negative; got ${offset}`);
  return { limit: Math.min(limit, MAX_PAGE_SIZE), offset };
}
