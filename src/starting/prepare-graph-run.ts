import { OrchestratorError } from "../core/errors";
import { parseTaskId } from "../core/ids";
import type { JsonValue } from "../core/json";
import { LATEST_TARIFF } from "../definition/expressions/fuel";
import type { DefinitionSnapshot, Problem, TaskSnapshot, ValidDefinition } from "../definition/graph-types";
import { checkAgainstSchema } from "../definition/json-schema";
import { parseDefinition } from "../definition/parse-definition";
import { namesIn, taskReferences, workflowReferences } from "../definition/references";
import type { WorkflowRecord, WorkflowVersionRecord } from "../store/records";
import type { Store } from "../store/store-port";
import { ENGINE_VERSION, type GraphRunInput } from "../workflows/history-contract";
import { findCalledWorkflows } from "./called-workflows";
import { contentHash } from "./content-hash";
import { MAX_RUN_INPUT_BYTES } from "./limits";
import { problemsRefused } from "./refused-problems";
import { namesOf, type RunNames, withOwnLabels } from "./run-names";
import { parseStored } from "./stored-definitions";

/** What is looked up for a run. */
export type PlanStore = Pick<Store, "getTasks" | "getWorkflows">;

/** All that a run of a workflow is started with, but the execution's id. */
export interface PreparedGraphRun {
  readonly run: Omit<GraphRunInput, "executionId">;
  readonly requestHash: string;
}

/** What a run that starts today does and those before it did not. */
const NEW_RUN = {
  engineVersion: ENGINE_VERSION,
  announcesApprovals: true,
  announcesWaits: true,
  tariff: LATEST_TARIFF,
} as const;

/**
 * Snapshots the definition with the tasks and workflows that it names, and checks the input against the definition's schema.
 * Throws INVALID_ARGUMENT, FAILED_PRECONDITION where the workflow cannot be run as it stands, RESOURCE_EXHAUSTED.
 */
export async function prepareGraphRun(
  store: PlanStore,
  workflow: WorkflowRecord,
  input: JsonValue,
  names: RunNames = {},
): Promise<PreparedGraphRun> {
  assertActive(workflow);
  const definition = storedDefinition(workflow);
  checkInput(definition, input);
  const run = {
    ...NEW_RUN,
    workflowId: workflow.id,
    workflowVersion: workflow.version,
    name: workflow.name,
    snapshot: await takeSnapshot(store, workflow, definition),
    input,
    ...withOwnLabels(definition.labels, names),
  };
  assertFits(run);
  return { run, requestHash: contentHash({ input }) };
}

/** Of a run that goes on from another one. `version`: what is to run, in place of what that one ran. */
export interface RedrivenFrom {
  readonly source: GraphRunInput;
  readonly version?: WorkflowVersionRecord;
  readonly input: JsonValue;
}

/**
 * What a redrive is to run: the same, as it stood when the other execution was started, or a version of the workflow, with its tasks as
 * they are now. It is called as the other one was. Throws as `prepareGraphRun`; how large it may be is asked by `assertFits`.
 */
export async function prepareRedrivenRun(
  store: PlanStore,
  workflow: WorkflowRecord,
  { source, version, input }: RedrivenFrom,
): Promise<Omit<GraphRunInput, "executionId">> {
  if (version?.definition !== undefined) {
    const { definition, definitionHash, version: number } = version;
    const { origin: _started, ...names } = namesOf(source);
    return (await prepareGraphRun(store, { ...workflow, definition, definitionHash, version: number }, input, names))
      .run;
  }
  assertActive(workflow);
  const { executionId: _, resumed: __, breakpoints: ___, redriven: ____, origin: _____, ...same } = source;
  const parsed = parseDefinition(source.snapshot.definition);
  if (!parsed.ok) throw problemsRefused("definition", parsed.error);
  checkInput(parsed.value, input);
  return { ...same, ...NEW_RUN, input };
}

