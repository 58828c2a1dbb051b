/** What the activity of a compensation ends in. */
export const COMPENSATE = "/compensate";

/** The node id of an instance id: without `[3]` and `#2`. That of a compensation keeps its end. */
export function baseId(instanceId: string): string {
  const end = instanceId.endsWith(COMPENSATE) ? COMPENSATE : "";
  return `${/^[A-Za-z0-9_-]*/.exec(instanceId)?.[0] ?? ""}${end}`;
}
