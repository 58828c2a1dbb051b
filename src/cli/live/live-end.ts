import type { LiveModel } from "./live-fold";

/** Whether there is still something to steer and to wait for. */
export function isLive({ end }: LiveModel): boolean {
  return end === null;
}
