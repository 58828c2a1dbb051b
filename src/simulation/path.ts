import type { ExecutionEvent } from "../events/event-types";
import type { PathStep } from "./report";

/** The way that a run took, as its stream tells it. */
export function pathOf(events: readonly ExecutionEvent[], startedAtMs: number): readonly PathStep[] {
  const steps = new Map<string, PathStep>();
  for (const event of events) {
    const { nodeId, type } = event;
    if (nodeId === undefined) continue;
    const atMs = Date.parse(event.timestamp) - startedAtMs;
    if (type === "NODE_ENTERED") steps.set(nodeId, enteredStep(event, nodeId, atMs));
    if (type === "NODE_COMPLETED")
      steps.set(nodeId, endedStep(steps.get(nodeId) ?? enteredStep(event, nodeId, atMs), event, atMs));
  }
  return [...steps.values()];
}

function enteredStep({ data }: ExecutionEvent, id: string, enteredMs: number): PathStep {
  return { id, type: String(data["node_type"]), status: "running", enteredMs };
}

/** Of a failure that was caught, the later event has the last word. */
function endedStep(step: PathStep, { data, error }: ExecutionEvent, endedMs: number): PathStep {
  const { id, type, enteredMs } = step;
  const { status, output, code, attempt } = data;
  return {
    id,
    type,
    status: status as PathStep["status"],
    enteredMs,
    endedMs,
    ...(typeof attempt === "number" && attempt > 0 ? { attempts: attempt } : {}),
    ...(output === undefined ? {} : { output }),
    ...(typeof code === "string" ? { failure: { code, message: error ?? "" } } : {}),
  };
}
