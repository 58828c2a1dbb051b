/** What a run may be started with. */

/** Workflows that run workflows: each level waits for the one below, and a person has to follow them. */
export const MAX_CALL_DEPTH = 8;
/** Their definitions travel with the run that may start them, in its one payload. */
export const MAX_CALLED_WORKFLOWS = 100;
/** What a run is started with must fit into one Temporal payload of 2 MiB, with room for the envelope. */
export const MAX_RUN_INPUT_BYTES = 2 * 1024 * 1024 - 64 * 1024;
