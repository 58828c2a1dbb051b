import type { CallbackSettings } from "../api/reactions/callback-settings";
import type { ServerConfig } from "../config";
import { createAddressGuard } from "../delivering/address-guard";

export function callbackSettings({ callbackAllow, callbackSecret }: ServerConfig): CallbackSettings {
  return { guard: createAddressGuard(callbackAllow), secret: callbackSecret };
}
