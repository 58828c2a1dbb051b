import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import type { NodeStatus } from "../engine/engine-types";
import type { ExecutionEvent } from "./event-types";
import { type Instance, parseInstance } from "./instance";

/** An input or an output as a fold keeps it. */
export interface KeptValue {
  /** Bytes of UTF-8 of its JSON. */
  readonly bytes: number;
  /** Absent where it is not kept, for its size. */
  readonly json?: JsonValue;
  /** Tells two values apart that are not kept. Absent where the stream itself has only the size. */
  readonly digest?: string;
}

/** Decides what a fold remembers of an instance's input or output. */
export type KeepValue = (value: JsonValue, instanceId: string) => KeptValue;

/** What the stream has said of one instance of a node. */
export interface InstanceState extends Instance {
  readonly status: NodeStatus;
  readonly nodeType: string;
  /** Counts up with every event that starts an instance: which one is the latest. */
  readonly order: number;
  readonly enteredAtMs: number;
  readonly endedAtMs?: number;
  readonly durationMs?: number;
  readonly attempt?: number;
  readonly code?: string;
  readonly error?: string;
  /** The execution in which it ended so; it did not run in this one. */
  readonly reusedFrom?: string;
  /** Of a map: how many items it was given, and how many of them failed once it has ended. */
  readonly itemCount?: number;
  readonly failedCount?: number;
  /** What it waits for, of a person or from outside: `signal go`, `approval`, `until 2026-01-01T00:00:00.000Z`. */
  readonly waitsFor?: string;
  /** These two only where the fold was told to keep values. */
  readonly input?: KeptValue;
  readonly output?: KeptValue;
}

/** All that the stream of an execution has said so far. */
export interface FoldedEvents {
  /** In the order in which they were first heard of. */
  readonly instances: readonly (InstanceState & { readonly id: string })[];
  readonly startedAtMs: number | null;
  /** The last event that was folded; null before the first. */
  readonly last: ExecutionEvent | null;
  /** Who holds the turn that the execution waits for; absent where it waits for none. */
  readonly queuedBehind?: string;
  readonly end: {
    readonly status: "completed" | "failed" | "cancelled";
    readonly atMs: number;
    readonly event: ExecutionEvent;
  } | null;
}

/** What the events after an offset changed, so that a reset can take it back. */
interface Change {
  readonly offset: string;
  readonly id: string;
  readonly before: InstanceState | undefined;
}

/** Folds a stream, from its start, into where each node stands. Any prefix of the stream gives the state of that moment. */
export class EventFold {
  readonly #keep: KeepValue | undefined;
  readonly #instances = new Map<string, InstanceState>();
  #changes: Change[] = [];
  #startedAtMs: number | null = null;
  #started = 0;
  #last: ExecutionEvent | null = null;
  #queuedBehind: string | undefined;
  #end: FoldedEvents["end"] = null;

  constructor(keep?: KeepValue) {
    this.#keep = keep;
  }

  add(event: ExecutionEvent): void {
    const atMs = Date.parse(event.timestamp);
    this.#startedAtMs ??= atMs;
    this.#last = event;
    if (event.type === "COMPLETED") this.#end = { status: "completed", atMs, event };
    if (event.type === "FAILED") {
      const status = event.data["code"] === "CANCELLED" ? "cancelled" : "failed";
      this.#end = { status, atMs, event };
    }
    if (event.type === "PROGRESS" && event.nodeId === undefined) this.#progress(event.data);
    const instance = event.nodeId === undefined ? null : parseInstance(event.nodeId);
    if (instance === null || event.nodeId === undefined) return;
    const known = this.#instances.get(event.nodeId);
    const told = this.#told(event, instance, known, atMs);
    if (told === undefined || told === known) return;
    this.#changes.push({ offset: event.offset, id: event.nodeId, before: known });
    this.#instances.set(event.nodeId, told);
  }

