import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "@temporalio/client";
import type { temporal } from "@temporalio/proto";
import type { EndNotices } from "../core/end-notices";
import { OrchestratorError } from "../core/errors";
import type { Logger } from "../core/logger";
import type { ExecutionEvent } from "../events/event-types";
import type { HistoryItem } from "../events/history-item";
import { project } from "../events/project";
import { emptyProjection, type ProjectionState } from "../events/projection-state";
import { isRunClosed } from "../events/run-closed";
import { CloseWatch } from "./close-watch";
import { decodeHistory } from "./decode-history";
import { isNamespaceMissing, isNotFound, isUnreachable } from "./grpc-errors";
import { oldestRun } from "./oldest-run";
import { resetOf } from "./reset-run";
import type { RunReference } from "./runs-port";

/** Events of one page; Temporal's own maximum (`frontend.historyMaxPageSize`). */
const PAGE_SIZE = 256;

/** Temporal answers a long poll after 20 s with nothing; an answer that is this late will not come. */
const POLL_TIMEOUT_MS = 30_000;

/** How long a reader waits for a Temporal that is away: longer than the embedded server takes to be started again. */
export const UNREACHABLE_LIMIT_MS = 60_000;

/** The same where somebody waits for a first answer or a snapshot; the client itself has tried for some seconds then. */
const FIRST_UNREACHABLE_LIMIT_MS = 5_000;

/**
 * At least this long between the answer to one long poll and the next. A poll costs Temporal and us about 3 ms of processor
 * time together and every step of a run would answer two; so what happens within these milliseconds comes as one page. A
 * poll that is open answers at once, so an event that comes by itself is not delayed.
 */
const PAUSE_MS = 8;

/**
 * The same where events have come without a break for so many polls: more than a run of one task takes. A screen shows no more
 * of it, and the end is not delayed, by the `CloseWatch`. Ten tasks in a row, beside plain Temporal: 1.41x without, 1.29x with it.
 * Where `EndNotices` tell of the end, which costs nothing, the first poll is enough.
 */
const BUSY_PAUSE_MS = 64;
const BUSY_POLLS = 3;

/** A poll that stays open this long ends a row of events that come without a break. */
const QUIET_MS = 100;

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 2_000;

/**
 * An end that is younger was heard of as it happened. Older ones are read from history, and cost a question (3 ms) whether the run
 * was reset since.
 */
const NEWS_MS = 250;

/** How often the chain is read anew because one of its earlier runs was reset; each time it was, so this ends by itself. */
const MAX_RESTARTS = 100;

type GoesOn =
  | { readonly runId: string; readonly isReset: false }
  /** The run has, up to some event, the same history as the one whose end was read; `state` is as before its first event. */
  | { readonly runId: string; readonly isReset: true; readonly state: ProjectionState };

export interface CursorOptions {
  readonly client: Client;
  readonly logger: Logger;
  readonly run: RunReference;
  /** Of the worker in this process, where there is one. */
  readonly ends?: EndNotices;
  /** Reads what there is now and waits for nothing. */
  readonly isSnapshot?: boolean;
}

/**
 * Reads one execution's history from its start, across continue-as-new and resets, and folds it into events as it goes. Of a
 * chain whose first runs Temporal no longer keeps it reads what is left.
 */
export class HistoryCursor {
  readonly #options: CursorOptions;
  #state: ProjectionState;
  /** The run that is read. Its history may name another as its own: that of a reset is a copy. */
  #runId: string;
  /** As `#state` was before the first event of that run. */
  #runStart: ProjectionState;
  #token: Uint8Array | undefined;
  /** Offset of the last event that was given out. */
  #last = "";
  #restarts = 0;
  #isAtPresent = false;
  #wasAnswered = false;
  /** Temporal no longer keeps the chain's first run. */
  #isCutOff = false;
  readonly #closeWatch: CloseWatch;
  /** Polls that were answered one soon after the other. */
  #busyPolls = 0;
  /** On the clock of `performance.now()`. */
  #nextPollAt = 0;

  constructor(options: CursorOptions) {
    this.#options = options;
    this.#runId = options.run.temporalRunId;
    this.#runStart = emptyProjection(this.#runId);
    this.#state = this.#runStart;
    this.#closeWatch = new CloseWatch(options.client, options.run);
  }

  /** True once the last event was given out. */
  get ended(): boolean {
    return this.#state.ended;
  }

  /** True once a snapshot has all that there was. */
  get isAtPresent(): boolean {
    return this.#isAtPresent;
  }

