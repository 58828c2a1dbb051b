import { type ExecutionId, parseExecutionId } from "../../../core/ids";
import type { JsonObject, JsonValue } from "../../../core/json";
import type { PlanRedriveRequest } from "../../../gen/proto/executions";
import { contentHash } from "../../../starting/content-hash";
import { MAX_INPUT_BYTES, MAX_INSTANCE_ID_LENGTH, MAX_REDRIVE_NODES } from "../../limits";
import { RequestCheck } from "../../requests/request-check";

/** What a redrive is asked to do, checked by itself. */
export interface RedriveWish {
  readonly executionId: ExecutionId;
  readonly from: readonly string[];
  /** Undefined: that of the execution. */
  readonly input: JsonValue | undefined;
  readonly outputs: ReadonlyMap<string, JsonValue>;
  /** Undefined: what the execution ran. */
  readonly workflowVersion: number | undefined;
  /** Two wishes with the same hash are the same. */
  readonly hash: string;
}

/** Throws INVALID_ARGUMENT with every field that is wrong. */
export function decodeRedrive(request: PlanRedriveRequest, check = new RequestCheck()): RedriveWish {
  const executionId = parseExecutionId(request.executionId, "execution_id");
  const { workflowVersion } = request;
  if (request.from.length > MAX_REDRIVE_NODES)
    check.add("from", `must name at most ${MAX_REDRIVE_NODES} nodes; names ${request.from.length}`);
  const from = [...new Set(request.from.map((id) => check.requiredText("from", id, MAX_INSTANCE_ID_LENGTH)))];
  const given = Object.entries(request.outputs);
  if (given.length > MAX_REDRIVE_NODES)
    check.add("outputs", `must be of at most ${MAX_REDRIVE_NODES} nodes; are of ${given.length}`);
  const outputs = new Map(given.map(([id, text]) => readOutput(check, id, text)));
  const input = request.input === undefined ? undefined : check.json("input", request.input, MAX_INPUT_BYTES);
  if (workflowVersion !== undefined && workflowVersion < 1)
    check.add("workflow_version", `must be from 1; got ${workflowVersion}`);
  check.finish();
  const wish = {
    redrive: executionId,
    from: [...from].sort(),
    outputs: Object.fromEntries(outputs),
    ...(input === undefined ? {} : { input }),
    ...(workflowVersion === undefined ? {} : { workflow_version: workflowVersion }),
  } satisfies JsonObject;
  return { executionId, from, input, outputs, workflowVersion, hash: contentHash(wish) };
}

function readOutput(check: RequestCheck, id: string, text: string): readonly [string, JsonValue] {
  check.requiredText("outputs", id, MAX_INSTANCE_ID_LENGTH);
  return [id, check.json(`outputs/${id.slice(0, 100)}`, text, MAX_INPUT_BYTES)];
}
