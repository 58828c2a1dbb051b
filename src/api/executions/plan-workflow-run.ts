import { OrchestratorError } from "../../core/errors";
import { parseTaskId } from "../../core/ids";
import type { JsonValue } from "../../core/json";
import type { DefinitionSnapshot, Problem, TaskSnapshot, ValidDefinition } from "../../definition/graph-types";
import { checkAgainstSchema } from "../../definition/json-schema";
import { parseDefinition } from "../../definition/parse-definition";
import { namesIn, taskReferences } from "../../definition/references";
import type { WorkflowRecord } from "../../store/records";
import { ENGINE_VERSION } from "../../workflows/history-contract";
import type { ApiContext } from "../api-context";
import { contentHash } from "../content-hash";
import { MAX_INPUT_BYTES, MAX_RUN_INPUT_BYTES } from "../limits";
import { RequestCheck } from "../requests/request-check";
import { findCalledWorkflows } from "../workflows/called-workflows";
import type { RunPlan } from "./start-execution";

/** Snapshots the definition with the tasks and workflows that it names, and checks the input against the definition's schema. */
export async function planWorkflowRun(
  context: ApiContext,
  workflow: WorkflowRecord,
  inputText: string | undefined,
): Promise<RunPlan> {
  if (workflow.status === "ARCHIVED") {
    throw new OrchestratorError(
      "FAILED_PRECONDITION",
      `workflow ${workflow.id} is ARCHIVED and cannot be executed; set its status to ACTIVE first`,
    );
  }
  const definition = parseStored(workflow);
  const input = decodeInput(definition, inputText);
  const requestHash = contentHash({ input });
  const run = {
    engineVersion: ENGINE_VERSION,
    workflowId: workflow.id,
    workflowVersion: workflow.version,
    name: workflow.name,
    snapshot: await takeSnapshot(context, workflow, definition),
    input,
  };
  assertFits(run);
  return {
    kind: "workflow",
    subjectId: workflow.id,
    requestHash,
    input,
    definitionHash: workflow.definitionHash,
    workflowVersion: workflow.version,
    start: (executionId) => context.runs.startGraph({ ...run, executionId }, requestHash),
  };
}

/** A stored definition was valid when it was stored; a stricter version of the server may no longer take it. */
function parseStored(workflow: WorkflowRecord): ValidDefinition {
  const parsed = parseDefinition(workflow.definition);
  if (parsed.ok) return parsed.value;
  const check = new RequestCheck();
  check.addProblems("definition", parsed.error);
  check.finish();
  throw new Error("a definition was refused without a problem");
}

function decodeInput(definition: ValidDefinition, text: string | undefined): JsonValue {
  const check = new RequestCheck();
  const input = text === undefined ? {} : check.json("input", text, MAX_INPUT_BYTES);
  if (!check.mentions("input") && definition.input_schema !== undefined) {
    check.addProblems("input", checkAgainstSchema(definition.input_schema, input));
  }
  check.finish();
  return input;
}

/** Everything that the run may need, as it stands now: later edits never reach it. */
async function takeSnapshot(
  { store }: ApiContext,
  workflow: WorkflowRecord,
  definition: ValidDefinition,
): Promise<DefinitionSnapshot> {
  const { workflows, problems } = await findCalledWorkflows(store, { definition, id: workflow.id });
  if (problems.length > 0) throw cannotRun(workflow, problems);
  const definitions = [definition, ...Object.values(workflows).map((called) => called.definition)];
  const tasks = await takeTasks(store, workflow, namesIn(definitions.flatMap(taskReferences)));
  const snapshot = { definition, hash: workflow.definitionHash, tasks };
  return Object.keys(workflows).length === 0 ? snapshot : { ...snapshot, workflows };
}

async function takeTasks(
  store: ApiContext["store"],
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

/** Says what takes the room, so that one knows what to make smaller. */
function assertFits(run: { readonly snapshot: DefinitionSnapshot; readonly input: JsonValue }): void {
  const sizeBytes = bytesOf(run);
  if (sizeBytes <= MAX_RUN_INPUT_BYTES) return;
  const { definition, tasks, workflows = {} } = run.snapshot;
  const parts = {
    "the definition": definition,
    "the tasks": tasks,
    "the workflows": workflows,
    "the input": run.input,
  };
  const told = Object.entries(parts).map(([what, value]) => `${what} ${bytesOf(value)}`);
  throw new OrchestratorError(
    "RESOURCE_EXHAUSTED",
    `a run is started with at most ${MAX_RUN_INPUT_BYTES} bytes, and this one takes ${sizeBytes}: the definition, the tasks ` +
      `and workflows that it names, and the input (${told.join(", ")}). Pass large data by reference`,
  );
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
