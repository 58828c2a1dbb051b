import type { ExecutionEvent } from "./event-types";
import type { HistoryItem } from "./history-item";
import { project } from "./project";
import { emptyProjection } from "./projection-state";

/** One run of an execution, whole or as far as it has come. */
export interface RunHistory {
  /** It goes on in place of the run before it, of whose history its own is a copy up to the reset. */
  readonly isReset: boolean;
  readonly items: readonly HistoryItem[];
}

/** The stream of an execution whose runs are all there: what `HistoryCursor` gives of the same histories, page by page. */
export function projectHistory(firstRunId: string, runs: readonly RunHistory[]): readonly ExecutionEvent[] {
  const events: ExecutionEvent[] = [];
  let state = emptyProjection(firstRunId);
  let runStart = state;
  for (const [index, run] of runs.entries()) {
    if (run.isReset) state = runStart;
    runStart = state;
    // How a run ended that was reset is not how the execution did.
    const items = runs[index + 1]?.isReset === true ? run.items.slice(0, -1) : run.items;
    for (const item of items) {
      const projected = project(state, item);
      state = projected.state;
      const last = events.at(-1)?.offset ?? "";
      events.push(...projected.events.filter(({ offset }) => offset > last));
    }
  }
  return events;
}
