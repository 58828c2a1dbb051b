import { isJsonObject, type JsonObject } from "../core/json";
import type { ExecutionEvent } from "../events/event-types";
import { type Instance, parseInstance } from "./instance";
import type { NodeStatus } from "./node-state";

/** What the stream has said of one instance of a node. */
export interface InstanceState extends Instance {
  readonly status: NodeStatus;
  /** Counts up with every event that starts an instance: which one is the latest. */
  readonly order: number;
  readonly enteredAtMs: number;
  readonly durationMs?: number;
  readonly attempt?: number;
  readonly code?: string;
  /** Of a map: how many items it was given, and how many of them failed once it has ended. */
  readonly itemCount?: number;
  readonly failedCount?: number;
}

/** All that the stream of an execution has said so far. */
export interface FoldedEvents {
  readonly instances: readonly InstanceState[];
  readonly startedAtMs: number | null;
  readonly end: {
    readonly status: "completed" | "failed" | "cancelled";
    readonly atMs: number;
    readonly event: ExecutionEvent;
  } | null;
}

export class EventFold {
  readonly #instances = new Map<string, InstanceState>();
  #startedAtMs: number | null = null;
  #started = 0;
  #end: FoldedEvents["end"] = null;

  add(event: ExecutionEvent): void {
    const atMs = Date.parse(event.timestamp);
    this.#startedAtMs ??= atMs;
    if (event.type === "COMPLETED") this.#end = { status: "completed", atMs, event };
    if (event.type === "FAILED") {
      const status = event.data["code"] === "CANCELLED" ? "cancelled" : "failed";
      this.#end = { status, atMs, event };
    }
    const instance = event.nodeId === undefined ? null : parseInstance(event.nodeId);
    if (instance === null || event.nodeId === undefined) return;
    const known = this.#instances.get(event.nodeId);
    const told = this.#told(event, instance, known, atMs);
    if (told !== undefined) this.#instances.set(event.nodeId, told);
  }

  folded(): FoldedEvents {
    const instances = [...this.#instances.values()];
    return {
      // What still ran when the run ended was ended with it.
      instances:
        this.#end === null
          ? instances
          : instances.map((one) => (one.status === "running" ? { ...one, status: "cancelled" as const } : one)),
      startedAtMs: this.#startedAtMs,
      end: this.#end,
    };
  }

  #next(): number {
    this.#started += 1;
    return this.#started;
  }

  #told(
    { type, data }: ExecutionEvent,
    instance: Instance,
    known: InstanceState | undefined,
    atMs: number,
  ): InstanceState | undefined {
    switch (type) {
      case "NODE_ENTERED": {
        const { itemCount } = mapCounts(data);
        return {
          ...instance,
          status: "running",
          order: this.#next(),
          enteredAtMs: atMs,
          ...(itemCount === undefined ? {} : { itemCount }),
        };
      }
      case "NODE_COMPLETED": {
        // A failure that was caught is told first; then the code is not that of the end.
        const { code: _code, ...before }: Omit<InstanceState, "status"> = known ?? {
          ...instance,
          order: this.#next(),
          enteredAtMs: atMs,
        };
        return { ...before, ...ended(data) };
      }
      case "PROGRESS":
      case "OUTPUT":
      case "TOOL_CALL":
      case "TOOL_RESULT": {
        const { attempt } = data;
        return known === undefined || typeof attempt !== "number" ? known : { ...known, attempt };
      }
      case "STARTED":
      case "CHECKPOINT":
      case "COMPLETED":
      case "FAILED":
        return known;
    }
  }
}

const ENDED: readonly string[] = ["completed", "failed", "skipped", "cancelled"] satisfies readonly NodeStatus[];

function ended(
  data: JsonObject,
): Pick<InstanceState, "status" | "durationMs" | "attempt" | "code" | "itemCount" | "failedCount"> {
  const { status, duration_ms, attempt, code } = data;
  return {
    status: (typeof status === "string" && ENDED.includes(status) ? status : "completed") as NodeStatus,
    ...(typeof duration_ms === "number" && status !== "skipped" ? { durationMs: duration_ms } : {}),
    ...(typeof attempt === "number" ? { attempt } : {}),
    ...(typeof code === "string" && status === "failed" ? { code } : {}),
    ...(data["node_type"] === "map" ? mapCounts(data) : {}),
  };
}

/** A map is entered with the number of its items, and ends with `{outputs, failed}`. */
function mapCounts({ input, output }: JsonObject): { readonly itemCount?: number; readonly failedCount?: number } {
  const items = isJsonObject(input) ? input["items"] : undefined;
  const { outputs, failed } = isJsonObject(output) ? output : {};
  return {
    ...(typeof items === "number" ? { itemCount: items } : {}),
    ...(Array.isArray(outputs) ? { itemCount: outputs.length } : {}),
    ...(Array.isArray(failed) ? { failedCount: failed.length } : {}),
  };
}
