import type { Failure } from "../core/errors";
import type { JsonObject, JsonValue } from "../core/json";
import type { DefinitionSnapshot } from "../definition/graph-types";
import {
  concurrencyKey,
  type EngineState,
  type FollowedEdge,
  refusal,
  type StepResult,
  start,
  step,
  viewNodes,
} from "../engine/engine";
import type {
  AnswerInput,
  EngineCommand,
  EngineInput,
  JournalEntry,
  MessageInput,
  RunOutcome,
} from "../engine/engine-types";
import type { SeedInput } from "../engine/seeds";
import { MockedWorld, type MockedWorldSettings } from "./mocked-world";
import type { RefusedInput, SimulatedOutcome } from "./report";
import { edgeName } from "./untaken";

export interface SimulatedRun extends MockedWorldSettings {
  readonly snapshot: DefinitionSnapshot;
  readonly input: JsonValue;
  /** What it takes over from an earlier run. */
  readonly seeds?: SeedInput;
  /** Inputs to the engine and attempts of tasks, together. */
  readonly maxSteps: number;
}

/** Drives the engine as `src/workflows` does, but in a mocked world. */
export class Simulation {
  readonly world: MockedWorld;
  readonly refused: RefusedInput[] = [];
  /** Edges that were taken, as `edgeName` has them. */
  readonly followed = new Set<string>();
  readonly #run: SimulatedRun;
  #inputs = 0;

  constructor(run: SimulatedRun) {
    this.#run = run;
    this.world = new MockedWorld(run);
  }

  /** Runs to the end, or until nothing is to come any more. */
  run(): SimulatedOutcome {
    const { snapshot, input, executionId, nowMs, maxSteps, seeds } = this.#run;
    const given = { executionId, snapshot, input } as unknown as JsonObject;
    const started = { type: "run_started", runId: executionId, kind: "workflow", continued: false } as const;
    this.world.history.add(nowMs, { ...started, input: given }, given);
    const refused = this.#concurrencyFailure();
    if (refused !== undefined) return this.#end({ status: "failed", failure: refused });
    let result = start(snapshot, input, { id: executionId }, nowMs, {}, seeds);
    for (;;) {
      const outcome = this.#carryOut(result);
      if (outcome !== undefined) return outcome;
      if (this.#inputs + this.world.cost.attempts > maxSteps)
        return { status: "stopped", reason: `it takes more than ${maxSteps} steps` };
      const inputs = this.world.next();
      if (inputs === null) return { status: "waiting", nodes: waitingNodes(result.state) };
      result = this.#tellEngine(result.state, inputs);
    }
  }

  /** One workflow task hears of all that has happened at the same time. */
  #tellEngine(before: EngineState, inputs: readonly EngineInput[]): StepResult {
    let state = before;
    const commands: EngineCommand[] = [];
    const journal: JournalEntry[] = [];
    const followed: FollowedEdge[] = [];
    for (const input of inputs) {
      if (input.type === "message" || input.type === "answer") this.#noteRefusal(state, input);
      const result = step(state, input, this.world.nowMs);
      state = result.state;
      commands.push(...result.commands);
      journal.push(...result.journal);
      followed.push(...(result.followed ?? []));
      this.#inputs += 1;
    }
    return { state, commands, journal, followed };
  }

  #carryOut({ commands, journal, followed = [] }: StepResult): SimulatedOutcome | undefined {
    for (const { graph, edge } of followed) this.followed.add(edgeName(graph, edge));
    this.world.workflowTask(journal);
    for (const command of commands) {
      if (command.type === "finish") return this.#end(command.outcome);
      this.world.begin(command);
    }
    for (const entry of waitingIn(journal)) this.world.answer(entry);
    return undefined;
  }

  /** A key that cannot be made ends a run before it begins; whose turn it is, only a server knows. */
  #concurrencyFailure(): Failure | undefined {
    const { snapshot, input, executionId } = this.#run;
    const { concurrency } = snapshot.definition;
    if (concurrency === undefined) return undefined;
    const key = concurrencyKey(concurrency, input, { id: executionId });
    return key.ok ? undefined : key.error;
  }

  #end(outcome: RunOutcome): RunOutcome {
    this.world.history.close(this.world.nowMs, outcome);
    return outcome;
  }

  #noteRefusal(state: EngineState, input: MessageInput | AnswerInput): void {
    const failure = refusal(state, input);
    if (failure !== null) this.refused.push({ to: input.type === "answer" ? input.nodeId : input.name, failure });
  }
}

/** Approvals and signals that were entered and have not ended at once. */
function waitingIn(journal: readonly JournalEntry[]): readonly JournalEntry[] {
  const ended = new Set(journal.flatMap(({ kind, nodeId }) => (kind === "completed" ? [nodeId] : [])));
  return journal.filter(
    ({ kind, nodeId, nodeType }) =>
      kind === "entered" && (nodeType === "approval" || nodeType === "signal") && !ended.has(nodeId),
  );
}

function waitingNodes(state: EngineState) {
  return viewNodes(state).flatMap(({ id, status, waiting }) =>
    status === "running" ? [{ id, ...(waiting === undefined ? {} : { waiting }) }] : [],
  );
}
