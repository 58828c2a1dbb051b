import { randomUUID } from "node:crypto";
import {
  type Client,
  WorkflowExecutionAlreadyStartedError,
  type WorkflowExecutionDescription,
  type WorkflowStartOptions,
} from "@temporalio/client";
import { temporal } from "@temporalio/proto";
import { OrchestratorError } from "../core/errors";
import type { Pause } from "../engine/steering";
import { endOfRun, isRunClosed } from "../events/run-closed";
import {
  GRAPH_WORKFLOW,
  type GraphRunInput,
  graphRunId,
  MEMO_DISPLAY_NAME,
  MEMO_EXECUTION_ID,
  MEMO_LABELS,
  MEMO_PAUSE,
  MEMO_REQUEST_HASH,
  TASK_WORKFLOW,
  type TaskRunInput,
  taskRunId,
  type WaitKind,
} from "../workflows/history-contract";
import { graphDetails, taskDetails } from "../workflows/run-details";
import { decodeHistory } from "./decode-history";
import { isNotFound, unavailableWhenUnreachable, whileNamespaceMissing } from "./grpc-errors";
import { decodePayload, toMs } from "./payloads";
import { createRunRetries } from "./run-retries";
import { createRunUpdates } from "./run-updates";
import type {
  ListedRun,
  RunReference,
  RunRetries,
  RunState,
  Runs,
  RunUpdates,
  StartedRun,
  WaitingFilter,
  WaitingRun,
} from "./runs-port";
import { searchAttribute } from "./search-attributes";
import { listWaitingIds, listWaitingRuns } from "./waiting-runs";

/** A call that Temporal does not answer within this counts as unreachable; a health check must not hang. */
const CALL_TIMEOUT_MS = 10_000;
const HEALTH_TIMEOUT_MS = 2_000;

/** A poll lasts up to 60 s; Temporal lists pollers for five minutes, also those of workers that were killed since. */
const POLLER_FRESH_MS = 70_000;

/** How often a start is tried against a run that ends between our start and our look at it. */
const MAX_START_TRIES = 5;

/** Longest chain of continue-as-new that `state` follows where a later run of the same task hides its end. */
const MAX_CHAIN = 10_000;

/** Temporal's own maximum for a page of its list. */
const MAX_LIST_PAGE = 1_000;

const { HistoryEventFilterType, TaskQueueType } = temporal.api.enums.v1;

type Start = WorkflowStartOptions & { workflowId: string; args: [TaskRunInput] | [GraphRunInput] };

/** Starts, cancels and inspects runs in Temporal; see `Runs`. The client must use a native connection (eager start). */
export function createRuns(options: { readonly client: Client; readonly taskQueue: string }): Runs {
  const { client, taskQueue } = options;
  const runs = new TemporalRuns(client, taskQueue);
  return Object.assign(runs, createRunUpdates({ client, state: (run) => runs.state(run) }), createRunRetries(client));
}

class TemporalRuns implements Omit<Runs, keyof RunUpdates | keyof RunRetries> {
  readonly #client: Client;
  readonly #taskQueue: string;

  constructor(client: Client, taskQueue: string) {
    this.#client = client;
    this.#taskQueue = taskQueue;
  }

