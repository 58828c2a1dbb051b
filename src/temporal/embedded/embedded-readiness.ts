import { Connection } from "@temporalio/client";
import { temporal } from "@temporalio/proto";
import Long from "long";
import { SEARCH_ATTRIBUTES } from "../../workflows/history-contract";

const { INDEXED_VALUE_TYPE_KEYWORD } = temporal.api.enums.v1.IndexedValueType;

/** A start takes a second; a cold disk, a migration of a grown database and a busy machine may add up to this. */
const READY_TIMEOUT_MS = 60_000;

const POLL_INTERVAL_MS = 50;

/**
 * For a connection to a server that is being started: gRPC waits 1 s after the first attempt that is refused, and ever longer after
 * others, so a server that is there after 1.1 s would be noticed a second later.
 */
export const STARTING_CHANNEL = {
  "grpc.initial_reconnect_backoff_ms": POLL_INTERVAL_MS,
  "grpc.max_reconnect_backoff_ms": POLL_INTERVAL_MS,
} as const;

/** Of one call while the server comes up. */
const CALL_TIMEOUT_MS = 2_000;

/**
 * Waits until the server answers for the namespace and knows our search attributes, sets the namespace's retention, and waits for
 * the Web UI, which comes last. Rejects when that takes longer than a minute, or when `signal` aborts (the server ended).
 */
export async function prepareNamespace(options: {
  readonly address: string;
  /** URL of the Web UI. */
  readonly uiUrl: string;
  readonly namespace: string;
  readonly retentionMs: number;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { address } = options;
  const connection = Connection.lazy({ address, connectTimeout: CALL_TIMEOUT_MS, channelArgs: STARTING_CHANNEL });
  const deadlineMs = Date.now() + READY_TIMEOUT_MS;
  try {
    for (;;) {
      try {
        await connection.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => prepare(connection, options));
        await fetch(options.uiUrl, { method: "HEAD", signal: AbortSignal.timeout(CALL_TIMEOUT_MS) });
        return;
      } catch (error) {
        if (options.signal.aborted) throw error;
        if (Date.now() > deadlineMs)
          throw new Error(`Temporal did not answer on ${options.address} within ${READY_TIMEOUT_MS / 1000} s`, {
            cause: error,
          });
        await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
      }
    }
  } finally {
    await connection.close();
  }
}

async function prepare(
  connection: Connection,
  { namespace, retentionMs }: { namespace: string; retentionMs: number },
): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.values(SEARCH_ATTRIBUTES).filter((name) => customAttributes[name] === undefined);
  if (missing.length > 0) {
    // The server registers those of its command line with a new database only: an older data folder lacks what came later.
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]));
    await connection.operatorService.addSearchAttributes({ namespace, searchAttributes });
    throw new Error(`the search attributes ${missing.join(", ")} are not registered yet`);
  }
  const seconds = Math.round(retentionMs / 1000);
  if (Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0) === seconds) return;
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: { seconds: Long.fromNumber(seconds), nanos: 0 } },
  });
}
