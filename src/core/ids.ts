import { OrchestratorError } from "./errors";

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** UUIDv7 of a stored task. */
export type TaskId = Branded<"TaskId">;
/** UUIDv7 of a stored workflow. */
export type WorkflowId = Branded<"WorkflowId">;
/** UUIDv7 of an execution. */
export type ExecutionId = Branded<"ExecutionId">;

/** RFC 9562 text form. Any version is taken, so that records imported from elsewhere keep their ids. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Every id's only constructor. `field` is the request field that the id stands in. Throws INVALID_ARGUMENT. */
function parseId(text: string, field: string, what: string): string {
  const id = text.toLowerCase();
  if (UUID.test(id)) return id;
  const description =
    text === ""
      ? `is required: the ${what}'s id`
      : `must be the ${what}'s id, a UUID; got ${JSON.stringify(text.slice(0, 64))}`;
  throw new OrchestratorError("INVALID_ARGUMENT", `${field}: ${description}`, { violations: [{ field, description }] });
}

export function parseTaskId(text: string, field = "id"): TaskId {
  return parseId(text, field, "task") as TaskId;
}

export function parseWorkflowId(text: string, field = "id"): WorkflowId {
  return parseId(text, field, "workflow") as WorkflowId;
}

export function parseExecutionId(text: string, field = "id"): ExecutionId {
  return parseId(text, field, "execution") as ExecutionId;
}
