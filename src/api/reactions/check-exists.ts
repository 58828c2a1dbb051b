import { parseTaskId, parseWorkflowId } from "../../core/ids";
import type { ApiContext } from "../api-context";
import type { RequestCheck } from "../requests/request-check";

/** Notes that there is no such task or workflow. */
export async function checkExists(
  check: RequestCheck,
  { store }: Pick<ApiContext, "store">,
  kind: "workflow" | "task",
  id: string,
  field: string,
): Promise<void> {
  const found = kind === "task" ? await store.getTask(parseTaskId(id)) : await store.getWorkflow(parseWorkflowId(id));
  if (found === null) check.add(field, `there is no ${kind} ${id}`);
}