function assertActive(workflow: WorkflowRecord): void {
  if (workflow.status !== "ARCHIVED") return;
  throw new OrchestratorError(
    "FAILED_PRECONDITION",
    `workflow ${workflow.id} is ARCHIVED and cannot be executed; set its status to ACTIVE first`,
  );
}

function storedDefinition(workflow: WorkflowRecord): ValidDefinition {
  const parsed = parseStored(workflow);
  if (parsed.ok) return parsed.value;
  throw problemsRefused("definition", parsed.error);
}

function checkInput({ input_schema }: ValidDefinition, input: JsonValue): void {
  const problems = input_schema === undefined ? [] : checkAgainstSchema(input_schema, input);
  if (problems.length > 0) throw problemsRefused("input", problems);
}

/** Everything that the run may need, as it stands now: later edits never reach it. */
async function takeSnapshot(
  store: PlanStore,
  workflow: WorkflowRecord,
  definition: ValidDefinition,
): Promise<DefinitionSnapshot> {
  const { workflows, problems } = await findCalledWorkflows(store, {
    references: workflowReferences(definition),
    id: workflow.id,
  });
  if (problems.length > 0) throw cannotRun(workflow, problems);
  const definitions = [definition, ...Object.values(workflows).map((called) => called.definition)];
  const tasks = await takeTasks(store, workflow, namesIn(definitions.flatMap(taskReferences)));
  const snapshot = { definition, hash: workflow.definitionHash, tasks };
  return Object.keys(workflows).length === 0 ? snapshot : { ...snapshot, workflows };
}

async function takeTasks(
  store: PlanStore,
  workflow: WorkflowRecord,
  names: readonly string[],
): Promise<Readonly<Record<string, TaskSnapshot>>> {
  const records = await store.getTasks(names.map((name) => parseTaskId(name)));
  const tasks: Record<string, TaskSnapshot> = {};
  for (const name of names) {
    const record = records.find(({ id }) => id === name.toLowerCase());
    if (record === undefined) {
      throw new OrchestratorError("FAILED_PRECONDITION", `workflow ${workflow.id} names task ${name}, which is gone`);
    }
    const { taskType, title, config, workspacePath } = record;
    tasks[name] = { taskType, title, config, workspacePath };
  }
  return tasks;
}

/** A workflow that it runs was changed since this one was stored. */
function cannotRun(workflow: WorkflowRecord, problems: readonly Problem[]): OrchestratorError {
  const violations = problems.map(({ pointer, message }) => ({ field: `definition${pointer}`, description: message }));
  const told = violations.map(({ field, description }) => `${field}: ${description}`).join("; ");
  const message = `workflow ${workflow.id} cannot be run as its definition stands: ${told}`;
  return new OrchestratorError("FAILED_PRECONDITION", message, { violations });
}

const BY_REFERENCE = "Pass large data by reference";
const FROM_EARLIER = "Redrive from an earlier node, so that less is reused, or pass large data by reference";

export function fitsInStart(run: Pick<GraphRunInput, "snapshot" | "input" | "redriven">): boolean {
  return bytesOf(run) <= MAX_RUN_INPUT_BYTES;
}

/** Says what takes the room, so that one knows what to make smaller. */
export function assertFits(run: Pick<GraphRunInput, "snapshot" | "input" | "redriven">): void {
  if (fitsInStart(run)) return;
  const sizeBytes = bytesOf(run);
  const { definition, tasks, workflows = {} } = run.snapshot;
  const parts = {
    "the definition": definition,
    "the tasks": tasks,
    "the workflows": workflows,
    "the input": run.input,
    ...(run.redriven === undefined ? {} : { "what is reused": run.redriven }),
  };
  const told = Object.entries(parts).map(([what, value]) => `${what} ${bytesOf(value)}`);
  throw new OrchestratorError(
    "RESOURCE_EXHAUSTED",
    `a run is started with at most ${MAX_RUN_INPUT_BYTES} bytes, and this one takes ${sizeBytes}: the definition, the tasks ` +
      `and workflows that it names, and the input (${told.join(", ")}). ${run.redriven === undefined ? BY_REFERENCE : FROM_EARLIER}`,
  );
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
