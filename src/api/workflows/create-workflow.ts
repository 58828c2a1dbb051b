import { v7 as uuidv7 } from "uuid";
import { parseWorkflowId } from "../../core/ids";
import type { CreateWorkflowRequest, Workflow } from "../../gen/proto/workflows";
import type { ApiContext } from "../api-context";
import { encodeWorkflow } from "../convert/workflow";
import { MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";
import { decodeDefinition } from "./decode-definition";

export async function createWorkflow({ store }: ApiContext, request: CreateWorkflowRequest): Promise<Workflow> {
  const check = new RequestCheck();
  const name = check.requiredText("name", request.name, MAX_TITLE_LENGTH);
  const description = check.text("description", request.description, MAX_DESCRIPTION_LENGTH);
  const definition = await decodeDefinition(check, store, request.definition);
  check.finish();
  const id = parseWorkflowId(uuidv7());
  return encodeWorkflow(await store.createWorkflow({ id, name, description, ...definition }));
}
