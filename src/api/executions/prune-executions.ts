import { MAX_DURATION_MS, parseDuration } from "../../core/duration";
import type { PruneExecutionsRequest, PruneExecutionsResponse } from "../../gen/proto/executions";
import { FINAL_STATUSES, type FinalStatus } from "../../store/records";
import type { PruneRule } from "../../store/store-port";
import type { ApiContext } from "../api-context";
import { executionStatusCodec } from "../convert/execution";
import { DEFAULT_PRUNE_LIMIT, MAX_PRUNE_LIMIT } from "../limits";
import { RequestCheck } from "../requests/request-check";

export async function pruneExecutions(
  { store, logger }: ApiContext,
  request: PruneExecutionsRequest,
): Promise<PruneExecutionsResponse> {
  const check = new RequestCheck();
  const rule = decodeRule(check, request);
  const { limit = DEFAULT_PRUNE_LIMIT } = request;
  if (limit < 1) check.add("limit", `must be at least 1; got ${limit}`);
  check.finish();
  if (request.dryRun) return { count: await store.countPrunable(rule), more: false };
  const atMost = Math.min(limit, MAX_PRUNE_LIMIT);
  const count = await store.pruneExecutions(rule, atMost);
  logger.info({ count, ...rule }, "records of ended executions were pruned");
  return { count, more: count >= atMost };
}

function decodeRule(check: RequestCheck, request: PruneExecutionsRequest): PruneRule {
  const { olderThan, keepLast } = request;
  if (olderThan === undefined && keepLast === undefined) {
    check.add("older_than", "is required unless `keep_last` is there: one of them must say what may go");
  }
  if (keepLast !== undefined && keepLast < 0) check.add("keep_last", `must not be negative; got ${keepLast}`);
  const completedBefore = olderThan === undefined ? undefined : decodeAge(check, olderThan);
  return {
    statuses: decodeStatuses(check, request),
    ...(completedBefore === undefined ? {} : { completedBefore }),
    ...(keepLast === undefined ? {} : { keepLast }),
  };
}

function decodeAge(check: RequestCheck, text: string): Date {
  const age = parseDuration(text);
  if (!age.ok) check.add("older_than", `${age.error}; got ${JSON.stringify(text.slice(0, 100))}`);
  return new Date(Date.now() - (age.ok ? age.value : MAX_DURATION_MS));
}

function decodeStatuses(check: RequestCheck, { statuses }: PruneExecutionsRequest): readonly FinalStatus[] {
  if (statuses.length === 0) return FINAL_STATUSES;
  const decoded: FinalStatus[] = [];
  for (const [index, wire] of statuses.entries()) {
    const status = executionStatusCodec.check(check, `statuses/${index}`, wire);
    if (status === "PENDING" || status === "RUNNING") {
      check.add(`statuses/${index}`, `must be a status of executions that have ended; ${status} is never deleted`);
    } else if (status !== undefined) decoded.push(status);
  }
  return decoded;
}
