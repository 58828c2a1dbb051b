/** A run of more nodes would near Temporal's 51,200 history events: a task takes three to six, and its events more. */
export const MAX_NODES = 2_000;
/** Five a node; each is looked at once in a run. */
export const MAX_EDGES = 10_000;
/** The definition travels with its tasks and the input in one payload, of which Temporal takes 2 MiB. */
export const MAX_DEFINITION_BYTES = 1_024 * 1_024;
/** Well inside what recursive parsers and Temporal's payload viewers take; enough for any config written by hand. */
export const MAX_NESTING = 64;
/** More problems than this do not help anyone mend a definition. */
export const MAX_PROBLEMS = 100;
/** For people and for the Temporal Web UI, where a node's name is an activity's summary (at most 200 bytes there). */
export const MAX_NAME_LENGTH = 60;
