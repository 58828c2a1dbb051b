import { invalidArgument } from "../core/errors";
import type { RunOrigin } from "../core/run-origin";
import { MAX_LABELS } from "../definition/limits";
import type { Labels } from "../store/records";

/** What a start may say of its execution, for people and searches; nothing of it changes what runs. */
export interface RunNames {
  /** Absent where there are none. */
  readonly labels?: Labels;
  readonly displayName?: string;
  /** Absent where a client starts it. */
  readonly origin?: RunOrigin;
}

/** The definition's own labels, and over them those of the start. Throws INVALID_ARGUMENT where they are too many. */
export function withOwnLabels(own: Labels | undefined, start: RunNames): RunNames {
  const labels = { ...own, ...start.labels };
  const count = Object.keys(labels).length;
  if (count > MAX_LABELS) {
    const description = `must come to at most ${MAX_LABELS} with those of the definition; there are ${count}`;
    throw invalidArgument([{ field: "labels", description }]);
  }
  return count === 0 ? start : { ...start, labels };
}

/** Out of what a run is started with. */
export function namesOf({ labels, displayName, origin }: RunNames): RunNames {
  return {
    ...(labels === undefined ? {} : { labels }),
    ...(displayName === undefined ? {} : { displayName }),
    ...(origin === undefined ? {} : { origin }),
  };
}
