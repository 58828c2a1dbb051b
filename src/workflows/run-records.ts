import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import type { RunOrigin } from "../core/run-origin";

/** What a run tells its worker to record; none of it is in history. */
export interface StartRecord {
  readonly executionId: string;
  readonly kind: "task" | "workflow";
  readonly subjectId: string;
  readonly temporalWorkflowId: string;
  readonly temporalRunId: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly startedAt: string;
  /** The task's config or the workflow's input, as JSON. */
  readonly input: JsonValue;
  readonly definitionHash?: string;
  readonly workflowVersion?: number;
  readonly displayName?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly origin?: RunOrigin;
  /** Id of the execution that it is a redrive of. */
  readonly redrivenFrom?: string;
}

export interface EndRecord {
  readonly executionId: string;
  readonly status: "COMPLETED" | "FAILED" | "CANCELLED";
  /** RFC 3339, UTC, milliseconds. */
  readonly completedAt: string;
  readonly output?: JsonValue;
  readonly failure?: Failure;
  readonly nodeId?: string;
  /** The start, to be recorded first where it is not known. */
  readonly started?: StartRecord;
}
