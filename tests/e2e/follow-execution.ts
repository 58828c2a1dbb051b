import { type Event, EventType } from "../../src/gen/proto/executions";
import { type ApiClient, readStream } from "../integration/api-client";

/** Between two tries while no API answers. */
const RETRY_DELAY_MS = 200;

/**
 * Watches an execution to its end, going on after the last offset whenever the stream breaks, as clients do. `api` gives
 * the API to ask next. Rejects when the end does not come in time.
 */
export async function followExecution(
  api: () => ApiClient,
  id: string,
  options: { timeoutMs: number; onEvent?: (event: Event) => void },
): Promise<readonly Event[]> {
  const events: Event[] = [];
  const deadline = Date.now() + options.timeoutMs;
  while (Date.now() < deadline) {
    const after = events.at(-1)?.offset;
    const { executions } = api();
    const call = executions.watchExecution(after === undefined ? { id } : { id, afterOffset: after });
    const timer = setTimeout(() => call.cancel(), deadline - Date.now());
    const { code } = await readStream(call, (event) => {
      events.push(event);
      options.onEvent?.(event);
    });
    clearTimeout(timer);
    if (code === "OK") return events;
    await new Promise((resolve) => setTimeout(resolve, RETRY_DELAY_MS));
  }
  throw new Error(`no end of ${id} in time; its last event is ${JSON.stringify(events.at(-1))}`);
}

/** `NODE_COMPLETED write`: enough to compare streams by eye. */
export function outline(events: readonly Event[]): readonly string[] {
  return events.map(({ eventType, nodeId }) =>
    `${EventType[eventType]?.replace("EVENT_TYPE_", "")} ${nodeId ?? ""}`.trim(),
  );
}
