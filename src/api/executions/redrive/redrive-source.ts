import { isOrchestratorError, OrchestratorError } from "../../../core/errors";
import { parseExecutionId } from "../../../core/ids";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../core/json";
import { jsonBytes } from "../../../core/json-size";
import type { HistoryItem } from "../../../events/history-item";
import { projectHistory, type RunHistory } from "../../../events/project-history";
import { type PastNode, type PastRun, readPastRun } from "../../../redrive/past-run";
import type { ExecutionRecord } from "../../../store/records";
import type { RunReference } from "../../../temporal/runs-port";
import type { GraphRunInput, TaskRunInput } from "../../../workflows/history-contract";
import type { ApiContext } from "../../api-context";
import { runReference } from "../repair-execution";

export type RedriveSource =
  | { readonly kind: "task"; readonly run: TaskRunInput }
  | { readonly kind: "workflow"; readonly run: GraphRunInput; readonly past: PastRun };

/**
 * Reads from history what an execution was started with and what became of its nodes, with their whole outputs. Throws
 * FAILED_PRECONDITION where there is no history, RESOURCE_EXHAUSTED where it is too long, UNAVAILABLE.
 */
export async function readSource(context: ApiContext, record: ExecutionRecord): Promise<RedriveSource> {
  const reference = runReference(record);
  if (reference === undefined)
    throw new OrchestratorError("FAILED_PRECONDITION", `execution ${record.id} has not been started yet`);
  const runs = await readHistories(context, reference);
  const items = runs.flatMap((run) => run.items);
  const input = startedWith(items);
  if (input === undefined) throw expired(reference);
  if (record.kind === "task") return { kind: "task", run: input as unknown as TaskRunInput };
  const run = input as unknown as GraphRunInput;
  const events = projectHistory(reference.temporalRunId, runs);
  const past = readPastRun(events, run.redriven?.ends);
  return { kind: "workflow", run, past: { ...past, nodes: await withLargeOutputs(context, past.nodes, items) } };
}

async function readHistories({ streams }: ApiContext, reference: RunReference): Promise<readonly RunHistory[]> {
  const runs: RunHistory[] = [];
  try {
    // What else there is of a run's history is let go of.
    for await (const { isReset, items } of streams.histories(reference)) runs.push({ isReset, items });
  } catch (error) {
    if (isOrchestratorError(error) && error.code === "NOT_FOUND") throw expired(reference, error);
    throw error;
  }
  return runs;
}

function expired({ executionId }: RunReference, cause?: unknown): OrchestratorError {
  const message =
    `Temporal no longer keeps the history of execution ${executionId}, and with it the results that a redrive would reuse; ` +
    "execute it anew";
  return new OrchestratorError("FAILED_PRECONDITION", message, { cause });
}

/** What the chain's first run was given. */
function startedWith(items: readonly HistoryItem[]): JsonObject | undefined {
  const [first] = items;
  if (first?.type !== "run_started" || first.continued || !isJsonObject(first.input)) return undefined;
  return first.input;
}

/** The stream has outputs up to 64 KiB; larger ones stand with the task that gave them, or in the record of a child run. */
async function withLargeOutputs(
  { store }: ApiContext,
  nodes: readonly PastNode[],
  items: readonly HistoryItem[],
): Promise<readonly PastNode[]> {
  const wanted = new Set(nodes.filter(isWithoutOutput).map(({ id }) => id));
  if (wanted.size === 0) return nodes;
  const found = outputsOf(items, wanted);
  return await Promise.all(
    nodes.map(async (node): Promise<PastNode> => {
      if (!isWithoutOutput(node)) return node;
      // Of another size: it is not what the node ended with, such as the task's that was tried again.
      const given = found.get(node.id)?.find((output) => jsonBytes(output) === node.outputBytes);
      if (given !== undefined) return { ...node, output: given };
      const child = node.childId === undefined ? null : await store.getExecution(parseExecutionId(node.childId));
      return child?.output === undefined ? node : { ...node, output: child.output };
    }),
  );
}

function isWithoutOutput({ status, output, outputBytes }: PastNode): boolean {
  return status === "completed" && output === undefined && outputBytes !== undefined;
}

/** The outputs of the activities with these ids, the latest last. */
function outputsOf(items: readonly HistoryItem[], wanted: ReadonlySet<string>): ReadonlyMap<string, JsonValue[]> {
  const outputs = new Map<string, JsonValue[]>();
  let scheduled = new Map<number, string>();
  for (const item of items) {
    if (item.type === "run_started") scheduled = new Map();
    if (item.type === "activity_scheduled" && wanted.has(item.activityId)) scheduled.set(item.eventId, item.activityId);
    if (item.type !== "activity_completed") continue;
    const id = scheduled.get(item.scheduledEventId);
    if (id !== undefined) outputs.set(id, [...(outputs.get(id) ?? []), item.output]);
  }
  return outputs;
}
