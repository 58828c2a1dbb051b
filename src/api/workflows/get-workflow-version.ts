import { OrchestratorError } from "../../core/errors";
import { parseWorkflowId, type WorkflowId } from "../../core/ids";
import type { GetWorkflowVersionRequest, WorkflowVersion } from "../../gen/proto/executions";
import type { WorkflowVersionRecord } from "../../store/records";
import type { Store } from "../../store/store-port";
import type { ApiContext } from "../api-context";
import { encodeWorkflowVersion } from "../convert/workflow-version";
import { notFound } from "../requests/not-found";
import { RequestCheck } from "../requests/request-check";

/** SHA-256 in hex. */
const HASH = /^[0-9a-f]{64}$/;

export async function getWorkflowVersion(
  { store }: ApiContext,
  request: GetWorkflowVersionRequest,
): Promise<WorkflowVersion> {
  const id = parseWorkflowId(request.workflowId, "workflow_id");
  const { version } = request;
  const hash = request.definitionHash?.toLowerCase();
  const check = new RequestCheck();
  if (version !== undefined && version < 1) check.add("version", `must be from 1; got ${version}`);
  if (hash !== undefined && !HASH.test(hash)) check.add("definition_hash", "must be a SHA-256 in hex: 64 digits");
  if (hash !== undefined && version !== undefined) check.add("definition_hash", "cannot be given with `version`");
  check.finish();
  const record = await find(store, id, version, hash);
  if (record !== null) return encodeWorkflowVersion(record);
  const workflow = await store.getWorkflow(id);
  if (workflow === null) throw notFound("workflow", id);
  const what = hash === undefined ? `version ${version}` : `version with the hash ${hash}`;
  const message = `workflow ${id} has no ${what}; its newest is version ${workflow.version}`;
  throw new OrchestratorError("NOT_FOUND", message);
}

function find(
  store: Store,
  id: WorkflowId,
  version: number | undefined,
  hash: string | undefined,
): Promise<WorkflowVersionRecord | null> {
  if (version !== undefined) return store.getWorkflowVersion(id, version);
  return store.getNewestWorkflowVersion(id, hash === undefined ? {} : { definitionHash: hash });
}
