import type { JsonObject, JsonValue } from "../core/json";
import { jsonBytes } from "../core/json-size";
import { BYTES_PER_EVENT } from "../definition/worst-case/costs";
import type { JournalEntry, RunOutcome } from "../engine/engine-types";
import type { ExecutionEvent } from "../events/event-types";
import type { HistoryFact } from "../events/history-item";
import { journalParts } from "../events/journal-parts";
import { project } from "../events/project";
import { emptyProjection, type ProjectionState } from "../events/projection-state";

/**
 * The history that Temporal would write, as far as it can be told: numbered as there, and turned into the stream's events by
 * the real projection. A run that would continue as new is one long history here.
 */
export class VirtualHistory {
  readonly events: ExecutionEvent[] = [];
  #eventCount = 0;
  #payloadBytes = 0;
  #projection: ProjectionState;

  constructor(runId: string) {
    this.#projection = emptyProjection(runId);
  }

  get eventCount(): number {
    return this.#eventCount;
  }

  /** Near enough: what stands around payloads is taken from recorded histories. */
  get sizeBytes(): number {
    return this.#eventCount * BYTES_PER_EVENT + this.#payloadBytes;
  }

  /** One event that means something to the stream, and the bytes of its payload. The value is its id. */
  add(timeMs: number, fact: HistoryFact, payload?: JsonValue): number {
    this.skip(1, payload);
    const { state, events } = project(this.#projection, { eventId: this.#eventCount, timeMs, ...fact });
    this.#projection = state;
    this.events.push(...events);
    return this.#eventCount;
  }

  /** Events that mean nothing to the stream: timers, messages, children. */
  skip(count: number, payload?: JsonValue): void {
    this.#eventCount += count;
    if (payload !== undefined) this.#payloadBytes += jsonBytes(payload);
  }

  addBytes(sizeBytes: number): void {
    this.#payloadBytes += sizeBytes;
  }

  /** A workflow task and what it wrote to the journal. */
  workflowTask(timeMs: number, journal: readonly JournalEntry[]): void {
    this.skip(2);
    this.add(timeMs, { type: "workflow_task_completed" });
    for (const { entries } of journalParts(journal)) {
      const written = entries as unknown as JsonValue;
      this.add(timeMs, { type: "journal_written", journal: written }, written);
    }
  }

  /** The run's last event. */
  close(timeMs: number, outcome: RunOutcome): void {
    switch (outcome.status) {
      case "completed":
        this.add(timeMs, { type: "run_completed", output: outcome.output }, outcome.output);
        break;
      case "failed": {
        const { status: _, ...failed } = outcome;
        this.add(timeMs, { type: "run_failed", ...failed }, failed as unknown as JsonObject);
        break;
      }
      case "cancelled":
        this.add(timeMs, { type: "run_cancelled" });
        break;
    }
  }
}
