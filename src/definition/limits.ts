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
/** Graphs inside graphs: maps and loops in bodies. More levels are no graph that anybody reads, and each adds to every instance id. */
export const MAX_GRAPH_DEPTH = 8;
/** Enough to search by; all of them travel with every run. */
export const MAX_LABELS = 32;
export const MAX_LABEL_NAME_LENGTH = 64;
export const MAX_LABEL_LENGTH = 256;
/** Items that a map may have at once; Temporal takes 2,000 pending activities of one run, and other nodes run beside it. */
export const MAX_MAP_CONCURRENCY = 1_000;
/** A loop continues as new as it goes, so this is a guard against loops that never end and no limit of Temporal's. */
export const MAX_LOOP_ITERATIONS = 1_000_000;
/** Back edges start a part of the graph anew without a body of their own; longer ones are loops. */
export const MAX_BACK_EDGE = 10_000;
/** Far more cases than a switch that is read by a person has. */
export const MAX_CASES = 100;
export const MAX_APPROVERS = 100;
/** Codes, names of messages and of cases, keys of people: short texts that stand in lists and in Temporal's names. */
export const MAX_WORD_LENGTH = 64;
/** Texts for people: an approval's message, a failure's. Longer ones belong in a form or in a file. */
export const MAX_TEXT_LENGTH = 10_000;
