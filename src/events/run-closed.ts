import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import type { HistoryFact, RunClosed } from "./history-item";

/** How an execution ended, in the terms of its record. */
export type ExecutionEnd =
  | { readonly status: "COMPLETED"; readonly output: JsonValue }
  | {
      readonly status: "FAILED" | "CANCELLED";
      readonly failure: Failure;
      readonly nodeId?: string;
      readonly output?: JsonValue;
    };

export function isRunClosed(fact: HistoryFact): fact is RunClosed {
  return CLOSED.has(fact.type);
}

const CLOSED: ReadonlySet<HistoryFact["type"]> = new Set<RunClosed["type"]>([
  "run_completed",
  "run_failed",
  "run_cancelled",
  "run_timed_out",
  "run_terminated",
]);

/** What the end of a run means for its execution. `cancelReason` is what the cancel request said, where it is known. */
export function endOfRun(closed: RunClosed, cancelReason: string): ExecutionEnd {
  switch (closed.type) {
    case "run_completed":
      return { status: "COMPLETED", output: closed.output };
    case "run_failed": {
      const { type: _, ...end } = closed;
      return { status: "FAILED", ...end };
    }
    case "run_cancelled": {
      const message = withReason("cancelled", cancelReason);
      return { status: "CANCELLED", failure: { code: "CANCELLED", message } };
    }
    case "run_timed_out":
      return { status: "FAILED", failure: { code: "TIMEOUT", message: "the run took longer than Temporal lets it" } };
    case "run_terminated": {
      const message = withReason("terminated", closed.reason);
      return { status: "FAILED", failure: { code: "TERMINATED", message } };
    }
  }
}

/** What happened and why; the text always starts with what ("Exact shapes"). An empty reason is none. */
export function withReason(what: string, reason: string): string {
  if (reason === "") return what;
  return reason.startsWith(what) ? reason : `${what}: ${reason}`;
}
