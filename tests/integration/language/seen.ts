import type { temporal } from "@temporalio/proto";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/core/json";
import { ATTEMPT_GRACE_MS, LOST_WORKER_ATTEMPTS } from "../../../src/workflows/activity-options";
import type { TestStack } from "../api-stack";
import { chainOf, stateOf } from "../runs-chain";
import type { Played } from "./play-scenario";
import type { Expected } from "./scenario";

type ActivityAttributes = temporal.api.history.v1.IActivityTaskScheduledEventAttributes;
type Seen = { readonly [Key in keyof Expected]: Expected[Key] | undefined };

/** Of a run, what its expectation speaks of, in the same shape. How it ended is always there. */
export async function seen(stack: TestStack, played: Played): Promise<Seen & { readonly ended: string }> {
  const { expected, events } = played;
  const refused = played.refusal?.violations.map(({ field }) => field) ?? [];
  if (played.run === undefined) return { ended: "refused", refused };
  const end = events.at(-1);
  const { output, code, details } = end?.data ?? {};
  return {
    ended: end?.type === "COMPLETED" ? "completed" : code === "CANCELLED" ? "cancelled" : `failed: ${code}`,
    ...("output" in expected ? { output } : {}),
    ...("details" in expected ? { details } : {}),
    ...("error" in expected ? { error: end?.error } : {}),
    ...pathSeen(played),
    ...("activities" in expected ? { activities: await activitiesOf(stack, played) } : {}),
    ...("names" in expected ? { names: await namesOf(stack, played) } : {}),
    ...("record" in expected ? { record: await recordOf(stack, played) } : {}),
  };
}

function pathSeen({ expected, events }: Played): Seen {
  const wanted = expected.order ?? [];
  const types = events.map(({ type, nodeId }) => `${type} ${nodeId}`);
  const tookMs = Date.parse(events.at(-1)?.timestamp ?? "") - Date.parse(events[0]?.timestamp ?? "");
  const waited = events.some(({ data }) => String(data["message"]).startsWith("waits for its turn"));
  return {
    ...("nodes" in expected ? { nodes: ofNodes(events, "NODE_COMPLETED", "status") as Expected["nodes"] } : {}),
    ...("outputs" in expected ? { outputs: ofNodes(events, "NODE_COMPLETED", "output") } : {}),
    ...("inputs" in expected ? { inputs: ofNodes(events, "NODE_ENTERED", "input") } : {}),
    // In the order in which they came, so that another order shows.
    ...("order" in expected ? { order: types.filter((type) => wanted.includes(type)) } : {}),
    ...("never" in expected ? { never: expected.never?.filter((type) => !types.includes(type)) } : {}),
    ...("cached" in expected
      ? { cached: events.flatMap(({ data, nodeId = "" }) => (data["cached"] ? nodeId : [])) }
      : {}),
    ...("waited_for_its_turn" in expected && waited ? { waited_for_its_turn: true } : {}),
    ...("at_least_ms" in expected ? { at_least_ms: Math.min(tookMs, expected.at_least_ms ?? 0) } : {}),
  };
}

/** A field of the last event of a type of each node. */
function ofNodes(events: Played["events"], type: string, field: string): Readonly<Record<string, JsonValue>> {
  const entries = events.flatMap(({ type: each, nodeId = "", data }) => {
    const value = data[field];
    return each === type && value !== undefined ? [[nodeId, value] as const] : [];
  });
  return Object.fromEntries(entries);
}

async function activitiesOf(stack: TestStack, { run, expected }: Played): Promise<Record<string, JsonObject | null>> {
  if (run === undefined) return {};
  const chain = await chainOf({ temporal: stack.connection }, run);
  const scheduled = chain.flat().flatMap((event) => event.activityTaskScheduledEventAttributes ?? []);
  const ids = Object.keys(expected.activities ?? {});
  return Object.fromEntries(
    ids.map((id) => {
      const found = scheduled.find(({ activityId }) => activityId === id);
      return [id, found === undefined ? null : toldOf(found)];
    }),
  );
}

/** In the language's own terms: less what the product adds for lost workers and for its own way of ending attempts. */
function toldOf(attributes: ActivityAttributes): JsonObject {
  const { retryPolicy, startToCloseTimeout, scheduleToCloseTimeout, heartbeatTimeout, priority } = attributes;
  return {
    max_attempts: (retryPolicy?.maximumAttempts ?? 0) - LOST_WORKER_ATTEMPTS,
    initial_interval: milliseconds(retryPolicy?.initialInterval),
    max_interval: milliseconds(retryPolicy?.maximumInterval),
    backoff: retryPolicy?.backoffCoefficient ?? 0,
    non_retryable: retryPolicy?.nonRetryableErrorTypes ?? [],
    attempt: milliseconds(startToCloseTimeout) - ATTEMPT_GRACE_MS,
    total: milliseconds(scheduleToCloseTimeout),
    heartbeat: milliseconds(heartbeatTimeout),
    priority: priority?.priorityKey ?? 0,
  };
}

function milliseconds(duration: ActivityAttributes["heartbeatTimeout"]): number {
  return Number(duration?.seconds ?? 0) * 1_000 + Number(duration?.nanos ?? 0) / 1e6;
}

async function namesOf(stack: TestStack, { run }: Played): Promise<Record<string, string>> {
  if (run === undefined) return {};
  const { nodes } = await stateOf({ temporal: stack.connection }, run);
  return Object.fromEntries(nodes.map(({ id, name }) => [id, name]));
}

async function recordOf({ client }: TestStack, { workflowId }: Played): Promise<JsonObject> {
  const { name, description, definition } = await client.getWorkflow(workflowId);
  const stored: unknown = JSON.parse(definition);
  return { name, description, labels: isJsonObject(stored) ? (stored["labels"] ?? null) : null };
}