  /**
   * The events of the next page, maybe none. At the end of a run that goes on it waits, about 20 s at most, for more.
   * Throws NOT_FOUND when the history is gone and UNAVAILABLE when Temporal stays away; reading may be tried again then.
   */
  async next(stop: AbortSignal): Promise<readonly ExecutionEvent[]> {
    await this.#pause();
    const askedAt = performance.now();
    const page = await this.#page(stop);
    this.#wasAnswered = true;
    this.#busyPolls = performance.now() - askedAt < QUIET_MS ? this.#busyPolls + 1 : 0;
    const items = decodeHistory(page.history?.events ?? []);
    const next = await this.#whereItGoesOn(items.at(-1));
    // How a run ended that was reset is not how the execution did.
    const events = this.#project(next?.isReset === true ? items.slice(0, -1) : items);
    if (next !== undefined) {
      this.#runId = next.runId;
      this.#state = next.isReset ? next.state : this.#state;
      this.#runStart = this.#state;
    }
    // A full page is one of many that have happened already, and so is the start of the next run in the chain.
    const { length } = page.history?.events ?? [];
    this.#nextPollAt = length < PAGE_SIZE && next === undefined ? performance.now() + this.#pauseMs() : 0;
    this.#token = next !== undefined || page.nextPageToken.length === 0 ? undefined : page.nextPageToken;
    if (next === undefined && !this.#state.ended && this.#token === undefined) {
      if (this.#options.isSnapshot !== true) throw goneError(this.#options.run);
      this.#isAtPresent = true;
    }
    return events;
  }

  #project(items: readonly HistoryItem[]): readonly ExecutionEvent[] {
    const events: ExecutionEvent[] = [];
    let state = this.#state;
    for (const item of items) {
      if (item.type === "run_started" && !item.continued) this.#isCutOff = false;
      const projected = project(state, item);
      state = projected.state;
      // Of a history that is a copy of one that was read, what it repeats has the same offsets.
      events.push(...projected.events.filter(({ offset }) => offset > this.#last));
    }
    // A run that does not say which of its chain it is has no place in the stream.
    if (this.#isCutOff && state.run === 0) throw goneError(this.#options.run);
    this.#state = state;
    this.#last = events.at(-1)?.offset ?? this.#last;
    return events;
  }

  /** Undefined where the run goes on, or the execution ends with it. */
  async #whereItGoesOn(last: HistoryItem | undefined): Promise<GoesOn | undefined> {
    if (last === undefined || (last.type !== "continued_as_new" && !isRunClosed(last))) return undefined;
    // Whoever follows a run hears of its end at once: nobody has reset it in between, except by terminating it.
    const isNews = last.type !== "run_terminated" && Date.now() - last.timeMs < NEWS_MS && this.#restarts === 0;
    if (!isNews) {
      const { client, run } = this.#options;
      const reset = await this.#untilAnswered(() => resetOf(client, run, { runId: this.#runId, last }));
      if (reset !== undefined && reset !== "from the start")
        return { runId: reset, isReset: true, state: this.#runStart };
      if (reset !== undefined && this.#restarts < MAX_RESTARTS) {
        this.#restarts += 1;
        return { runId: run.temporalRunId, isReset: true, state: emptyProjection(run.temporalRunId) };
      }
    }
    return last.type === "continued_as_new" ? { runId: last.newRunId, isReset: false } : undefined;
  }

  async #page(stop: AbortSignal) {
    return this.#untilAnswered(async () => {
      for (;;) {
        try {
          return await this.#request();
        } catch (error) {
          if (!isNotFound(error)) throw error;
          if (!(await this.#skipDropped())) throw goneError(this.#options.run, error);
        }
      }
    }, stop);
  }

  /** Asks again while Temporal is away, for a minute; only some seconds for a snapshot, and where nothing was read yet. */
  async #untilAnswered<T>(ask: () => Promise<T>, stop?: AbortSignal): Promise<T> {
    const isAwaited = this.#options.isSnapshot === true || !this.#wasAnswered;
    const limitMs = isAwaited ? FIRST_UNREACHABLE_LIMIT_MS : UNREACHABLE_LIMIT_MS;
    let failingSince = isAwaited ? Date.now() : undefined;
    for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(MAX_RETRY_MS, waitMs * 2)) {
      try {
        return await ask();
      } catch (error) {
        if (!isUnreachable(error) && !isNamespaceMissing(error)) throw error;
        failingSince ??= Date.now();
        if (stop?.aborted === true || Date.now() - failingSince > limitMs)
          throw new OrchestratorError("UNAVAILABLE", "Temporal cannot be reached", { cause: error });
        const { executionId } = this.#options.run;
        this.#options.logger.debug({ executionId, error }, "Temporal is away; the stream waits for it.");
      }
      await sleep(waitMs);
    }
  }

  #pauseMs(): number {
    return this.#busyPolls <= (this.#options.ends === undefined ? BUSY_POLLS : 0) ? PAUSE_MS : BUSY_PAUSE_MS;
  }

  async #pause(): Promise<void> {
    const pauseMs = this.#nextPollAt - performance.now();
    if (pauseMs <= 0) return;
    const { ends, run } = this.#options;
    if (ends !== undefined) return void (await ends.within(pauseMs, run.executionId));
    if (this.#pauseMs() === PAUSE_MS) return await sleep(pauseMs);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pauseMs);
      void this.#closeWatch.closed(this.#runId).then(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** False where nothing was dropped that could be skipped. */
  async #skipDropped(): Promise<boolean> {
    const { client, run } = this.#options;
    if (this.#runId !== run.temporalRunId || this.#token !== undefined) return false;
    const oldest = await oldestRun(client, run);
    if (oldest === null || oldest === this.#runId) return false;
    this.#runId = oldest;
    this.#state = { ...this.#state, runId: oldest };
    this.#runStart = this.#state;
    this.#isCutOff = true;
    return true;
  }

  async #request(): Promise<temporal.api.workflowservice.v1.GetWorkflowExecutionHistoryResponse> {
    const { client, run } = this.#options;
    return await client.connection.withDeadline(Date.now() + POLL_TIMEOUT_MS, () =>
      client.workflowService.getWorkflowExecutionHistory({
        namespace: client.options.namespace,
        execution: { workflowId: run.temporalWorkflowId, runId: this.#runId },
        maximumPageSize: PAGE_SIZE,
        waitNewEvent: this.#options.isSnapshot !== true,
        ...(this.#token === undefined ? {} : { nextPageToken: this.#token }),
      }),
    );
  }
}

function goneError({ executionId }: RunReference, cause?: unknown): OrchestratorError {
  const message = `Temporal no longer keeps the history of execution ${executionId}`;
  return new OrchestratorError("NOT_FOUND", message, cause === undefined ? {} : { cause });
}
