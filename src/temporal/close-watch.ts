import type { Client } from "@temporalio/client";
import type { RunReference } from "./runs-port";

/** Temporal answers a long poll after 20 s with nothing; an answer that is this late will not come. */
const POLL_TIMEOUT_MS = 30_000;

/**
 * Tells when a run has closed, by a long poll that asks for nothing else. So a reader of its history may take its time between
 * two reads and still hears of the end at once.
 */
export class CloseWatch {
  readonly #client: Client;
  readonly #run: RunReference;
  #watched: { readonly runId: string; readonly closed: Promise<void> } | undefined;

  constructor(client: Client, run: RunReference) {
    this.#client = client;
    this.#run = run;
  }

  /** Resolves when the run has closed, or when nothing is known of it any more; never rejects. */
  closed(runId: string): Promise<void> {
    if (this.#watched?.runId !== runId) this.#watched = { runId, closed: this.#poll(runId) };
    return this.#watched.closed;
  }

  async #poll(runId: string): Promise<void> {
    const { connection, options, workflowService } = this.#client;
    const request = {
      namespace: options.namespace,
      execution: { workflowId: this.#run.temporalWorkflowId, runId },
      waitNewEvent: true,
      historyEventFilterType: HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT,
    };
    await connection
      .withDeadline(Date.now() + POLL_TIMEOUT_MS, () => workflowService.getWorkflowExecutionHistory(request))
      .catch(() => undefined);
    // It may only have been 20 s: whoever asks again polls again.
    this.#watched = undefined;
  }
}

/** `temporal.api.enums.v1.HistoryEventFilterType`. */
const HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT = 2;
