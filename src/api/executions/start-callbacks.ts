import type { Metadata } from "@grpc/grpc-js";
import { v5 as uuidv5 } from "uuid";
import type { ExecutionId } from "../../core/ids";
import { shownUrl } from "../../reactions/callback-url";
import type { NewReaction } from "../../store/reaction-records";
import { FINAL_STATUSES } from "../../store/records";
import type { ApiContext } from "../api-context";
import { type CallbackSettings, checkCallbackUrl, checkSecret } from "../reactions/callback-settings";
import { RequestCheck } from "../requests/request-check";

/**
 * Request metadata of ExecuteTask and ExecuteWorkflow, whose messages are the fixed contract: a URL, which may come several
 * times (or several with a comma and a space between them), and the one secret that signs what is sent there.
 */
export const CALLBACK = "aco-callback";
export const CALLBACK_SECRET = "aco-callback-secret";

/** A few receivers; what is for many belongs behind one of them. */
const MAX_CALLBACKS = 5;

/** Any UUID of ours: the same URL for the same execution gives the same id, so that a request that is repeated adds nothing. */
const NAMESPACE = "7b0c7c0e-55c2-4d4b-9e0a-3f6f1f0f6d2a";

export interface StartCallback {
  readonly url: string;
  readonly secret: string;
}

/** Throws INVALID_ARGUMENT with everything that is wrong. */
export function decodeCallbacks(metadata: Metadata, settings: CallbackSettings): readonly StartCallback[] {
  const check = new RequestCheck();
  // HTTP/2 hands on values of one name as one, with a comma and a space between them; a URL has no space.
  const texts = [...new Set(metadata.get(CALLBACK).flatMap((value) => String(value).split(/,\s+/)))];
  const [given, ...more] = metadata.get(CALLBACK_SECRET).map(String);
  if (texts.length > MAX_CALLBACKS)
    check.add(CALLBACK, `must be at most ${MAX_CALLBACKS} URLs; there are ${texts.length}`);
  if (more.length > 0) check.add(CALLBACK_SECRET, "must come once");
  if (given !== undefined && texts.length === 0) check.add(CALLBACK_SECRET, `is of no use without ${CALLBACK}`);
  const secret = given === undefined ? settings.secret : checkSecret(check, CALLBACK_SECRET, given);
  if (texts.length > 0 && secret === "") {
    check.add(
      CALLBACK_SECRET,
      "is required, since callbacks are signed: whsec_ and base64 of 24 to 64 bytes. ACO_CALLBACK_SECRET of the server is for all",
    );
  }
  const callbacks = texts.map((text) => ({ url: checkCallbackUrl(check, CALLBACK, text, settings), secret }));
  check.finish();
  return callbacks;
}

/** Keeps the callbacks before the run is started, so that no end can come before them. */
export async function addCallbacks(
  { store }: Pick<ApiContext, "store">,
  executionId: ExecutionId,
  callbacks: readonly StartCallback[],
): Promise<void> {
  if (callbacks.length === 0) return;
  const reactions = callbacks.map(
    ({ url, secret }): NewReaction => ({
      id: uuidv5(`${executionId} ${url}`, NAMESPACE),
      scope: "execution",
      scopeId: executionId,
      kind: "callback",
      enabled: true,
      statuses: FINAL_STATUSES,
      target: shownUrl(url),
      condition: null,
      url,
      secret,
      input: null,
    }),
  );
  await store.addExecutionReactions(executionId, reactions);
}
