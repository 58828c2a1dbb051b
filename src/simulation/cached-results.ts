import type { JsonValue } from "../core/json";
import type { RunTaskCommand } from "../engine/engine-types";
import type { TaskEnd } from "./task-attempts";

interface CachedResult {
  readonly output: JsonValue;
  readonly keptAtMs: number;
}

/** Results of tasks with a `cache`, as far as they come from this very run. */
export class CachedResults {
  readonly #results = new Map<string, CachedResult>();

  /** A result that may be taken in place of running the task; it takes no time. */
  find(command: RunTaskCommand, nowMs: number): TaskEnd | undefined {
    const found = this.#results.get(keyOf(command));
    if (command.cache === undefined || found === undefined) return undefined;
    if (nowMs - found.keptAtMs > command.cache.ttlMs) return undefined;
    return { durationMs: 0, attempts: 1, result: { ok: true, output: found.output } };
  }

  keep(command: RunTaskCommand, output: JsonValue, nowMs: number): void {
    // One that was taken from here does not become younger by it.
    if (command.cache === undefined || this.find(command, nowMs) !== undefined) return;
    this.#results.set(keyOf(command), { output, keptAtMs: nowMs });
  }
}

function keyOf({ taskType, cache }: RunTaskCommand): string {
  return JSON.stringify([taskType, cache?.key]);
}
