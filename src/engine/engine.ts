import { parseDuration } from "../core/duration";
import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import { FIRST_TARIFF, LATEST_TARIFF, type Tariff } from "../definition/expressions/fuel";
import type { Definition, DefinitionSnapshot } from "../definition/graph-types";
import { parseDefinition } from "../definition/parse-definition";
import { Draft, type StepResult } from "./draft";
import type { EngineState, ExecutionInfo } from "./engine-state";
import type { AnswerInput, EngineInput, MessageInput, SteerInput } from "./engine-types";
import { problemsFailure } from "./failures";
import { MAIN_FRAME, RUN_TIMER } from "./frame-ids";
import { openFrame } from "./open-frame";
import { proceed } from "./proceed";
import { inputRefusal } from "./refusal";
import { firstSeeds, type SeedInput } from "./seeds";
import { type Breakpoints, firstSteering } from "./steering";
import { takeInput } from "./take-input";

export { concurrencyKey } from "./concurrency-key";
export type { FollowedEdge, StepResult } from "./draft";
export type { EngineState, ExecutionInfo } from "./engine-state";
export { outstanding } from "./outstanding";
export { viewNodes } from "./view-nodes";
export { waitKinds } from "./wait-kinds";
export { waitingApprovals } from "./waiting-approvals";

/**
 * The first step of a run: enters the nodes that nothing leads to. `seeded`: nodes that end as they did in another run. Never throws
 * on a checked definition.
 */
export function start(
  snapshot: DefinitionSnapshot,
  input: JsonValue,
  execution: ExecutionInfo,
  nowMs: number,
  breakpoints: Breakpoints = {},
  seeded?: SeedInput,
  tariff: Tariff = LATEST_TARIFF,
): StepResult {
  const steering = firstSteering(breakpoints);
  const seeds = firstSeeds(seeded);
  const draft = new Draft(
    {
      snapshot,
      input,
      execution,
      startedAtMs: nowMs,
      ...(tariff === FIRST_TARIFF ? {} : { tariff }),
      phase: "graph",
      frames: {},
      running: {},
      clock: 0,
      tasks: 0,
      bodies: 0,
      agenda: [],
      waitingTasks: [],
      waitingBodies: [],
      inbox: [],
      compensations: [],
      ...(steering === undefined ? {} : { steering }),
      ...(seeds === undefined ? {} : { seeds }),
      hasYielded: false,
      isFinished: false,
    },
    nowMs,
  );
  startRunTimer(draft);
  openFrame(draft, { id: MAIN_FRAME, site: draft.site(0), suffix: "", variables: {} });
  return proceed(draft);
}

function startRunTimer(draft: Draft): void {
  const { timeout } = draft.before.snapshot.definition;
  const durationMs = timeout === undefined ? undefined : parseDuration(timeout);
  if (!durationMs?.ok) return;
  draft.timeoutAtMs = draft.nowMs + durationMs.value;
  draft.commands.add({ type: "start_timer", timerId: RUN_TIMER, dueAtMs: draft.timeoutAtMs, summary: "run timeout" });
}

/**
 * What one input makes of a state, which itself stays as it was. An input that comes twice, late, or from an activity
 * that the state knows nothing of changes nothing. Never throws.
 */
export function step(state: EngineState, input: EngineInput, nowMs: number): StepResult {
  if (state.isFinished) return { state, commands: [], journal: [] };
  const draft = new Draft(state, nowMs);
  return takeInput(draft, input) ? proceed(draft) : { state, commands: [], journal: [] };
}

/** Why a definition that came past the parser, or past that of another version, cannot be run; null where nothing is wrong. */
export function definitionFailure(definition: Definition): Failure | null {
  const parsed = parseDefinition(definition);
  return parsed.ok ? null : problemsFailure("DEFINITION_INVALID", parsed.error);
}

/** Why a message, an answer or a steering would not be taken now, with a `RefusalCode`; null where it would. For update validators. */
export function refusal(state: EngineState, input: MessageInput | AnswerInput | SteerInput): Failure | null {
  return inputRefusal(state, input);
}
