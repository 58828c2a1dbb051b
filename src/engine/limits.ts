/**
 * Temporal's default limit on one payload (`limit.blobSize.error`) is 2 MiB; what is larger fails the workflow task.
 * 64 KiB are left for what stands around the output in its payload.
 */
export const MAX_OUTPUT_BYTES = 2 * 1_024 * 1_024 - 64 * 1_024;

/** A rendered config travels to its activity in one payload, under the same limit. */
export const MAX_CONFIG_BYTES = MAX_OUTPUT_BYTES;
