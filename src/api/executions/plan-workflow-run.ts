import { OrchestratorError } from "../../core/errors";
import { parseTaskId } from "../../core/ids";
import type { JsonValue } from "../../core/json";
import type { DefinitionSnapshot, TaskSnapshot, ValidDefinition } from "../../definition/graph-types";
import { checkAgainstSchema } from "../../definition/json-schema";
import { parseDefinition, taskIdsOf } from "../../definition/parse-definition";
import type { WorkflowRecord } from "../../store/records";
import { ENGINE_VERSION } from "../../workflows/history-contract";
import type { ApiContext } from "../api-context";
import { contentHash } from "../content-hash";
import { MAX_INPUT_BYTES, MAX_RUN_INPUT_BYTES } from "../limits";
import { RequestCheck } from "../requests/request-check";
import type { RunPlan } from "./start-execution";

/** Snapshots the definition and the tasks that it names, and checks the input against the definition's schema. */
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
  assertFits(Buffer.byteLength(JSON.stringify(run)));
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

async function takeSnapshot(
  { store }: ApiContext,
  workflow: WorkflowRecord,
  definition: ValidDefinition,
): Promise<DefinitionSnapshot> {
  const names = taskIdsOf(definition);
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
  return { definition, hash: workflow.definitionHash, tasks };
}

function assertFits(sizeBytes: number): void {
  if (sizeBytes <= MAX_RUN_INPUT_BYTES) return;
  throw new OrchestratorError(
    "RESOURCE_EXHAUSTED",
    `the definition, the tasks that it names and the input have ${sizeBytes} bytes together; a run takes at most ` +
      `${MAX_RUN_INPUT_BYTES}. Pass large data by reference`,
  );
}
