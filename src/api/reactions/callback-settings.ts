import { type AddressGuard, addressIn, createAddressGuard } from "../../delivering/address-guard";
import { secretProblem } from "../../delivering/standard-webhooks";
import { urlProblem } from "../../reactions/callback-url";
import type { RequestCheck } from "../requests/request-check";

/** How this server takes callbacks. */
export interface CallbackSettings {
  readonly guard: Pick<AddressGuard, "isAllowed">;
  /** Signs what brings no secret; empty where there is none. */
  readonly secret: string;
}

/** No private addresses, and no secret. */
export const STRICT_CALLBACKS: CallbackSettings = { guard: createAddressGuard([]), secret: "" };

/**
 * Notes what is wrong with a callback's URL. An address that stands in it is looked at here; what a name leads to, only when the
 * callback is sent.
 */
export function checkCallbackUrl(check: RequestCheck, field: string, url: string, { guard }: CallbackSettings): string {
  const problem = urlProblem(url);
  if (problem !== undefined) {
    check.add(field, problem);
    return url;
  }
  const address = addressIn(url);
  if (address !== undefined && !guard.isAllowed(address)) {
    check.add(
      field,
      `must not lead to ${address}, which is private, loopback, link-local or otherwise special; ` +
        "--callback-allow (ACO_CALLBACK_ALLOW) of the API and of the workers allows networks",
    );
  }
  return new URL(url).href;
}

export function checkSecret(check: RequestCheck, field: string, secret: string): string {
  const problem = secretProblem(secret);
  if (problem !== undefined) check.add(field, problem);
  return secret;
}
