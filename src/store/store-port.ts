import type { Failure } from "../core/errors";
import type { ExecutionId, TaskId, WorkflowId } from "../core/ids";
import type { JsonObject, JsonValue } from "../core/json";
import type { RunOrigin } from "../core/run-origin";
import type { ReactionStore } from "./reaction-records";
import type {
  ExecutionKind,
  ExecutionRecord,
  ExecutionStatus,
  FinalStatus,
  IdempotencyRecord,
  Labels,
  TaskRecord,
  TaskStatus,
  WorkflowRecord,
  WorkflowStatus,
  WorkflowVersionRecord,
} from "./records";
import type { WebhookStore } from "./webhook-records";

/** One page of a list. `total` counts all that match the filter. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly total: number;
}

/** Both are whole numbers from 0; the API has already applied its default and its maximum. */
export interface PageRequest {
  readonly limit: number;
  readonly offset: number;
}

export type NewTask = Pick<
  TaskRecord,
  "id" | "title" | "description" | "taskType" | "config" | "metadata" | "workspacePath"
>;

/** Only the fields that are present change. */
export interface TaskChanges {
  readonly title?: string;
  readonly description?: string;
  readonly config?: JsonObject;
  readonly metadata?: JsonObject;
  /** Setting PENDING also clears `startedAt`, `completedAt` and `error`; setting CANCELLED sets `completedAt`. */
  readonly status?: TaskStatus;
}

export interface NewWorkflow {
  readonly id: WorkflowId;
  readonly name: string;
  readonly description: string;
  readonly definition: JsonObject;
  readonly definitionHash: string;
  readonly taskIds: readonly TaskId[];
  /** The stored workflows that the definition names, in order of first mention. */
  readonly workflowIds: readonly WorkflowId[];
}

/** Only the fields that are present change. A definition with a new hash becomes the next version. */
export interface WorkflowChanges {
  readonly name?: string;
  readonly description?: string;
  readonly status?: WorkflowStatus;
  readonly definition?: Pick<NewWorkflow, "definition" | "definitionHash" | "taskIds" | "workflowIds">;
}

/** Workflows that stand in the way of a delete: their newest definition names what should go. */
export interface NamedBy {
  readonly namedBy: readonly { readonly id: WorkflowId; readonly name: string }[];
}

/** Null: there was none. */
export type DeletedWorkflow = "deleted" | "running" | NamedBy | null;

export interface StartedExecution {
  readonly id: ExecutionId;
  readonly kind: ExecutionKind;
  readonly subjectId: string;
  readonly temporalWorkflowId: string;
  readonly temporalRunId: string;
  readonly definitionHash?: string;
  readonly workflowVersion?: number;
  readonly input: JsonValue;
  readonly startedAt: Date;
  readonly displayName?: string;
  readonly labels?: Labels;
  readonly origin?: RunOrigin;
  /** Id of the execution that it is a redrive of. */
  readonly redrivenFrom?: string;
}

export interface EndedExecution {
  readonly id: ExecutionId;
  readonly status: FinalStatus;
  readonly completedAt: Date;
  readonly output?: JsonValue;
  readonly failure?: Failure;
  readonly nodeId?: string;
  /** Its start, to be recorded first where it is not known yet. */
  readonly started?: StartedExecution;
}

/** All of it must match. Times: from `After` on, and before `Before`. */
export interface ExecutionFilter {
  readonly kind?: ExecutionKind;
  readonly subjectId?: string;
  readonly scheduleId?: string;
  /** Any of these; all where absent. */
  readonly statuses?: readonly ExecutionStatus[];
  /** All of these, with these values. */
  readonly labels?: Labels;
  readonly startedAfter?: Date;
  readonly startedBefore?: Date;
  readonly completedAfter?: Date;
  readonly completedBefore?: Date;
  /** Stands in the error's code, node or message, whatever the case of either. */
  readonly errorText?: string;
  /** In the display name. */
  readonly nameText?: string;
  /** One of these, at most 10,000; none where empty. */
  readonly ids?: readonly string[];
}

/** Orders by `COMPLETED_*` list only what has ended. Ties are ordered by id, the same way. */
export const EXECUTION_ORDERS = ["CREATED_DESC", "CREATED_ASC", "COMPLETED_DESC", "COMPLETED_ASC"] as const;
export type ExecutionOrder = (typeof EXECUTION_ORDERS)[number];

/** A place in an order: of the execution that was listed last. */
export interface ExecutionCursor {
  /** Its creation or its completion, as the order goes. */
  readonly at: Date;
  readonly id: ExecutionId;
}

export interface ExecutionPageRequest extends PageRequest {
  /** `CREATED_DESC` where absent. */
  readonly order?: ExecutionOrder;
  /** Only what comes after it in this order, whatever came or went since. */
  readonly after?: ExecutionCursor;
  /** Whether to count all that match, which takes longer the more there are; true where absent. */
  readonly counted?: boolean;
}

export interface ExecutionPage {
  readonly items: readonly ExecutionRecord[];
  /** Null where it was not asked for. */
  readonly total: number | null;
  /** Where the next page begins; null where there is none. */
  readonly next: ExecutionCursor | null;
}

/** Which records of ended executions to delete: those that all of it allows. */
export interface PruneRule {
  readonly statuses: readonly FinalStatus[];
  /** Only those that ended before. */
  readonly completedBefore?: Date;
  /** Never the newest this many of each task or workflow, among those with one of `statuses`. */
  readonly keepLast?: number;
}

