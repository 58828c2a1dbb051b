import { parseTaskId, parseWorkflowId } from "../../core/ids";
import type { JsonObject } from "../../core/json";
import { WorkflowStatus as WireStatus, type Workflow } from "../../gen/proto/workflows";
import type { WorkflowRecord, WorkflowStatus } from "../../store/records";
import { enumCodec } from "./enum-codec";
import { decodeTimestamp, encodeTimestamp } from "./timestamps";

export const workflowStatusCodec = enumCodec<WorkflowStatus, WireStatus>({
  DRAFT: WireStatus.WORKFLOW_STATUS_DRAFT,
  ACTIVE: WireStatus.WORKFLOW_STATUS_ACTIVE,
  ARCHIVED: WireStatus.WORKFLOW_STATUS_ARCHIVED,
});

/** What the contract has no field for. */
type VersionOfWorkflow = Pick<WorkflowRecord, "definitionHash" | "version">;

export function encodeWorkflow(record: WorkflowRecord): Workflow {
  return {
    id: record.id,
    name: record.name,
    description: record.description,
    definition: JSON.stringify(record.definition),
    status: workflowStatusCodec.encode(record.status),
    createdAt: encodeTimestamp(record.createdAt),
    updatedAt: encodeTimestamp(record.updatedAt),
    taskIds: [...record.taskIds],
  };
}

/** The inverse of `encodeWorkflow`. Throws for what no server sends. */
export function decodeWorkflow(workflow: Workflow, version: VersionOfWorkflow): WorkflowRecord {
  const status = workflowStatusCodec.decode(workflow.status);
  if (status === undefined) throw new Error(`unknown workflow status ${workflow.status}`);
  return {
    id: parseWorkflowId(workflow.id),
    name: workflow.name,
    description: workflow.description,
    definition: JSON.parse(workflow.definition) as JsonObject,
    status,
    createdAt: decodeTimestamp(workflow.createdAt),
    updatedAt: decodeTimestamp(workflow.updatedAt),
    taskIds: workflow.taskIds.map((id) => parseTaskId(id)),
    ...version,
  };
}
