import type { ListWorkflowsResponse, Workflow } from "../../gen/proto/workflows";
import { WorkflowStatus } from "../../gen/proto/workflows";
import { withSession } from "../connection/client-session";
import { usageError } from "../exit-codes";
import { withBreakpoints } from "../follow/breakpoint-metadata";
import type { ClientOptions } from "../options/command-options";
import { parseEnumOption } from "../options/enum-option";
import { onceOnly, readJsonValue, readStandardInput } from "../options/values";
import { deleteRecord, executeRecord } from "../record/record-actions";
import { idView, workflowsView, workflowView } from "../record/records-view";
import { readWorkflowFile, type WorkflowFile } from "./definition-file";
import { withPlaces } from "./definition-refusal";
import type {
  CreateWorkflowOptions,
  ExecuteWorkflowOptions,
  ListWorkflowsOptions,
  UpdateWorkflowOptions,
} from "./workflow-command";

const PREFIX = "WORKFLOW_STATUS_";

export async function createWorkflow(file: string, options: CreateWorkflowOptions): Promise<void> {
  const content = await readFile(file);
  const request = {
    name: options.name ?? content.name,
    description: options.description ?? content.description,
    definition: JSON.stringify(content.definition),
  };
  await withSession(options, async ({ connection, print }) => {
    const workflow = await withPlaces(content.source, () =>
      connection.call<Workflow>((...call) => connection.workflows.createWorkflow(request, ...call)),
    );
    print(idView(workflow.id, workflowView(workflow)));
  });
}

function readFile(file: string): Promise<WorkflowFile> {
  return readWorkflowFile(file, `Create it with: aco task create ${file}`);
}

export async function getWorkflow(id: string, options: ClientOptions): Promise<void> {
  await withSession(options, async ({ connection, print }) => {
    print(
      workflowView(await connection.call<Workflow>((...call) => connection.workflows.getWorkflow({ id }, ...call))),
    );
  });
}

export async function listWorkflows(options: ListWorkflowsOptions): Promise<void> {
  const { limit, offset } = options;
  const status = parseEnumOption<WorkflowStatus>("--status", options.status, WorkflowStatus, PREFIX);
  await withSession(options, async ({ connection, print }) => {
    const page = await connection.call<ListWorkflowsResponse>((...call) =>
      connection.workflows.listWorkflows({ limit, offset, status }, ...call),
    );
    print(workflowsView(page));
  });
}

export async function updateWorkflow(id: string, options: UpdateWorkflowOptions): Promise<void> {
  const content = options.definition === undefined ? undefined : await readFile(options.definition);
  const changes = {
    name: options.name,
    description: options.description,
    definition: content === undefined ? undefined : JSON.stringify(content.definition),
    status: parseEnumOption<WorkflowStatus>("--status", options.status, WorkflowStatus, PREFIX),
  };
  if (Object.values(changes).every((value) => value === undefined))
    throw usageError("nothing to change", "Give at least one of --definition, --name, --description, --status.");
  await withSession(options, async ({ connection, print }) => {
    const workflow = await withPlaces(content?.source, () =>
      connection.call<Workflow>((...call) => connection.workflows.updateWorkflow({ id, ...changes }, ...call)),
    );
    print(idView(workflow.id, workflowView(workflow)));
  });
}

export async function deleteWorkflow(id: string, options: ClientOptions): Promise<void> {
  await deleteRecord(id, options, ({ workflows }, ...call) => workflows.deleteWorkflow({ id }, ...call));
}

export async function executeWorkflow(id: string, options: ExecuteWorkflowOptions): Promise<void> {
  const input =
    options.input === undefined
      ? undefined
      : JSON.stringify(await readJsonValue("--input", options.input, onceOnly(readStandardInput)));
  await executeRecord("workflow", options, ({ workflows }, metadata) =>
    workflows.executeWorkflow({ id, input }, withBreakpoints(metadata, options)),
  );
}
