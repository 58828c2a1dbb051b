import { batch, signal } from "@preact/signals";
import type { JsonValue } from "../../src/core/json";
import { jsonBytes } from "../../src/core/json-size";
import type { ExecutionEvent } from "../../src/events/event-types";
import { EventFold, type FoldedEvents, type KeptValue } from "../../src/events/fold-events";
import { type Execution, ExecutionStatus } from "../../src/gen/connect/executions_pb";
import { CALL, errorText, executions } from "../api/clients";
import { type FollowState, follow } from "./follow";
import { NodeLogs } from "./node-log";

/** A page is drawn anew at most this often, however many events come. */
const SHOW_EVERY_MS = 120;
/** The record, for what the stream does not tell: labels, whether it is paused, a reset after the end. */
const RECORD_EVERY_MS = 4_000;
/** Values beyond are fetched when somebody looks at them. */
const KEPT_BYTES = 8 * 1024;

const NOTHING: FoldedEvents = { instances: [], startedAtMs: null, last: null, end: null };

/** One execution as its stream and its record tell it, kept up to date until it is closed. */
export class ExecutionFeed {
  readonly record = signal<Execution | null>(null);
  readonly recordError = signal<string | null>(null);
  readonly folded = signal<FoldedEvents>(NOTHING);
  readonly state = signal<FollowState>({ kind: "connecting" });
  /** Goes up when something was said. */
  readonly spoken = signal(0);
  readonly logs = new NodeLogs();
  readonly #fold = new EventFold(keep);
  readonly #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #offset = "";
  #isFollowing = false;

  constructor(readonly id: string) {
    void this.#follow();
    void this.#readRecords();
  }

  close(): void {
    this.#stop.abort();
    clearTimeout(this.#timer);
  }

  /** Reads the record now, after something was done to the execution. */
  async refresh(): Promise<void> {
    try {
      const record = await executions.getExecution({ id: this.id }, { ...CALL, signal: this.#stop.signal });
      batch(() => {
        this.record.value = record;
        this.recordError.value = null;
      });
      // It was reset in Temporal after its stream had ended: the stream goes on.
      if (record.status === ExecutionStatus.RUNNING && !this.#isFollowing && this.state.value.kind === "ended")
        void this.#follow();
    } catch (error) {
      if (!this.#stop.signal.aborted) this.recordError.value = errorText(error);
    }
  }

  async #follow(): Promise<void> {
    this.#isFollowing = true;
    const follower = {
      onEvent: (event: ExecutionEvent) => this.#take(event),
      onState: (state: FollowState) => {
        if (state.kind !== this.state.value.kind || state.kind === "reconnecting") this.state.value = state;
      },
    };
    this.#offset = await follow(this.id, this.#offset, follower, this.#stop.signal);
    this.#isFollowing = false;
    this.#show();
    await this.refresh();
  }

  async #readRecords(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      if (!document.hidden) await this.refresh();
      await new Promise((resolve) => setTimeout(resolve, RECORD_EVERY_MS));
    }
  }

  #take(event: ExecutionEvent): void {
    this.#fold.add(event);
    this.logs.add(event);
    this.#timer ??= setTimeout(() => this.#show(), SHOW_EVERY_MS);
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    batch(() => {
      this.folded.value = this.#fold.folded();
      this.spoken.value += 1;
    });
  }
}

function keep(json: JsonValue): KeptValue {
  const bytes = jsonBytes(json);
  return bytes > KEPT_BYTES ? { bytes } : { bytes, json };
}