/**
 * The records that people create, list and search. Lists are newest first, by creation time and then id. Every method
 * throws `OrchestratorError` UNAVAILABLE when the database cannot be reached; "not found" is `null`, never an error.
 * One contract suite (`tests/integration/store-contract.ts`) runs against every adapter.
 */
export interface Store extends ReactionStore, WebhookStore {
  createTask(task: NewTask): Promise<TaskRecord>;
  getTask(id: TaskId): Promise<TaskRecord | null>;
  /** Those of `ids` that exist, in no order. */
  getTasks(ids: readonly TaskId[]): Promise<readonly TaskRecord[]>;
  listTasks(filter: { status?: TaskStatus; taskType?: string }, page: PageRequest): Promise<Page<TaskRecord>>;
  /** `onlyFrom`: change nothing and return `"conflict"` unless the task's status is one of these, atomically. */
  updateTask(
    id: TaskId,
    changes: TaskChanges,
    onlyFrom?: readonly TaskStatus[],
  ): Promise<TaskRecord | "conflict" | null>;
  /** Refuses, atomically, a task that runs or that a workflow's newest definition names. */
  deleteTask(id: TaskId): Promise<"deleted" | "running" | NamedBy | null>;

  createWorkflow(workflow: NewWorkflow): Promise<WorkflowRecord>;
  getWorkflow(id: WorkflowId): Promise<WorkflowRecord | null>;
  /** Those of `ids` that exist, in no order. */
  getWorkflows(ids: readonly WorkflowId[]): Promise<readonly WorkflowRecord[]>;
  listWorkflows(filter: { status?: WorkflowStatus }, page: PageRequest): Promise<Page<WorkflowRecord>>;
  updateWorkflow(id: WorkflowId, changes: WorkflowChanges): Promise<WorkflowRecord | null>;
  /**
   * Refuses, atomically, a workflow that another one's newest definition names, or that has a PENDING or RUNNING execution.
   * Its versions go with it; its executions stay.
   */
  deleteWorkflow(id: WorkflowId): Promise<DeletedWorkflow>;
  getWorkflowVersion(id: WorkflowId, version: number): Promise<WorkflowVersionRecord | null>;
  /** Of all versions, or of those with this hash. */
  getNewestWorkflowVersion(id: WorkflowId, of: { definitionHash?: string }): Promise<WorkflowVersionRecord | null>;
  /** Newest first, without definitions. Empty, with a total of 0, where there is no such workflow. */
  listWorkflowVersions(id: WorkflowId, page: PageRequest): Promise<Page<WorkflowVersionRecord>>;

  /**
   * Inserts the execution as RUNNING unless it is there already, and where it was inserted marks its task RUNNING (times
   * and error cleared, `lastExecutionId` set). Idempotent: the API and the run's worker both call it.
   */
  recordStarted(execution: StartedExecution): Promise<void>;
  /**
   * Ends the execution unless it has ended, and its task where `lastExecutionId` is this one. Idempotent. An
   * unknown id without its start is ignored: the record was deleted. What is to happen because of the end is made deliveries in
   * the same transaction; returns how many there were to make.
   */
  recordEnded(execution: EndedExecution): Promise<number>;
  getExecution(id: ExecutionId): Promise<ExecutionRecord | null>;
  /** Without `input` and `output`. */
  listExecutions(filter: ExecutionFilter, page: ExecutionPageRequest): Promise<ExecutionPage>;
  /** RUNNING executions that started before `before`, oldest first, for the repair sweep. Without `input` and `output`. */
  listRunningExecutions(before: Date, limit: number): Promise<readonly ExecutionRecord[]>;
  /** Those of `ids` that have ended, in no order. Without `input` and `output`. */
  listEndedExecutions(ids: readonly ExecutionId[]): Promise<readonly ExecutionRecord[]>;
  /**
   * Makes an execution that has ended RUNNING again, its end forgotten, and its task where `lastExecutionId` is this one: its
   * run was reset. Idempotent.
   */
  recordReopened(id: ExecutionId): Promise<void>;

  /** How many records `pruneExecutions` would delete by this rule. */
  countPrunable(rule: PruneRule): Promise<number>;
  /**
   * Deletes at most `limit` records of ended executions, with their labels, blobs, idempotency keys and reactions; oldest first.
   * Returns how many: fewer than `limit` where there are no more. Never one that is PENDING or RUNNING, or whose end is still
   * to be reacted to.
   */
  pruneExecutions(rule: PruneRule, limit: number): Promise<number>;

  getIdempotencyKey(of: Pick<IdempotencyRecord, "kind" | "subjectId" | "key">): Promise<IdempotencyRecord | null>;
  /** Inserts the key unless it is there; returns what is then stored. */
  claimIdempotencyKey(record: IdempotencyRecord): Promise<IdempotencyRecord>;
  /** Points a key at the execution that its request was attached to. */
  moveIdempotencyKey(record: IdempotencyRecord): Promise<void>;

  /** Keeps bulk output for as long as its execution's record. */
  putBlob(blob: { reference: string; executionId: ExecutionId; data: Uint8Array }): Promise<void>;
  getBlob(reference: string): Promise<Uint8Array | null>;
  /** References that are not there are no error. */
  deleteBlobs(references: readonly string[]): Promise<void>;

  /** A result that was put under this SHA-256 and expires after `now`. */
  getCachedResult(hash: string, now: Date): Promise<{ readonly value: JsonValue } | null>;
  /** Takes the place of an earlier one; removes those that have expired by `now`. */
  putCachedResult(result: { hash: string; value: JsonValue; expiresAt: Date }, now: Date): Promise<void>;

  /** Throws UNAVAILABLE unless the database answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
