/** Ids of the frames that are no body. No instance id has a slash, so none can be mistaken for that of a body. */
export const MAIN_FRAME = "/";
export const ON_FAILURE_FRAME = "/on_failure";
export const FINALLY_FRAME = "/finally";

/** Id of the timer that ends a run which takes too long. */
export const RUN_TIMER = "/timeout";

/** Name of the timer that ends a node which takes too long; no behaviour may use it. */
export const TOTAL_TIMER = "total";

/** `suffix` with every number, so that no two bodies of a run have the same id. */
export function bodyFrameId(nodeId: string, suffix: string): string {
  return `${nodeId}${suffix}`;
}

export function timerId(instance: string, name: string): string {
  return `${instance}/${name}`;
}

export function compensationId(instance: string): string {
  return `${instance}/compensate`;
}
