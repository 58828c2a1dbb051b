import { Agent, request } from "undici";
import { MAX_RETRY_AFTER_MS, retryAfterMs } from "../activities/retry-after";
import { shownUrl } from "../reactions/callback-url";
import { type AddressGuard, AddressRefusedError, addressIn } from "./address-guard";
import { signWebhook } from "./standard-webhooks";

/** Standard Webhooks asks for 15 to 30 s: a receiver that works longer should answer first. */
export const CALLBACK_TIMEOUT_MS = 20_000;

/** Whether a proxy or a receiver answers with more does not matter: nothing is read of it beyond this. */
const MAX_ANSWER_BYTES = 64 * 1024;

export interface Callback {
  readonly url: string;
  readonly secret: string;
  /** `webhook-id`. */
  readonly id: string;
  readonly body: string;
}

export type CallbackOutcome =
  | { readonly type: "delivered"; readonly status: number }
  | {
      readonly type: "failed";
      /** For a person; holds nothing secret. */
      readonly message: string;
      readonly status?: number;
      /** False where no later attempt can do better. */
      readonly isRetryable: boolean;
      /** The receiver asks for this pause. */
      readonly retryAfterMs?: number;
    };

export interface CallbackSender {
  /** One attempt; throws only what `signal` was aborted with. */
  send(callback: Callback, signal: AbortSignal): Promise<CallbackOutcome>;
}

/** Sends callbacks to addresses that `guard` lets through. Redirects are not followed: a receiver says where it is. */
export function createCallbackSender(guard: AddressGuard): CallbackSender {
  const agent = new Agent({
    connect: { lookup: guard.lookup, timeout: CALLBACK_TIMEOUT_MS },
    // A connection is to an address that was checked when it was made; names that move are looked up again soon.
    keepAliveTimeout: 1_000,
    headersTimeout: CALLBACK_TIMEOUT_MS,
    bodyTimeout: CALLBACK_TIMEOUT_MS,
  });
  return {
    send: async (callback, signal) => {
      const label = `POST ${shownUrl(callback.url)}`;
      const literal = addressIn(callback.url);
      try {
        // `net.connect` looks no address up, so it would not ask the guard.
        if (literal !== undefined && !guard.isAllowed(literal)) throw new AddressRefusedError(literal);
        return await post(agent, callback, label, signal);
      } catch (error) {
        signal.throwIfAborted();
        return connectionFailure(error, label);
      }
    },
  };
}

async function post(agent: Agent, callback: Callback, label: string, signal: AbortSignal): Promise<CallbackOutcome> {
  const { url, secret, id, body } = callback;
  const timeout = AbortSignal.timeout(CALLBACK_TIMEOUT_MS);
  const {
    statusCode,
    headers,
    body: answer,
  } = await request(url, {
    method: "POST",
    dispatcher: agent,
    headers: { "content-type": "application/json", "user-agent": "aco", ...signWebhook(secret, id, Date.now(), body) },
    body,
    signal: AbortSignal.any([signal, timeout]),
  });
  // Read to its end where that is near, so that the connection can be used again; its status is all that counts.
  await answer.dump({ limit: MAX_ANSWER_BYTES, signal: timeout }).catch(() => undefined);
  if (statusCode >= 200 && statusCode <= 299) return { type: "delivered", status: statusCode };
  const header = headers["retry-after"];
  const pauseMs = retryAfterMs(typeof header === "string" ? header : null, Date.now());
  const redirected = statusCode >= 300 && statusCode <= 399 ? "; redirects are not followed" : "";
  return {
    type: "failed",
    message: `${label}: answered ${statusCode}${redirected}`,
    status: statusCode,
    // Standard Webhooks: with 410 the receiver says that it wants no more.
    isRetryable: statusCode !== 410,
    ...(pauseMs === undefined ? {} : { retryAfterMs: Math.min(pauseMs, MAX_RETRY_AFTER_MS) }),
  };
}

function connectionFailure(error: unknown, label: string): CallbackOutcome {
  const { code, message, name } = error as { code?: unknown; message?: unknown; name?: unknown };
  if (code === "ADDRESS_REFUSED") return { type: "failed", message: `${label}: ${message}`, isRetryable: false };
  const slow = name === "TimeoutError" || code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_CONNECT_TIMEOUT";
  if (slow) {
    return {
      type: "failed",
      message: `${label}: no answer within ${CALLBACK_TIMEOUT_MS / 1_000} s`,
      isRetryable: true,
    };
  }
  const reason = [message, code].find((text) => typeof text === "string" && text !== "") ?? "no connection";
  return { type: "failed", message: `${label}: ${String(reason)}`, isRetryable: true };
}
