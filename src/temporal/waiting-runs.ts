import type { Client } from "@temporalio/client";
import type { temporal } from "@temporalio/proto";
import { OrchestratorError } from "../core/errors";
import { isJsonObject } from "../core/json";
import {
  APPROVALS_QUERY,
  GRAPH_WORKFLOW,
  MEMO_APPROVALS,
  SEARCH_ATTRIBUTES,
  type WaitingApprovals,
  type WaitKind,
} from "../workflows/history-contract";
import { waitsForTexts } from "../workflows/waits-for";
import { decodePayload, toMs } from "./payloads";
import type { WaitingFilter, WaitingRun } from "./runs-port";

/** Runs of one listing. Each comes with its memo of up to a megabyte, most often of some kilobytes. */
const PAGE_SIZE = 250;

/** Runs that wait for people at once. Their approvals are put in order in memory; more is no inbox that a person works through. */
export const MAX_WAITING_RUNS = 10_000;

/** A worker answers within 50 ms; one without the run in its cache replays it first. */
const QUERY_TIMEOUT_MS = 3_000;
const QUERIES_AT_ONCE = 8;

type Info = temporal.api.workflow.v1.IWorkflowExecutionInfo;

/** See `Runs.listWaiting`. `call` makes a call with a deadline and speaks of UNAVAILABLE. */
export async function listWaitingRuns(
  client: Client,
  filter: WaitingFilter,
  call: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<readonly WaitingRun[]> {
  const runs: WaitingRun[] = [];
  for await (const info of listedRuns(client, visibilityQuery(["approval"], filter), call)) {
    runs.push(...waitingRun(info));
    if (runs.length > MAX_WAITING_RUNS) throw tooMany();
  }
  return await completed(client, withoutRepeats(runs));
}

/** See `Runs.listWaitingFor`. */
export async function listWaitingIds(
  client: Client,
  kinds: readonly WaitKind[],
  filter: WaitingFilter,
  call: <T>(work: () => Promise<T>) => Promise<T>,
): Promise<readonly string[]> {
  const ids = new Set<string>();
  for await (const { searchAttributes } of listedRuns(client, visibilityQuery(kinds, filter), call)) {
    const id = attributeText(searchAttributes?.indexedFields?.[SEARCH_ATTRIBUTES.executionId]);
    if (id !== undefined) ids.add(id);
    if (ids.size > MAX_WAITING_RUNS) throw tooManyWait();
  }
  return [...ids];
}

async function* listedRuns(
  client: Client,
  query: string,
  call: <T>(work: () => Promise<T>) => Promise<T>,
): AsyncGenerator<Info> {
  const { namespace } = client.options;
  let nextPageToken: Uint8Array | undefined;
  do {
    const token = nextPageToken === undefined ? {} : { nextPageToken };
    const request = { namespace, query, pageSize: PAGE_SIZE, ...token };
    const page = await call(() => client.workflowService.listWorkflowExecutions(request));
    yield* page.executions;
    nextPageToken = page.nextPageToken;
  } while (nextPageToken !== undefined && nextPageToken.length > 0);
}

/** The ids have been checked: nothing in them needs to be escaped. */
function visibilityQuery(kinds: readonly WaitKind[], { workflowId, executionId }: WaitingFilter): string {
  const values = waitsForTexts(kinds).map((value) => `'${value}'`);
  const clauses = [
    `${SEARCH_ATTRIBUTES.waitsFor} IN (${values.join(", ")})`,
    "ExecutionStatus = 'Running'",
    `WorkflowType = '${GRAPH_WORKFLOW}'`,
  ];
  if (workflowId !== undefined) clauses.push(`${SEARCH_ATTRIBUTES.workflowId} = '${workflowId}'`);
  if (executionId !== undefined) clauses.push(`${SEARCH_ATTRIBUTES.executionId} = '${executionId}'`);
  return clauses.join(" AND ");
}

function waitingRun({ execution, memo, searchAttributes, startTime }: Info): readonly WaitingRun[] {
  const payload = memo?.fields?.[MEMO_APPROVALS];
  const waiting = payload === undefined ? null : decodePayload(payload);
  const attributes = searchAttributes?.indexedFields ?? {};
  const executionId = attributeText(attributes[SEARCH_ATTRIBUTES.executionId]);
  const workflowId = attributeText(attributes[SEARCH_ATTRIBUTES.workflowId]);
  if (!isJsonObject(waiting) || executionId === undefined || workflowId === undefined) return [];
  return [
    {
      executionId,
      workflowId,
      temporalWorkflowId: execution?.workflowId ?? "",
      startedAtMs: toMs(startTime),
      waiting: waiting as unknown as WaitingApprovals,
    },
  ];
}

function attributeText(payload: temporal.api.common.v1.IPayload | undefined): string | undefined {
  if (payload === undefined) return undefined;
  const value = decodePayload(payload);
  const text = Array.isArray(value) ? value[0] : value;
  return typeof text === "string" ? text : undefined;
}

/** A run that continues as new between two pages is on both, as itself and as its successor. */
function withoutRepeats(runs: readonly WaitingRun[]): readonly WaitingRun[] {
  return [...new Map(runs.map((run) => [run.executionId, run])).values()];
}

/** Asks the few runs whose memo had no room for all that they wait for. Without an answer the memo has to do. */
async function completed(client: Client, runs: readonly WaitingRun[]): Promise<readonly WaitingRun[]> {
  const result = [...runs];
  const open = [...runs.entries()].filter(([, run]) => isCut(run)).values();
  const workers = Array.from({ length: QUERIES_AT_ONCE }, async () => {
    for (const [index, run] of open) result[index] = { ...run, waiting: (await ask(client, run)) ?? run.waiting };
  });
  await Promise.all(workers);
  return result;
}

function isCut({ waiting: { total, approvals } }: WaitingRun): boolean {
  return total > approvals.length || approvals.some(({ isBrief }) => isBrief === true);
}

async function ask(client: Client, { temporalWorkflowId }: WaitingRun): Promise<WaitingApprovals | null> {
  try {
    return await client.connection.withDeadline(Date.now() + QUERY_TIMEOUT_MS, () =>
      client.workflow.getHandle(temporalWorkflowId).query<WaitingApprovals>(APPROVALS_QUERY),
    );
  } catch {
    // No worker, or the run has just ended.
    return null;
  }
}

function tooManyWait(): OrchestratorError {
  return new OrchestratorError(
    "RESOURCE_EXHAUSTED",
    `more than ${MAX_WAITING_RUNS} executions wait for that; ask for those of one \`subject_id\``,
  );
}

function tooMany(): OrchestratorError {
  return new OrchestratorError(
    "RESOURCE_EXHAUSTED",
    `more than ${MAX_WAITING_RUNS} executions wait for people; ask for those of one \`workflow_id\` or \`execution_id\``,
  );
}
