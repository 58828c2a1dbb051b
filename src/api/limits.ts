/** Every limit of the API, with the reason for its value. Sizes are bytes of UTF-8, lengths are UTF-16 units. */

/** Largest request: gRPC's own default for what a server takes, so that no client or proxy needs a setting. */
export const MAX_REQUEST_BYTES = 4 * 1024 * 1024;
/** Largest response: gRPC's own default for what a client takes. */
export const MAX_RESPONSE_BYTES = 4 * 1024 * 1024;

/** Titles and names are one line in a list; 255 is what a file name may have, and what trackers allow. */
export const MAX_TITLE_LENGTH = 255;
/** Temporal's limit for the static details of a run (`limit.userMetadataDetailsSize`), where descriptions are shown. */
export const MAX_DESCRIPTION_LENGTH = 20_000;
/** Linux' PATH_MAX. */
export const MAX_PATH_LENGTH = 4_096;
/** Temporal's limit for the ids and reasons that it stores (`limit.maxIDLength`). */
export const MAX_REASON_LENGTH = 1_000;
/** The longest key that common HTTP APIs with an Idempotency-Key take. */
export const MAX_IDEMPOTENCY_KEY_LENGTH = 255;
/** As a name or a title, of which a display name takes the place. */
export const MAX_DISPLAY_NAME_LENGTH = 255;
/** A line of an error message, as one copies it from a log. */
export const MAX_SEARCH_TEXT_LENGTH = 1_000;
/** Page tokens are made by us, well below this. */
export const MAX_PAGE_TOKEN_LENGTH = 1_000;
/** Records that one call of PruneExecutions deletes where it does not say, and at most: a second, and ten, on SQLite. */
export const DEFAULT_PRUNE_LIMIT = 1_000;
export const MAX_PRUNE_LIMIT = 10_000;
/** A reference is made by a runner from ids and counters. */
export const MAX_REFERENCE_LENGTH = 1_000;
/** Offsets are made by us, well below this. */
export const MAX_OFFSET_LENGTH = 1_000;

/** Half of Temporal's largest payload (`limit.blobSize.error`, 2 MiB): a config travels with its task's other fields. */
export const MAX_CONFIG_BYTES = 1024 * 1024;
/** As a config: an input travels with the definition. */
export const MAX_INPUT_BYTES = 1024 * 1024;
/** A run keeps messages until somebody takes them, a thousand of them, and carries them along when it continues as new. */
export const MAX_MESSAGE_BYTES = 64 * 1024;
/** As a node's id. */
export const MAX_MESSAGE_NAME_LENGTH = 64;
/** Node ids of 64 characters with the numbers of the maps and loops around them. */
export const MAX_INSTANCE_ID_LENGTH = 1_000;
/** Breakpoints of one run, all in 8 KiB of request metadata. */
export const MAX_BREAKPOINTS = 100;
/** Maps that one request changes; nobody means more. */
export const MAX_NODES_UPDATED = 100;
/** Nodes that one redrive names, and outputs that it gives. */
export const MAX_REDRIVE_NODES = 100;
/** As of a message; with the mark of a redrive it is an idempotency key. */
export const MAX_REDRIVE_REQUEST_ID_LENGTH = 200;
/** A comment is read in a list of answers. */
export const MAX_COMMENT_LENGTH = 4_000;
/** Metadata is labels and notes, returned with every task in a list. */
export const MAX_METADATA_BYTES = 64 * 1024;
/** The page size of a list without `limit`, and the largest there is; both from the contract. */
export const DEFAULT_PAGE_SIZE = 100;
export const MAX_PAGE_SIZE = 1_000;

/** The size of a `BlobChunk`, from `executions.proto`. */
export const BLOB_CHUNK_BYTES = 64 * 1024;

/**
 * gRPC libraries take 8 KiB of trailers by default (`grpc.max_metadata_size`). The message travels percent-encoded and
 * once more in the details, which travel as base64: 1.5 + (1.5 + 3) * 4/3 = 7.5 KiB.
 */
export const MAX_STATUS_MESSAGE_BYTES = 1_536;
export const MAX_STATUS_VIOLATIONS_BYTES = 3_072;

/** Calls in flight on one connection; more wait at the client. A browser of streams needs hundreds, no honest one more. */
export const MAX_CONCURRENT_CALLS_PER_CONNECTION = 1_000;
/** Event streams open on one API, so that a client in a loop is refused before memory runs out. Ten full connections. */
export const MAX_OPEN_STREAMS = 10_000;

/** A dead connection is noticed within 50 s, before the 60 s after which most proxies drop an idle one. */
export const KEEPALIVE_TIME_MS = 30_000;
/** gRPC's default for how long a ping may stay unanswered. */
export const KEEPALIVE_TIMEOUT_MS = 20_000;

/** Shutdown must be done within 10 s; calls in flight get this long, the rest is for closing sockets. */
export const SHUTDOWN_GRACE_MS = 8_000;
