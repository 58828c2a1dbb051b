import { proxySinks, type Sinks, workflowInfo } from "@temporalio/workflow";
import type { RunOutcome } from "../engine/engine-types";
import type { GraphRunInput, TaskRunInput } from "./history-contract";
import { isTooDeep } from "./payload-limits";
import { endRecordOf } from "./run-end";
import type { EndRecord, StartRecord } from "./run-records";

/** Not in history: the worker calls these itself, before it sends what the workflow task decided. */
export interface RecordSinks extends Sinks {
  readonly records: {
    /** Also called by a replay: the worker that was to record the start may have been killed before it did. */
    started(record: StartRecord): void;
    ended(record: EndRecord): void;
  };
}

const { records: sink } = proxySinks<RecordSinks>();

/** When the chain of runs was started that this one belongs to. */
export function startedAtOfChain({ resumed }: GraphRunInput): string {
  return resumed?.startedAt ?? startOfRun();
}

function startOfRun(): string {
  return workflowInfo().startTime.toISOString();
}

/** What the execution is called by, what started it, and what it is a redrive of. */
export function recordedNames({
  displayName,
  labels,
  origin,
  redriven,
}: Pick<TaskRunInput, "displayName" | "labels" | "origin" | "redriven">): Pick<
  StartRecord,
  "displayName" | "labels" | "origin" | "redrivenFrom"
> {
  return {
    ...(origin === undefined ? {} : { origin }),
    ...(displayName === undefined ? {} : { displayName }),
    ...(labels === undefined ? {} : { labels }),
    ...(redriven === undefined ? {} : { redrivenFrom: redriven.executionId }),
  };
}

export type StartedSubject = Omit<StartRecord, "temporalWorkflowId" | "temporalRunId" | "startedAt">;

/** Keeps the records of one run, beside what it does and also after it was cancelled. */
export class RecordKeeper {
  readonly #start: StartRecord;

  /** `startedAt`: of the first run, where this is a later one of its chain. */
  constructor(subject: StartedSubject, startedAt = startOfRun()) {
    const { workflowId, firstExecutionRunId } = workflowInfo();
    const input = isTooDeep(subject.input) ? null : subject.input;
    this.#start = { ...subject, input, temporalWorkflowId: workflowId, temporalRunId: firstExecutionRunId, startedAt };
    sink.started(this.#start);
  }

  /**
   * Records the end as of now. The worker writes it before Temporal hears of the end, so whoever sees the run closed finds
   * the record; where the database is away, it tries on, and the API's sweep makes up for the rest.
   */
  end(outcome: RunOutcome): void {
    const completedAt = new Date().toISOString();
    sink.ended({ ...endRecordOf(this.#start.executionId, outcome), completedAt, started: this.#start });
  }
}
