import type { ExecutionId, TaskId, WorkflowId } from "../core/ids";
import type { JsonObject, JsonValue } from "../core/json";

/** Stored states. `tests/proto` checks that each has its enum value on the wire. */
export const TASK_STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"] as const;
export type TaskStatus = (typeof TASK_STATUSES)[number];

export const WORKFLOW_STATUSES = ["DRAFT", "ACTIVE", "ARCHIVED"] as const;
export type WorkflowStatus = (typeof WORKFLOW_STATUSES)[number];

export const EXECUTION_STATUSES = ["PENDING", "RUNNING", "COMPLETED", "FAILED", "CANCELLED"] as const;
export type ExecutionStatus = (typeof EXECUTION_STATUSES)[number];

export const EXECUTION_KINDS = ["task", "workflow"] as const;
export type ExecutionKind = (typeof EXECUTION_KINDS)[number];

/** Statuses that an execution or a task ends in. */
export const FINAL_STATUSES = ["COMPLETED", "FAILED", "CANCELLED"] as const satisfies readonly ExecutionStatus[];
export type FinalStatus = (typeof FINAL_STATUSES)[number];

export interface TaskRecord {
  readonly id: TaskId;
  readonly title: string;
  readonly description: string;
  readonly taskType: string;
  readonly status: TaskStatus;
  readonly config: JsonObject;
  readonly metadata: JsonObject;
  readonly workspacePath: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Null until it was executed, and after a client set it back to PENDING. So are the next two. */
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  readonly error: string | null;
  /** The execution that `status` speaks of; null until it was executed. */
  readonly lastExecutionId: ExecutionId | null;
}

export interface WorkflowRecord {
  readonly id: WorkflowId;
  readonly name: string;
  readonly description: string;
  readonly status: WorkflowStatus;
  /** The newest version's definition, as the client wrote it. */
  readonly definition: JsonObject;
  readonly definitionHash: string;
  /** Number of the newest version, from 1; a changed definition makes a new one. */
  readonly version: number;
  /** The stored tasks that the newest definition names, in order of first mention. */
  readonly taskIds: readonly TaskId[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface WorkflowVersionRecord {
  readonly workflowId: WorkflowId;
  readonly version: number;
  /** As the client wrote it. Undefined in lists. */
  readonly definition?: JsonObject;
  readonly definitionHash: string;
  readonly createdAt: Date;
}

/** Texts for people and searches, by name. */
export type Labels = Readonly<Record<string, string>>;

export interface ExecutionRecord {
  readonly id: ExecutionId;
  readonly kind: ExecutionKind;
  /** A `TaskId` or a `WorkflowId`. */
  readonly subjectId: string;
  readonly status: ExecutionStatus;
  readonly temporalWorkflowId: string;
  /** The first run of the chain. Null while PENDING. */
  readonly temporalRunId: string | null;
  /** Null for the execution of a task; so is the next. */
  readonly definitionHash: string | null;
  readonly workflowVersion: number | null;
  /** The task's config after merging, or the workflow's input. Undefined in lists. */
  readonly input?: JsonValue;
  /** Undefined in lists and until it ended with an output. */
  readonly output?: JsonValue;
  /** Bytes of UTF-8 of the output's JSON; null where there is none. */
  readonly outputBytes: number | null;
  readonly error: string | null;
  readonly errorCode: string | null;
  readonly errorNodeId: string | null;
  /** What its starter called it; null where it was given no name. */
  readonly displayName: string | null;
  /** Texts by name: the definition's own, and over them those given at the start. */
  readonly labels: Labels;
  /** What started it; all null where a client did. */
  readonly scheduleId: string | null;
  readonly webhookName: string | null;
  /** The execution whose end it follows. */
  readonly causedById: ExecutionId | null;
  readonly chainDepth: number | null;
  /** The execution that it is a redrive of; null where it is none. Its record may be gone. */
  readonly redrivenFrom: ExecutionId | null;
  /** The executions that are redrives of it, oldest first. */
  readonly redrivenAs: readonly ExecutionId[];
  readonly createdAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
}

/** An idempotency key as it was first used; it lives as long as its execution's record. */
export interface IdempotencyRecord {
  readonly kind: ExecutionKind;
  readonly subjectId: string;
  readonly key: string;
  /** SHA-256 of the request, lower-case hex. */
  readonly requestHash: string;
  readonly executionId: ExecutionId;
}
