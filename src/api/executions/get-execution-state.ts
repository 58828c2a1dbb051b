import { createHash } from "node:crypto";
import { isOrchestratorError, OrchestratorError } from "../../core/errors";
import { parseExecutionId } from "../../core/ids";
import { canonicalJson } from "../../definition/canonical-json";
import { EventFold, type FoldedEvents, type KeepValue, type KeptValue } from "../../events/fold-events";
import { parseInstance } from "../../events/instance";
import { decodeOffset } from "../../events/offset";
import { ExecutionState, type ExecutionStatus, type GetExecutionStateRequest } from "../../gen/proto/executions";
import { KeyedLimit } from "../../temporal/keyed-limit";
import type { RunReference } from "../../temporal/runs-port";
import type { ApiContext } from "../api-context";
import { executionStatusCodec } from "../convert/execution";
import { encodeNodeInstance, encodeNodeStatus, nodeStatusCodec } from "../convert/node-instance";
import {
  DEFAULT_PAGE_SIZE,
  MAX_INSTANCE_ID_LENGTH,
  MAX_OFFSET_LENGTH,
  MAX_PAGE_SIZE,
  MAX_RESPONSE_BYTES,
} from "../limits";
import { RequestCheck } from "../requests/request-check";
import { loadExecution } from "./load-execution";
import { runReference } from "./repair-execution";

/** Values in a list of many nodes, so that a thousand of them are a page. */
const MAX_LISTED_VALUE_BYTES = 2 * 1024;
/** A page ends before it is too large; errors and ids are what an instance has beside its values. */
const MAX_PAGE_BYTES = MAX_RESPONSE_BYTES / 2;
/** Reading the history of a run of 10,000 nodes takes some seconds. */
const READ_TIMEOUT_MS = 25_000;

/** A fold of 10,000 nodes takes some 100 MB while it is made: more than these wait for their turn. */
const MAX_FOLDS_AT_ONCE = 4;
const folds = new KeyedLimit(MAX_FOLDS_AT_ONCE);

interface Query {
  readonly at: string | undefined;
  readonly nodeId: string | undefined;
  readonly status: FoldedEvents["instances"][number]["status"] | undefined;
  readonly limit: number;
  readonly position: number;
}

export async function getExecutionState(
  context: ApiContext,
  request: GetExecutionStateRequest,
): Promise<ExecutionState> {
  const id = parseExecutionId(request.executionId, "execution_id");
  const asked = decodeQuery(request);
  const execution = await loadExecution(context, id);
  const run = runReference(execution);
  if (run === undefined) throw new OrchestratorError("FAILED_PRECONDITION", `execution ${id} has not been started yet`);
  checkOffset(run, asked);
  const deadline = Date.now() + READ_TIMEOUT_MS;
  const fold = await folds.run("", deadline, tooMany, () => foldUntil(context, run, asked));
  return encodeState(id, fold, asked);
}

function tooMany(): OrchestratorError {
  return new OrchestratorError("UNAVAILABLE", "the server reads the histories of too many executions; try again");
}

function decodeQuery(request: GetExecutionStateRequest): Query {
  const check = new RequestCheck();
  const { limit = DEFAULT_PAGE_SIZE } = request;
  if (limit < 1) check.add("limit", `must be at least 1; got ${limit}`);
  const given = check.optionalText("at", request.at === "" ? undefined : request.at, MAX_OFFSET_LENGTH);
  const nodeId =
    request.nodeId === undefined ? undefined : check.requiredText("node_id", request.nodeId, MAX_INSTANCE_ID_LENGTH);
  if (nodeId !== undefined && parseInstance(nodeId) === null)
    check.add("node_id", "must be a node's id, or an instance of it such as fetch[3] or fetch#2");
  const status = nodeStatusCodec.check(check, "status", request.status);
  const token = decodeToken(check, request.pageToken);
  if (token !== undefined && given !== undefined && given !== token.at)
    check.add("page_token", "is of another offset than `at`");
  check.finish();
  const at = token?.at ?? given;
  return { at, nodeId, status, limit: Math.min(limit, MAX_PAGE_SIZE), position: token?.position ?? 0 };
}

/** Which state, and how many of its instances were given out. The state is named, so that all pages are of one. */
function encodeToken(at: string, position: number): string {
  return Buffer.from(`${at}/${position}`).toString("base64url");
}

