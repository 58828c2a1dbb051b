import { randomUUID } from "node:crypto";
import type { Client } from "@temporalio/client";
import { isNotFound } from "../temporal/grpc-errors";
import { ACTIVITY_EVENTS_SIGNAL, type RunnerEventBatch } from "../workflows/history-contract";

/** A healthy server answers in milliseconds; a call that hangs is given up and made again. */
const CALL_TIMEOUT_MS = 5_000;

/** Backoff between tries: doubles from the first to the last. */
const FIRST_BACKOFF_MS = 100;
const LAST_BACKOFF_MS = 5_000;

/** gRPC statuses after which the same signal cannot succeed: INVALID_ARGUMENT (too many signals in the run), PERMISSION_DENIED, UNIMPLEMENTED, UNAUTHENTICATED. */
const REFUSED = new Set([3, 7, 12, 16]);
/** The run that an activity belongs to. */
export interface SignalTarget {
  readonly workflowId: string;
  /**
   * An activity belongs to one run and ends with it: a run cannot continue as new or be reset beneath its activities. Naming
   * the run keeps the words of an activity that outlived it out of the next run of the same workflow id.
   */
  readonly runId: string;
}

/** How sending a batch went; `error` is the last one there was. */
export interface SendResult {
  readonly status: "sent" | "closed" | "refused" | "gave_up";
  readonly error?: unknown;
}

/** Sends one batch and says how that went; tries until `signal` aborts. */
export type SendSignal = (batch: RunnerEventBatch, signal: AbortSignal) => Promise<SendResult>;

/**
 * Sends by `workflowService` and not by a workflow handle, because a handle makes a new request id for every call: with one
 * id for all tries of a batch, Temporal drops the copies of a try whose answer got lost.
 */
export function createSignalSender(client: Client, target: SignalTarget): SendSignal {
  return async (batch, signal) => {
    const request = {
      namespace: client.options.namespace,
      identity: client.options.identity,
      workflowExecution: target,
      requestId: randomUUID(),
      signalName: ACTIVITY_EVENTS_SIGNAL,
      input: { payloads: await encode(client, batch) },
    };
    for (let backoffMs = FIRST_BACKOFF_MS; ; backoffMs = Math.min(LAST_BACKOFF_MS, backoffMs * 2)) {
      try {
        await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () =>
          client.workflowService.signalWorkflowExecution(request),
        );
        return { status: "sent" };
      } catch (error) {
        if (isNotFound(error)) return { status: "closed" };
        const code = (error as { code?: unknown }).code;
        if (typeof code === "number" && REFUSED.has(code)) return { status: "refused", error };
        if (signal.aborted) return { status: "gave_up", error };
        await pause(backoffMs, signal);
        if (signal.aborted) return { status: "gave_up", error };
      }
    }
  };
}

type Payloads = NonNullable<
  NonNullable<Parameters<Client["workflowService"]["signalWorkflowExecution"]>[0]["input"]>["payloads"]
>;

/** As a workflow handle would: the client's converter, then its codecs, last one first. */
async function encode(client: Client, batch: RunnerEventBatch): Promise<Payloads> {
  const { payloadConverter, payloadCodecs } = client.options.loadedDataConverter;
  let payloads: Payloads = [payloadConverter.toPayload(batch)];
  for (const codec of [...payloadCodecs].reverse()) payloads = await codec.encode(payloads);
  return payloads;
}

/** Waits, but not beyond an abort. */
export function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, durationMs);
    signal.addEventListener("abort", done, { once: true });
    if (signal.aborted) done();
  });
}