  async startTask(input: TaskRunInput, requestHash: string): Promise<StartedRun> {
    return await this.#start(TASK_WORKFLOW, input.executionId, requestHash, {
      taskQueue: this.#taskQueue,
      workflowId: taskRunId(input.taskId),
      args: [input],
      typedSearchAttributes: [
        searchAttribute("executionId", input.executionId),
        searchAttribute("taskId", input.taskId),
      ],
      // One run at a time, any number one after another.
      workflowIdReusePolicy: "ALLOW_DUPLICATE",
      ...taskDetails(input),
    });
  }

  async startGraph(input: GraphRunInput, requestHash: string): Promise<StartedRun> {
    return await this.#start(GRAPH_WORKFLOW, input.executionId, requestHash, {
      taskQueue: this.#taskQueue,
      workflowId: graphRunId(input.workflowId, input.executionId),
      args: [input],
      typedSearchAttributes: [
        searchAttribute("executionId", input.executionId),
        searchAttribute("workflowId", input.workflowId),
        searchAttribute("definitionHash", input.snapshot.hash),
      ],
      // The execution's id is in the workflow id: a second run would be the same execution once more.
      workflowIdReusePolicy: "REJECT_DUPLICATE",
      ...graphDetails(input),
    });
  }

  async #start(workflowType: string, executionId: string, requestHash: string, start: Start): Promise<StartedRun> {
    for (let tries = 1; tries <= MAX_START_TRIES; tries++) {
      try {
        const handle = await this.#call(CALL_TIMEOUT_MS, () =>
          this.#client.workflow.start(workflowType, {
            ...start,
            memo: { [MEMO_EXECUTION_ID]: executionId, [MEMO_REQUEST_HASH]: requestHash, ...namesMemo(start.args[0]) },
            workflowIdConflictPolicy: "FAIL",
            requestEagerStart: true,
          }),
        );
        return {
          executionId,
          temporalWorkflowId: start.workflowId,
          temporalRunId: handle.firstExecutionRunId,
          attached: false,
          requestHash,
        };
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      }
      const attached = await this.#attach(start.workflowId, start.workflowIdReusePolicy === "REJECT_DUPLICATE");
      if (attached !== null) return attached;
    }
    throw new OrchestratorError("UNAVAILABLE", "other runs of the task kept getting in between; try again");
  }

  /** The run under this workflow id. Null where it has ended meanwhile and may be started anew. */
  async #attach(workflowId: string, alsoClosed: boolean): Promise<StartedRun | null> {
    const described = await this.#describe(workflowId);
    if (described === null) return null;
    if (described.status.name !== "RUNNING" && !alsoClosed) return null;
    return {
      executionId: String(described.memo?.[MEMO_EXECUTION_ID] ?? ""),
      temporalWorkflowId: workflowId,
      temporalRunId: firstRunIdOf(described),
      attached: true,
      requestHash: String(described.memo?.[MEMO_REQUEST_HASH] ?? ""),
    };
  }

  async cancel(run: RunReference, reason: string): Promise<boolean> {
    // Temporal takes a second cancel of a run that was cancelled, though it has closed.
    if ((await this.state(run))?.status !== "RUNNING") return false;
    try {
      await this.#call(CALL_TIMEOUT_MS, () =>
        this.#client.workflowService.requestCancelWorkflowExecution({
          namespace: this.#client.options.namespace,
          identity: this.#client.options.identity,
          requestId: randomUUID(),
          workflowExecution: { workflowId: run.temporalWorkflowId },
          // A later run of the same task must not be hit.
          firstExecutionRunId: run.temporalRunId,
          reason,
        }),
      );
      return true;
    } catch (error) {
      if (isNotFound(error)) return false;
      throw error;
    }
  }

  async state(run: RunReference): Promise<RunState | null> {
    // The chain's last run tells all, however long the chain, and also when Temporal no longer keeps the first.
    const last = await this.#describe(run.temporalWorkflowId);
    if (last === null) return null;
    let runId = firstRunIdOf(last) === run.temporalRunId ? last.runId : run.temporalRunId;
    for (let link = 0; link < MAX_CHAIN; link++) {
      const described = runId === last.runId && link === 0 ? last : await this.#describe(run.temporalWorkflowId, runId);
      if (described === null) return null;
      const resetRunId = described.raw.workflowExtendedInfo?.resetRunId;
      if (resetRunId) {
        runId = resetRunId;
        continue;
      }
      if (described.status.name === "RUNNING" || described.status.name === "PAUSED") return running(described);
      const closed = await this.#closeOf(run.temporalWorkflowId, runId);
      if (closed === null) return null;
      if (typeof closed !== "string") return closed;
      runId = closed;
    }
    throw new Error(`more than ${MAX_CHAIN} runs in one chain`);
  }

  async listWaiting(filter: WaitingFilter): Promise<readonly WaitingRun[]> {
    return await listWaitingRuns(this.#client, filter, (work) => this.#call(CALL_TIMEOUT_MS, work));
  }

  async listWaitingFor(kinds: readonly WaitKind[], filter: WaitingFilter): Promise<readonly string[]> {
    return await listWaitingIds(this.#client, kinds, filter, (work) => this.#call(CALL_TIMEOUT_MS, work));
  }

  async startedSince(since: Date, limit: number): Promise<readonly ListedRun[]> {
    const listed: ListedRun[] = [];
    const types = [TASK_WORKFLOW, GRAPH_WORKFLOW].map((type) => `"${type}"`).join(", ");
    let nextPageToken: Uint8Array | undefined;
    do {
      const token = nextPageToken;
      const page = await this.#call(CALL_TIMEOUT_MS, () =>
        this.#client.workflowService.listWorkflowExecutions({
          namespace: this.#client.options.namespace,
          query: `WorkflowType IN (${types}) AND StartTime >= "${since.toISOString()}"`,
          pageSize: Math.min(MAX_LIST_PAGE, limit - listed.length),
          ...(token === undefined ? {} : { nextPageToken: token }),
        }),
      );
      for (const { execution, memo } of page.executions) {
        const id = memo?.fields?.[MEMO_EXECUTION_ID];
        listed.push({
          executionId: id ? String(decodePayload(id)) : "",
          temporalWorkflowId: execution?.workflowId ?? "",
          runId: execution?.runId ?? "",
        });
      }
      nextPageToken = page.nextPageToken.length === 0 ? undefined : page.nextPageToken;
    } while (nextPageToken !== undefined && listed.length < limit);
    return listed;
  }

  async resetAt({ temporalWorkflowId, runId }: Pick<ListedRun, "temporalWorkflowId" | "runId">): Promise<Date | null> {
    const at = (await this.#describe(temporalWorkflowId, runId))?.raw.workflowExtendedInfo?.lastResetTime;
    return at ? new Date(toMs(at)) : null;
  }

  async workerCount(): Promise<number> {
    const { pollers } = await this.#call(HEALTH_TIMEOUT_MS, () =>
      this.#client.workflowService.describeTaskQueue({
        namespace: this.#client.options.namespace,
        taskQueue: { name: this.#taskQueue },
        taskQueueType: TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
      }),
    );
    const oldest = Date.now() - POLLER_FRESH_MS;
    const fresh = pollers.filter(({ lastAccessTime }) => toMs(lastAccessTime) > oldest);
    return new Set(fresh.map(({ identity }) => identity)).size;
  }

  async #describe(workflowId: string, runId?: string): Promise<WorkflowExecutionDescription | null> {
    try {
      return await this.#call(CALL_TIMEOUT_MS, () => this.#client.workflow.getHandle(workflowId, runId).describe());
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  /** How a closed run ended, or the id of the run that it continued as; null when its history is gone. */
  async #closeOf(workflowId: string, runId: string): Promise<RunState | string | null> {
    try {
      const { history } = await this.#call(CALL_TIMEOUT_MS, () =>
        this.#client.workflowService.getWorkflowExecutionHistory({
          namespace: this.#client.options.namespace,
          execution: { workflowId, runId },
          historyEventFilterType: HistoryEventFilterType.HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
        }),
      );
      const last = decodeHistory(history?.events ?? []).at(-1);
      if (last?.type === "continued_as_new") return last.newRunId;
      if (last === undefined || !isRunClosed(last)) return null;
      const { eventId: _, timeMs, ...closed } = last;
      return { ...endOfRun(closed, ""), closedAt: new Date(timeMs) };
    } catch (error) {
      if (isNotFound(error)) return null;
      throw error;
    }
  }

  async #call<T>(timeoutMs: number, call: () => Promise<T>): Promise<T> {
    return await unavailableWhenUnreachable("Temporal cannot be reached", () =>
      whileNamespaceMissing(() => this.#client.connection.withDeadline(Date.now() + timeoutMs, call)),
    );
  }
}

function running({ memo }: WorkflowExecutionDescription): RunState {
  const pause = memo?.[MEMO_PAUSE] as Pause | null | undefined;
  return { status: "RUNNING", ...(pause ? { pause } : {}) };
}

/** For whoever looks at the run in Temporal's own Web UI or command line. */
function namesMemo({ displayName, labels = {} }: TaskRunInput | GraphRunInput): Record<string, unknown> {
  return {
    ...(displayName === undefined ? {} : { [MEMO_DISPLAY_NAME]: displayName }),
    ...(Object.keys(labels).length === 0 ? {} : { [MEMO_LABELS]: labels }),
  };
}

function firstRunIdOf(described: WorkflowExecutionDescription): string {
  return described.raw.workflowExecutionInfo?.firstRunId || described.runId;
}
