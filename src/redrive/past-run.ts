import type { Failure } from "../core/errors";
import { isJsonObject, type JsonObject, type JsonValue } from "../core/json";
import type { NodeStatus } from "../engine/engine-types";
import type { NodeSeed } from "../engine/seeds";
import type { ExecutionEvent } from "../events/event-types";
import { EventFold, type InstanceState } from "../events/fold-events";

/** What became of one instance of a node in the execution that is to be redriven. */
export interface PastNode {
  /** Instance id. */
  readonly id: string;
  /** As in the definition. */
  readonly nodeId: string;
  readonly nodeType: string;
  readonly status: NodeStatus;
  /** Something was set going for it, in this execution or in the one that its end was taken over from. */
  readonly wasStarted: boolean;
  /** Of one that completed; absent where the stream has only its size. */
  readonly output?: JsonValue;
  /** Size of its JSON in bytes of UTF-8. */
  readonly outputBytes?: number;
  /** Of one that failed. */
  readonly failure?: Failure;
  /** Its task completed, and neither a `catch` nor a person gave its output. */
  readonly isUndoable: boolean;
  /** A person had it skipped. */
  readonly isSkippedByPerson: boolean;
  /** Of a node that runs another workflow: the execution of that one. */
  readonly childId?: string;
}

export interface PastRun {
  /** In the order in which they were first heard of, without what undid others. */
  readonly nodes: readonly PastNode[];
  /** Instances whose effects were undone, or were about to be. */
  readonly compensated: ReadonlySet<string>;
  /** Nothing of it runs any more. */
  readonly isOver: boolean;
}

/**
 * Folds the stream of an execution, from its start, into what a redrive may take over. `seeds`: what it took over itself, which the
 * stream has no whole outputs of.
 */
export function readPastRun(events: readonly ExecutionEvent[], seeds: readonly NodeSeed[] = []): PastRun {
  const seedOf = new Map(seeds.map((seed) => [seed.nodeId, seed]));
  const fold = new EventFold((json) => ({ bytes: 0, json }));
  const told = new Told();
  for (const event of events) {
    fold.add(event);
    told.add(event);
  }
  const { instances, end } = fold.folded();
  const nodes = instances.filter(({ isCompensation }) => !isCompensation);
  const undone = instances.filter(({ isCompensation }) => isCompensation);
  return {
    nodes: nodes.map((instance) => pastNode(instance, told, seedOf.get(instance.id))),
    compensated: new Set(undone.map(({ id }) => id.replace(/\/compensate$/, ""))),
    isOver: end !== null,
  };
}

/** What the stream says of instances that a fold of states does not keep. */
class Told {
  readonly entered = new Set<string>();
  readonly ends = new Map<string, ExecutionEvent>();
  readonly caught = new Set<string>();
  readonly skipped = new Set<string>();
  readonly given = new Set<string>();

  add({ type, nodeId, data, ...event }: ExecutionEvent): void {
    const { control } = data;
    if (type === "PROGRESS" && isJsonObject(control)) this.#steered(control["action"], control["node_id"]);
    if (nodeId === undefined) return;
    if (type === "NODE_ENTERED") {
      this.entered.add(nodeId);
      this.caught.delete(nodeId);
    }
    if (type !== "NODE_COMPLETED") return;
    // A failure that was caught is told first.
    if (this.ends.get(nodeId)?.data["status"] === "failed" && data["status"] === "completed") this.caught.add(nodeId);
    this.ends.set(nodeId, { type, nodeId, data, ...event });
  }

  #steered(action: JsonValue | undefined, nodeId: JsonValue | undefined): void {
    if (action === "skip") this.skipped.add(String(nodeId));
    if (action === "set_output") this.given.add(String(nodeId));
  }
}

function pastNode(instance: InstanceState & { readonly id: string }, told: Told, seed?: NodeSeed): PastNode {
  const { id, nodeId, nodeType, status, output, input, attempt, code, error } = instance;
  const data: JsonObject = told.ends.get(id)?.data ?? {};
  const isReused = typeof data["reused_from"] === "string";
  const bytes = data["output_bytes"];
  const childId = isJsonObject(input?.json) ? input.json["execution_id"] : undefined;
  const failure = { code: code ?? "", message: error ?? "" };
  const isTakenOver = seed !== undefined && (isReused || data["injected"] === true);
  if (isTakenOver && seed.status === "completed" && status === "completed")
    return {
      ...{ id, nodeId, nodeType, status, output: seed.output, isSkippedByPerson: false },
      wasStarted: isReused,
      isUndoable: seed.isUndoable === true,
    };
  return {
    id,
    nodeId,
    nodeType,
    status,
    wasStarted: told.entered.has(id) || isReused,
    ...(status === "completed" && output?.json !== undefined ? { output: output.json } : {}),
    ...(status === "completed" && typeof bytes === "number" ? { outputBytes: bytes } : {}),
    ...(status === "failed" ? { failure: { ...failure, ...detailsOf(data["details"]) } } : {}),
    isUndoable: status === "completed" && attempt !== undefined && !told.caught.has(id) && !told.given.has(id),
    isSkippedByPerson: status === "skipped" && (told.skipped.has(id) || isReused),
    ...(typeof childId === "string" ? { childId } : {}),
  };
}

function detailsOf(details: JsonValue | undefined): Pick<Failure, "details"> {
  return details === undefined ? {} : { details };
}
