import type { ExecutionId } from "../core/ids";
import type { FinalStatus } from "./records";
import type { Page, PageRequest } from "./store-port";

export type ReactionScope = "execution" | "task" | "workflow";
export type ReactionKind = "callback" | "start";

/** What is to happen when an execution ends, or when any of a task's or a workflow's does. */
export interface ReactionRecord {
  readonly id: string;
  readonly scope: ReactionScope;
  /** An `ExecutionId`, a `TaskId` or a `WorkflowId`. */
  readonly scopeId: string;
  readonly kind: ReactionKind;
  readonly enabled: boolean;
  /** Ends with these statuses count; at least one. */
  readonly statuses: readonly FinalStatus[];
  /** A callback's URL without what may be secret in it, or the id of the workflow to start. */
  readonly target: string;
  /** CEL over the execution that ended; null where there is none. */
  readonly condition: string | null;
  /** Of a callback, as is the next; null of a start. Never shown. */
  readonly url: string | null;
  readonly secret: string | null;
  /** Of a start: a JSON template; null where there is none. */
  readonly input: string | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export type NewReaction = Omit<ReactionRecord, "createdAt" | "updatedAt">;

/** Only the fields that are present change. */
export type ReactionChanges = Partial<
  Pick<ReactionRecord, "enabled" | "statuses" | "target" | "condition" | "url" | "secret" | "input">
>;

export const DELIVERY_STATUSES = ["PENDING", "DONE", "SKIPPED", "FAILED"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What becomes of one reaction to the end of one execution. */
export interface DeliveryRecord {
  readonly executionId: ExecutionId;
  readonly reactionId: string;
  readonly status: DeliveryStatus;
  readonly kind: ReactionKind;
  readonly target: string;
  /** Since it was last begun, by the end or by hand. */
  readonly attempts: number;
  readonly createdAt: Date;
  readonly lastAttemptAt: Date | null;
  readonly nextAttemptAt: Date | null;
  readonly completedAt: Date | null;
  readonly responseStatus: number | null;
  readonly startedExecutionId: string | null;
  readonly error: string | null;
}

export interface DeliveryKey {
  readonly executionId: ExecutionId;
  readonly reactionId: string;
}

export interface ReactionFilter {
  /** Of this task or workflow; of all of them where absent. */
  readonly scopeId?: string;
}

/** What comes of one attempt. */
export interface DeliveryAttempt {
  readonly status: DeliveryStatus;
  readonly at: Date;
  /** Null where there is no next one. */
  readonly nextAttemptAt: Date | null;
  readonly responseStatus?: number;
  /** Absent where nothing went wrong. */
  readonly error?: string;
}

/**
 * Reactions and what becomes of them; part of `Store`. A delivery is made by `recordEnded`, in the transaction in which the
 * execution ends: there is no end without its deliveries, whoever records it and whoever is killed after that.
 */
export interface ReactionStore {
  createReaction(reaction: NewReaction): Promise<ReactionRecord>;
  /**
   * Those of one execution, before it is started or while it runs; one with a known id is left as it is. Where the execution
   * has ended in the meantime its deliveries are made at once, and then this returns true.
   */
  addExecutionReactions(executionId: ExecutionId, reactions: readonly NewReaction[]): Promise<boolean>;
  /** Takes back what `addExecutionReactions` added for an execution that is not to be. */
  removeExecutionReactions(executionId: ExecutionId): Promise<void>;
  getReaction(id: string): Promise<ReactionRecord | null>;
  /** Those of tasks and workflows, newest first. */
  listReactions(filter: ReactionFilter, page: PageRequest): Promise<Page<ReactionRecord>>;
  /** The enabled ones that the end of an execution will find; oldest first. */
  listReactionsTo(execution: { readonly id: string; readonly subjectId: string }): Promise<readonly ReactionRecord[]>;
  updateReaction(id: string, changes: ReactionChanges): Promise<ReactionRecord | null>;
  /** False where there was none. Deliveries that are under way then fail. */
  deleteReaction(id: string): Promise<boolean>;

  /** Oldest first. */
  listDeliveries(executionId: ExecutionId): Promise<readonly DeliveryRecord[]>;
  getDelivery(key: DeliveryKey): Promise<DeliveryRecord | null>;
  /** PENDING ones that nobody has looked at since `before`, for the sweep. */
  listDueDeliveries(before: Date, limit: number): Promise<readonly DeliveryKey[]>;
  /** Somebody takes care of it until then. */
  postponeDelivery(key: DeliveryKey, until: Date): Promise<void>;
  /** Counts an attempt. Returns what is then stored; null where it is gone. */
  recordAttempt(key: DeliveryKey, attempt: DeliveryAttempt): Promise<DeliveryRecord | null>;
  /** Begins anew, whatever it was: PENDING, no attempts. Null where there is none. */
  restartDelivery(key: DeliveryKey, now: Date): Promise<DeliveryRecord | null>;
  /** The execution was reset: it has not ended after all. */
  removeDelivery(key: DeliveryKey): Promise<void>;
  /** Fixes the id of the execution that a start is to start; returns the one that was fixed first. */
  claimStart(key: DeliveryKey, executionId: ExecutionId): Promise<ExecutionId | null>;
  /** Removes reactions of executions that came to nothing, made before. Returns how many. */
  pruneOrphanReactions(before: Date): Promise<number>;
}
