import { allHandlersFinished, condition } from "@temporalio/workflow";
import type { Failure } from "../core/errors";
import { utf8Bytes } from "../core/json-size";
import type { EngineState } from "../engine/engine";
import type { EngineCommand } from "../engine/engine-types";
import type { CarriedInput, CarriedState, GraphRunInput, ResumedRun } from "./history-contract";
import type { QueuedInput } from "./input-queue";
import { MAX_PAYLOAD_BYTES } from "./payload-limits";
import { startedAtOfChain } from "./record-keeping";
import { sharedEngine } from "./shared-engine";
import { freeParts, loadParts, saveParts } from "./state-parts";

/** A run that ends because a new one goes on in its place. */
export interface ContinuedRun {
  readonly status: "continued";
  readonly next: GraphRunInput;
}

/** Largest state that stands in the input of the next run; a larger one goes through the store. */
export const MAX_INLINE_STATE_BYTES = 1_024 * 1_024;

/** Largest state at all. It passes through history twice, of the 50 MB that Temporal gives one run (`limit.historySize.error`). */
export const MAX_STATE_BYTES = 16 * 1_024 * 1_024;

/** What may come while a state is being written, beside the state. */
const MAX_LATE_INPUT_BYTES = 256 * 1_024;

export interface HandOverOptions {
  readonly run: GraphRunInput;
  readonly state: EngineState;
  /** What the engine believes to be running and was never started. */
  readonly held: readonly EngineCommand[];
  readonly requestIds: readonly string[];
  /** Blobs that are of no use once the next run has begun. */
  readonly oldParts: readonly string[];
  /** Tells the engine what has come, and gives what it took. */
  readonly hear: () => readonly QueuedInput[];
}

/** `again`: too much came meanwhile; `parts` are blobs that are to be freed at the end. */
export type HandOver =
  | ContinuedRun
  | { readonly status: "again"; readonly parts: readonly string[] }
  | { readonly status: "too_large"; readonly failure: Failure };

/** Makes the input of the next run. Whatever comes while that takes time is handed on with it, so that nothing is lost. */
export async function handOver(options: HandOverOptions): Promise<HandOver> {
  const { oldParts, hear } = options;
  const run = withoutSeeds(options.run);
  const carried = carriedState(options);
  const json = JSON.stringify(carried);
  const stateBytes = utf8Bytes(json);
  if (stateBytes > MAX_STATE_BYTES) return tooLarge(stateBytes);
  const room = MAX_PAYLOAD_BYTES - runBytes(run);
  const isInline = stateBytes <= Math.min(MAX_INLINE_STATE_BYTES, room - MAX_LATE_INPUT_BYTES);
  const parts = isInline ? [] : await saveParts(run.executionId, new TextEncoder().encode(json));
  await freeParts(oldParts);
  const heard = [...hear()];
  // Whoever waits for the answer to an update gets it from this run.
  for (; !allHandlersFinished(); heard.push(...hear())) await condition(allHandlersFinished);
  const inputs = heard.flatMap(carriedInput);
  const lateBytes = utf8Bytes(JSON.stringify(inputs));
  if (inputs.length > 0 && lateBytes > Math.min(MAX_LATE_INPUT_BYTES, room)) return { status: "again", parts };
  const from = isInline ? { carried } : { parts };
  const place = { startedAt: startedAtOfChain(run), run: (run.resumed?.run ?? 0) + 1 };
  return { status: "continued", next: { ...run, resumed: { ...place, ...from, inputs } } };
}

function carriedState({ state, held, requestIds }: HandOverOptions): CarriedState {
  const { snapshot: _snapshot, input: _input, ...engine } = state;
  const issuedAgain = new Set(sharedEngine().outstanding(state).map(startedId));
  return { engine, held: held.filter((command) => !issuedAgain.has(startedId(command))), requestIds };
}

function startedId(command: EngineCommand): string {
  if (command.type === "run_task") return `task ${command.activityId}`;
  return command.type === "start_child" ? `child ${command.childId}` : "";
}

/** Timers are started again with the state, in which they have not fired. */
function carriedInput({ input, requestId }: QueuedInput): readonly CarriedInput[] {
  if (input.type === "timer_fired") return [];
  return [{ input, ...(requestId === undefined ? {} : { requestId }) }];
}

/** What the run before this one handed on. */
export async function takeOver(
  { snapshot, input }: GraphRunInput,
  { carried, parts = [] }: ResumedRun,
): Promise<Omit<CarriedState, "engine"> & { readonly state: EngineState }> {
  const { engine, held, requestIds } = carried ?? (await loadParts(parts));
  return { state: { ...engine, snapshot, input }, held, requestIds };
}

/** What is left of them is in the state. */
function withoutSeeds({ redriven, ...run }: GraphRunInput): GraphRunInput {
  return redriven === undefined ? run : { ...run, redriven: { executionId: redriven.executionId } };
}

/** The definition, the tasks and the input stand in the same payload as what is handed over. */
function runBytes({ resumed: _, ...run }: GraphRunInput): number {
  return utf8Bytes(JSON.stringify(run));
}

function tooLarge(bytes: number): HandOver {
  const message = `the run's state takes ${bytes} bytes; at most ${MAX_STATE_BYTES} can be handed to the next run of its chain`;
  return { status: "too_large", failure: { code: "STATE_TOO_LARGE", message } };
}