  folded(): FoldedEvents {
    const instances = Array.from(this.#instances, ([id, state]) => ({ ...state, id }));
    return {
      // What still ran when the run ended was ended with it.
      instances:
        this.#end === null
          ? instances
          : instances.map((one) =>
              one.status === "running" ? { ...withoutWait(one), id: one.id, status: "cancelled" as const } : one,
            ),
      startedAtMs: this.#startedAtMs,
      last: this.#last,
      ...(this.#queuedBehind === undefined || this.#end !== null ? {} : { queuedBehind: this.#queuedBehind }),
      end: this.#end,
    };
  }

  /** Of the execution as a whole: it waits for its turn, or what was said from some offset on no longer counts. */
  #progress({ holder, retracted_from }: JsonObject): void {
    this.#queuedBehind = typeof holder === "string" ? holder : undefined;
    if (typeof retracted_from !== "string") return;
    this.#end = null;
    const first = this.#changes.findIndex(({ offset }) => offset >= retracted_from);
    if (first < 0) return;
    for (const { id, before } of this.#changes.splice(first).reverse()) {
      if (before === undefined) this.#instances.delete(id);
      else this.#instances.set(id, before);
    }
  }

  #next(): number {
    this.#started += 1;
    return this.#started;
  }

  #told(
    event: ExecutionEvent,
    instance: Instance,
    known: InstanceState | undefined,
    atMs: number,
  ): InstanceState | undefined {
    const { type, data } = event;
    switch (type) {
      case "NODE_ENTERED": {
        const { itemCount } = mapCounts(data);
        const nodeType = typeOf(data, known);
        return {
          ...instance,
          status: "running",
          nodeType,
          order: this.#next(),
          enteredAtMs: atMs,
          ...(itemCount === undefined ? {} : { itemCount }),
          ...waitOf(nodeType, data["input"]),
          ...this.#value("input", data, event.nodeId),
        };
      }
      case "NODE_COMPLETED": {
        // A failure that was caught is told first; then the code is not that of the end.
        const {
          code: _code,
          error: _error,
          waitsFor: _waitsFor,
          ...before
        }: Omit<InstanceState, "status"> = known ?? {
          ...instance,
          nodeType: typeOf(data, known),
          order: this.#next(),
          enteredAtMs: atMs,
        };
        return {
          ...before,
          ...ended(data),
          endedAtMs: atMs,
          ...(event.error === undefined ? {} : { error: event.error }),
          ...this.#value("output", data, event.nodeId),
        };
      }
      case "PROGRESS":
      case "OUTPUT":
      case "TOOL_CALL":
      case "TOOL_RESULT": {
        const { attempt } = data;
        if (known === undefined || typeof attempt !== "number" || known.attempt === attempt) return known;
        return { ...known, attempt };
      }
      case "STARTED":
      case "CHECKPOINT":
      case "COMPLETED":
      case "FAILED":
        return known;
    }
  }

  #value(name: "input" | "output", data: JsonObject, id = ""): Partial<Record<"input" | "output", KeptValue>> {
    if (this.#keep === undefined) return {};
    const { [name]: value, [`${name}_bytes`]: bytes } = data;
    if (value !== undefined) return { [name]: this.#keep(value, id) };
    return typeof bytes === "number" ? { [name]: { bytes } } : {};
  }
}

function withoutWait({ waitsFor: _, ...state }: InstanceState): InstanceState {
  return state;
}

function typeOf({ node_type }: JsonObject, known: InstanceState | undefined): string {
  return typeof node_type === "string" ? node_type : (known?.nodeType ?? "");
}

/** What a node of this type waits for by itself; one whose work is done by a worker waits for nothing. */
function waitOf(nodeType: string, input: JsonValue | undefined): { readonly waitsFor?: string } {
  const { name, until } = isJsonObject(input) ? input : {};
  switch (nodeType) {
    case "approval":
      return { waitsFor: "approval" };
    case "signal":
      return { waitsFor: typeof name === "string" ? `signal ${name}` : "signal" };
    case "wait":
      return { waitsFor: typeof until === "string" ? `until ${until}` : "time" };
    default:
      return {};
  }
}

const ENDED: readonly string[] = ["completed", "failed", "skipped", "cancelled"] satisfies readonly NodeStatus[];

function ended(
  data: JsonObject,
): Pick<InstanceState, "status" | "durationMs" | "attempt" | "code" | "reusedFrom" | "itemCount" | "failedCount"> {
  const { status, duration_ms, attempt, code, reused_from } = data;
  return {
    status: (typeof status === "string" && ENDED.includes(status) ? status : "completed") as NodeStatus,
    ...(typeof duration_ms === "number" && status !== "skipped" ? { durationMs: duration_ms } : {}),
    ...(typeof attempt === "number" ? { attempt } : {}),
    ...(typeof code === "string" && status === "failed" ? { code } : {}),
    ...(typeof reused_from === "string" ? { reusedFrom: reused_from } : {}),
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
