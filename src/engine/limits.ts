/**
 * Temporal's default limit on one payload (`limit.blobSize.error`) is 2 MiB; what is larger fails the workflow task.
 * 64 KiB are left for what stands around the output in its payload.
 */
export const MAX_OUTPUT_BYTES = 2 * 1_024 * 1_024 - 64 * 1_024;

/** A rendered config travels to its activity in one payload, under the same limit. */
export const MAX_CONFIG_BYTES = MAX_OUTPUT_BYTES;

/** Activities of one run at once; Temporal's default limit on what is pending in a run is 2,000 of each kind. */
export const MAX_RUNNING_TASKS = 1_000;

/** Bodies of all maps and loops open at once, but for the first of each: as many as the widest map may ask for, twice. */
export const MAX_OPEN_BODIES = 2_000;

/** Nodes that one step enters. Each costs about 20 µs, or more where expressions are long; a workflow task has a second. */
export const MAX_ENTERED_PER_STEP = 500;

/** Things that one step does, the ends of graphs included: a loop whose body is empty enters nothing. */
export const MAX_WORK_PER_STEP = 10 * MAX_ENTERED_PER_STEP;

/** Messages that wait to be taken. Far more than waiting nodes can answer, and they are carried on in continue-as-new. */
export const MAX_MESSAGES = 1_000;
export const MAX_MESSAGE_BYTES = 64 * 1_024;

/** Nodes whose end is decided before they are entered; each may hold an output, and they are carried on too. */
export const MAX_PLANNED = 1_000;

/** Tasks that a run remembers how to undo. */
export const MAX_COMPENSATIONS = 10_000;

/** In UTF-16 units. */
export const MAX_CACHE_KEY_LENGTH = 1_024;

/** Bodies' nodes that a view lists. */
export const MAX_VIEWED_INSTANCES = 300;
