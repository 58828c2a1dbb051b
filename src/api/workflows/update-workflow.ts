import { OrchestratorError } from "../../core/errors";
import { parseWorkflowId } from "../../core/ids";
import type { UpdateWorkflowRequest, Workflow } from "../../gen/proto/workflows";
import type { WorkflowStatus } from "../../store/records";
import type { WorkflowChanges } from "../../store/store-port";
import type { ApiContext } from "../api-context";
import { encodeWorkflow, workflowStatusCodec } from "../convert/workflow";
import { MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH } from "../limits";
import { notFound } from "../requests/not-found";
import { RequestCheck } from "../requests/request-check";
import { decodeDefinition } from "./decode-definition";

export async function updateWorkflow({ store }: ApiContext, request: UpdateWorkflowRequest): Promise<Workflow> {
  const id = parseWorkflowId(request.id);
  const workflow = await store.getWorkflow(id);
  if (workflow === null) throw notFound("workflow", id);
  const check = new RequestCheck();
  const changes: { -readonly [Key in keyof WorkflowChanges]: WorkflowChanges[Key] } = {};
  if (request.name !== undefined) changes.name = check.requiredText("name", request.name, MAX_TITLE_LENGTH);
  if (request.description !== undefined) {
    changes.description = check.text("description", request.description, MAX_DESCRIPTION_LENGTH);
  }
  if (request.definition !== undefined) {
    changes.definition = await decodeDefinition(check, store, request.definition, id);
  }
  const status = workflowStatusCodec.check(check, "status", request.status);
  check.finish();
  if (status !== undefined) {
    assertTransition(workflow.status, status);
    changes.status = status;
  }
  const updated = await store.updateWorkflow(id, changes);
  if (updated === null) throw notFound("workflow", id);
  return encodeWorkflow(updated);
}

/**
 * A draft may become active or archived; active and archived may become each other. Nothing becomes a draft again: that
 * status says that the workflow was never released.
 */
function assertTransition(from: WorkflowStatus, to: WorkflowStatus): void {
  if (to !== "DRAFT" || from === "DRAFT") return;
  throw new OrchestratorError(
    "FAILED_PRECONDITION",
    `a workflow that is ${from} cannot become a DRAFT again; set ${from === "ARCHIVED" ? "ACTIVE to use it again" : "ARCHIVED to retire it"}`,
  );
}