function decodeToken(check: RequestCheck, token: string | undefined): { at: string; position: number } | undefined {
  if (token === undefined || token === "") return undefined;
  const [, at, position] = /^([0-9a-z-]+)\/(\d{1,9})$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (at !== undefined && position !== undefined) return { at, position: Number(position) };
  check.add("page_token", "is none; give back `next_page_token` as it was sent");
  return undefined;
}

function checkOffset(run: RunReference, { at }: Query): void {
  if (at === undefined) return;
  const place = decodeOffset(run.temporalRunId, at);
  if (place.ok) return;
  const check = new RequestCheck();
  check.add("at", place.error);
  check.finish();
}

async function foldUntil({ streams }: ApiContext, run: RunReference, { at, nodeId }: Query): Promise<FoldedEvents> {
  const fold = new EventFold(keeperOf(nodeId));
  try {
    for await (const event of streams.soFar(run, AbortSignal.timeout(READ_TIMEOUT_MS))) {
      if (at !== undefined && event.offset > at) break;
      fold.add(event);
    }
  } catch (error) {
    if (isOrchestratorError(error) && error.code === "NOT_FOUND") {
      const message = `Temporal no longer keeps the history of execution ${run.executionId}; GetExecution has its record`;
      throw new OrchestratorError("FAILED_PRECONDITION", message, { cause: error });
    }
    if (error instanceof Error && error.name === "TimeoutError")
      throw new OrchestratorError("UNAVAILABLE", "the execution's history could not be read in time; try again", {
        cause: error,
      });
    throw error;
  }
  return fold.folded();
}

/** Values that are not asked for, or too large for a list, are remembered by their size and hash. */
function keeperOf(nodeId: string | undefined): KeepValue {
  return (value, instanceId): KeptValue => {
    const text = JSON.stringify(value);
    const bytes = Buffer.byteLength(text);
    const digest = createHash("sha256").update(canonicalJson(value)).digest("hex");
    const isKept = nodeId === undefined ? bytes <= MAX_LISTED_VALUE_BYTES : isOf(nodeId, instanceId);
    return isKept ? { bytes, json: value, digest } : { bytes, digest };
  };
}

/** Whether an instance is the one that is named, or one of the node that is. */
function isOf(named: string, instanceId: string): boolean {
  return instanceId === named || parseInstance(instanceId)?.nodeId === named;
}

function encodeState(executionId: string, folded: FoldedEvents, query: Query): ExecutionState {
  const { instances, last, end, queuedBehind } = folded;
  const { nodeId, status, limit, position } = query;
  const matching = instances.filter(
    (one) => (nodeId === undefined || isOf(nodeId, one.id)) && (status === undefined || one.status === status),
  );
  const state = ExecutionState.fromPartial({
    executionId,
    at: last?.offset,
    timestamp: last?.timestamp,
    status: statusOf(folded),
    error: end?.event.error,
    queuedBehind,
    total: matching.length,
    counts: countsOf(instances),
  });
  let bytes = 0;
  for (const instance of matching.slice(position, position + limit)) {
    const node = encodeNodeInstance(instance);
    bytes += JSON.stringify(node).length;
    if (bytes > MAX_PAGE_BYTES && state.nodes.length > 0) break;
    state.nodes.push(node);
  }
  const next = position + state.nodes.length;
  if (next < matching.length && last !== null) state.nextPageToken = encodeToken(last.offset, next);
  return state;
}

function statusOf({ last, end }: FoldedEvents): ExecutionStatus {
  if (last === null) return executionStatusCodec.encode("PENDING");
  switch (end?.status) {
    case undefined:
      return executionStatusCodec.encode("RUNNING");
    case "completed":
      return executionStatusCodec.encode("COMPLETED");
    case "failed":
      return executionStatusCodec.encode("FAILED");
    case "cancelled":
      return executionStatusCodec.encode("CANCELLED");
  }
}

function countsOf(instances: FoldedEvents["instances"]): ExecutionState["counts"] {
  const counts = new Map<FoldedEvents["instances"][number]["status"], number>();
  for (const { status } of instances) counts.set(status, (counts.get(status) ?? 0) + 1);
  return Array.from(counts, ([status, count]) => ({ status: encodeNodeStatus(status), count }));
}
