import { type FieldViolation, invalidArgument } from "../core/errors";
import { isJsonObject, type JsonValue } from "../core/json";
import type { DefinitionSnapshot, Problem, ValidDefinition } from "../definition/graph-types";
import { checkAgainstSchema } from "../definition/json-schema";
import { parseDefinition, workflowIdsOf } from "../definition/parse-definition";
import { mockKinds } from "./kinds";
import { type CheckedMocks, type Mocks, parseMocks } from "./mocks";
import { pathOf } from "./path";
import type { SimulationReport } from "./report";
import { Simulation } from "./simulation";
import { withKnownTasks, withKnownWorkflows } from "./stored";
import { untakenOf } from "./untaken";

/** 2026-01-01T00:00:00Z: a test says the same tomorrow. */
const DEFAULT_NOW_MS = 1_767_225_600_000;

/** A map of 10,000 items, or a loop of as many iterations, with a few nodes each. */
export const DEFAULT_MAX_STEPS = 100_000;

/** As an execution's id looks; events carry it. */
const EXECUTION_ID = "00000000-0000-7000-8000-000000000000";

export interface SimulationOptions {
  /** Of the run; `{}` where absent. */
  readonly input?: JsonValue;
  readonly mocks?: Mocks;
  /** Stored tasks, by id. Those that are missing are taken to have any config that their override gives. */
  readonly tasks?: DefinitionSnapshot["tasks"];
  /** Stored workflows, by id. With one that is missing, a child's input is not checked. */
  readonly workflows?: DefinitionSnapshot["workflows"];
  /** When the run starts, in milliseconds since 1970; 2026-01-01T00:00:00Z where absent. */
  readonly nowMs?: number;
  /** True: a task or child run without a mock fails with `NOT_MOCKED`. False, where absent: it completes with null. */
  readonly strict?: boolean;
  /** Where the simulation gives up; see `DEFAULT_MAX_STEPS`. */
  readonly maxSteps?: number;
  /** What the STARTED event says of the definition; empty where absent. */
  readonly definitionHash?: string;
}

/**
 * Runs a definition, or what a workflow's file holds, through the real engine with mocked results, in virtual time and
 * without side effects. Throws INVALID_ARGUMENT (`OrchestratorError`) that names every field of the definition, the input
 * and the mocks that is wrong.
 */
export function simulate(definition: unknown, options: SimulationOptions = {}): SimulationReport {
  const parsed = parseDefinition(withoutRecordFields(definition));
  if (!parsed.ok) throw invalidArgument(violations("definition", parsed.error));
  return simulateValid(parsed.value, options);
}

/** The same for whoever has parsed the definition already. */
export function simulateValid(definition: ValidDefinition, options: SimulationOptions): SimulationReport {
  const { input = {}, nowMs = DEFAULT_NOW_MS, strict = false, maxSteps = DEFAULT_MAX_STEPS } = options;
  const mocks = checkedMocks(definition, input, options.mocks ?? {});
  const snapshot = snapshotOf(definition, options);
  const simulation = new Simulation({
    snapshot,
    input,
    executionId: EXECUTION_ID,
    mocks,
    nowMs,
    isStrict: strict,
    maxSteps,
  });
  const outcome = simulation.run();
  const { world, refused, followed } = simulation;
  const { history, source, cost } = world;
  const path = pathOf(history.events, nowMs);
  return {
    outcome,
    output: "output" in outcome ? (outcome.output ?? null) : null,
    path,
    untaken: untakenOf(snapshot.definition, path, followed),
    notMocked: source.missing,
    unusedMocks: source.unused,
    refused,
    events: history.events,
    cost,
    startedAtMs: nowMs,
    durationMs: world.nowMs - nowMs,
  };
}

/** A workflow's file may hold fields of its record beside the definition. */
function withoutRecordFields(definition: unknown): unknown {
  if (!isJsonObject(definition)) return definition;
  const { name: _, description: __, ...rest } = definition;
  return rest;
}

function checkedMocks(definition: ValidDefinition, input: JsonValue, mocks: Mocks): CheckedMocks {
  const { input_schema } = definition;
  const inInput = input_schema === undefined ? [] : checkAgainstSchema(input_schema, input);
  const checked = parseMocks(mocks as unknown as JsonValue, mockKinds(definition));
  const found = [...violations("input", inInput), ...(checked.ok ? [] : violations("mocks", checked.error))];
  if (!checked.ok || found.length > 0) throw invalidArgument(found);
  return checked.value;
}

function violations(field: string, problems: readonly Problem[]): readonly FieldViolation[] {
  return problems.map(({ pointer, message }) => ({ field: `${field}${pointer}`, description: message }));
}

function snapshotOf(parsed: ValidDefinition, options: SimulationOptions): DefinitionSnapshot {
  const { tasks = {}, workflows = {}, definitionHash = "" } = options;
  return {
    definition: withKnownTasks(parsed, tasks),
    hash: definitionHash,
    tasks,
    workflows: withKnownWorkflows(workflowIdsOf(parsed), workflows),
  };
}
