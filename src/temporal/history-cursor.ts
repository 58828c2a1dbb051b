import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@temporalio/client";
import type { temporal } from "@temporalio/proto";
import { OrchestratorError } from "../core/errors";
import type { Logger } from "../core/logger";
import type { ExecutionEvent } from "../events/event-types";
import { project } from "../events/project";
import { emptyProjection, type ProjectionState } from "../events/projection-state";
import { CloseWatch } from "./close-watch";
import { decodeHistory } from "./decode-history";
import { isNamespaceMissing, isNotFound, isUnreachable } from "./grpc-errors";
import { oldestRun } from "./oldest-run";
import type { RunReference } from "./runs-port";

/** Events of one page; Temporal's own maximum (`frontend.historyMaxPageSize`). */
const PAGE_SIZE = 256;

/** Temporal answers a long poll after 20 s with nothing; an answer that is this late will not come. */
const POLL_TIMEOUT_MS = 30_000;

/** How long a reader waits for a Temporal that is away: longer than the embedded server takes to be started again. */
export const UNREACHABLE_LIMIT_MS = 60_000;

/**
 * At least this long between the answer to one long poll and the next. A poll costs Temporal and us about 3 ms of processor
 * time together and every step of a run would answer two; so what happens within these milliseconds comes as one page. A
 * poll that is open answers at once, so an event that comes by itself is not delayed.
 */
const PAUSE_MS = 8;

/**
 * The same where events have come without a break for so many polls: more than a run of one task takes. A screen shows no more
 * of it, and the end is not delayed, by the `CloseWatch`. Ten tasks in a row, beside plain Temporal: 1.41x without, 1.29x with it.
 */
const BUSY_PAUSE_MS = 64;
const BUSY_POLLS = 3;

/** A poll that stays open this long ends a row of events that come without a break. */
const QUIET_MS = 100;

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 2_000;

export interface CursorOptions {
  readonly client: Client;
  readonly logger: Logger;
  readonly run: RunReference;
}

/**
 * Reads one execution's history from its start, across continue-as-new, and folds it into events as it goes. Of a chain whose
 * first runs Temporal no longer keeps it reads what is left.
 */
export class HistoryCursor {
  readonly #options: CursorOptions;
  #state: ProjectionState;
  #token: Uint8Array | undefined;
  /** Temporal no longer keeps the chain's first run. */
  #isCutOff = false;
  readonly #closeWatch: CloseWatch;
  /** Polls that were answered one soon after the other. */
  #busyPolls = 0;
  /** On the clock of `performance.now()`. */
  #nextPollAt = 0;

  constructor(options: CursorOptions) {
    this.#options = options;
    this.#state = emptyProjection(options.run.temporalRunId);
    this.#closeWatch = new CloseWatch(options.client, options.run);
  }

  /** True once the last event was given out. */
  get ended(): boolean {
    return this.#state.ended;
  }

  /**
   * The events of the next page, maybe none. At the end of a run that goes on it waits, about 20 s at most, for more.
   * Throws NOT_FOUND when the history is gone and UNAVAILABLE when Temporal stays away; reading may be tried again then.
   */
  async next(stop: AbortSignal): Promise<readonly ExecutionEvent[]> {
    await this.#pause();
    const askedAt = performance.now();
    const page = await this.#page(stop);
    this.#busyPolls = performance.now() - askedAt < QUIET_MS ? this.#busyPolls + 1 : 0;
    const events: ExecutionEvent[] = [];
    const items = decodeHistory(page.history?.events ?? []);
    let state = this.#state;
    for (const item of items) {
      const projected = project(state, item);
      state = projected.state;
      events.push(...projected.events);
    }
    // A run that does not say which of its chain it is has no place in the stream.
    if (this.#isCutOff && state.run === 0) throw goneError(this.#options.run);
    const wentOn = state.runId !== this.#state.runId;
    // A full page is one of many that have happened already, and so is the start of the next run in the chain.
    const { length } = page.history?.events ?? [];
    this.#nextPollAt = length < PAGE_SIZE && !wentOn ? performance.now() + this.#pauseMs() : 0;
    this.#token = wentOn || page.nextPageToken.length === 0 ? undefined : page.nextPageToken;
    if (!wentOn && !state.ended && this.#token === undefined) throw goneError(this.#options.run);
    this.#state = state;
    return events;
  }

  async #page(stop: AbortSignal) {
    let failingSince: number | undefined;
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(MAX_RETRY_MS, waitMs * 2)) {
      try {
        return await this.#request();
      } catch (error) {
        if (isNotFound(error)) {
          if (await this.#skipDropped()) continue;
          throw goneError(this.#options.run, error);
        }
        if (!isUnreachable(error) && !isNamespaceMissing(error)) throw error;
        failingSince ??= Date.now();
        if (stop.aborted || Date.now() - failingSince > UNREACHABLE_LIMIT_MS)
          throw new OrchestratorError("UNAVAILABLE", "Temporal cannot be reached", { cause: error });
        const { executionId } = this.#options.run;
        this.#options.logger.debug({ executionId, error }, "Temporal is away; the stream waits for it.");
      }
      await sleep(waitMs);
    }
  }

  #pauseMs(): number {
    return this.#busyPolls <= BUSY_POLLS ? PAUSE_MS : BUSY_PAUSE_MS;
  }

  async #pause(): Promise<void> {
    const pauseMs = this.#nextPollAt - performance.now();
    if (pauseMs <= 0) return;
    if (this.#pauseMs() === PAUSE_MS) return await sleep(pauseMs);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      void this.#closeWatch.closed(this.#state.runId).then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** False where nothing was dropped that could be skipped. */
  async #skipDropped(): Promise<boolean> {
    const { client, run } = this.#options;
    if (this.#state.runId !== run.temporalRunId || this.#token !== undefined) return false;
    const oldest = await oldestRun(client, run);
    if (oldest === null || oldest === this.#state.runId) return false;
    this.#state = { ...this.#state, runId: oldest };
    this.#isCutOff = true;
    return true;
  }

  async #request(): Promise<temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse> {
    const { client, run } = this.#options;
    return await client.connection.withDeadline(Date.now() + POLL_TIMEOUT_MS, () =>
      client.workflowService.getWorkflowExecutionHistory({
        namespace: client.options.namespace,
        execution: { workflowId: run.temporalWorkflowId, runId: this.#state.runId },
        maximumPageSize: PAGE_SIZE,
        waitNewEvent: true,
        ...(this.#token === undefined ? {} : { nextPageToken: this.#token }),
      }),
    );
  }
}

function goneError({ executionId }: RunReference, cause?: unknown): OrchestratorError {
  const message = `Temporal no longer keeps the history of execution ${executionId}`;
  return new OrchestratorError("NOT_FOUND", message, cause === undefined ? {} : { cause });
}
