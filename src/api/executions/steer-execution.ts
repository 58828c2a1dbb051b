import { randomUUID } from "node:crypto";
import { parseDuration } from "../../core/duration";
import { type ExecutionId, parseExecutionId } from "../../core/ids";
import { parseTime } from "../../core/rfc3339";
import { MAX_MAP_CONCURRENCY } from "../../definition/limits";
import type { SteerAction } from "../../engine/engine-types";
import type {
  CancelNodeRequest,
  PauseExecutionRequest,
  ResumeExecutionRequest,
  RetryNodeRequest,
  SetNodeOutputRequest,
  SkipNodeRequest,
  SteeringResponse,
  UpdateExecutionRequest,
} from "../../gen/proto/executions";
import type { RunReference, UpdateOutcome } from "../../temporal/runs-port";
import { MAX_REQUEST_ID_LENGTH } from "../../workflows/message-inputs";
import type { ApiContext } from "../api-context";
import { MAX_INSTANCE_ID_LENGTH, MAX_MESSAGE_BYTES, MAX_NODES_UPDATED, MAX_TITLE_LENGTH } from "../limits";
import { RequestCheck } from "../requests/request-check";
import { type ExecutionUpdate, updateExecution as sendUpdate } from "./update-execution";

/** What all requests to steer have. */
interface Steering {
  readonly executionId: string;
  readonly by?: string | undefined;
  readonly requestId?: string | undefined;
}

/** A request as it goes to the run, without what it asks for. */
interface Sender {
  readonly executionId: ExecutionId;
  readonly isRepeatable: boolean;
  readonly signed: { readonly requestId: string; readonly by?: string };
}

export async function pauseExecution(context: ApiContext, request: PauseExecutionRequest): Promise<SteeringResponse> {
  const check = new RequestCheck();
  return await steer(context, readSender(check, request), { action: "pause" });
}

export async function resumeExecution(context: ApiContext, request: ResumeExecutionRequest): Promise<SteeringResponse> {
  const check = new RequestCheck();
  const action: SteerAction = { action: "resume", ...(request.step ? { step: true } : {}) };
  return await steer(context, readSender(check, request), action);
}

export async function skipNode(context: ApiContext, request: SkipNodeRequest): Promise<SteeringResponse> {
  const check = new RequestCheck();
  const nodeId = readNode(check, request);
  return await steer(context, readSender(check, request), { action: "skip", nodeId });
}

export async function setNodeOutput(context: ApiContext, request: SetNodeOutputRequest): Promise<SteeringResponse> {
  const check = new RequestCheck();
  const nodeId = readNode(check, request);
  const output = check.json("output", request.output, MAX_MESSAGE_BYTES);
  return await steer(context, readSender(check, request), { action: "set_output", nodeId, output });
}

export async function cancelNode(context: ApiContext, request: CancelNodeRequest): Promise<SteeringResponse> {
  const check = new RequestCheck();
  const nodeId = readNode(check, request);
  return await steer(context, readSender(check, request), { action: "cancel_node", nodeId });
}

/** The run says whether it makes sense, and remembers the request; Temporal makes the attempt. */
export async function retryNode(context: ApiContext, request: RetryNodeRequest): Promise<SteeringResponse> {
  const check = new RequestCheck();
  const nodeId = readNode(check, request);
  const sender = readSender(check, request);
  return await send(context, sender, "node_id", async (run) => {
    const found = await context.runs.attemptOf(run, nodeId);
    const attempt = found === null ? { isWaiting: false } : found;
    const outcome = await context.runs.steer(run, { action: "retry", nodeId, ...attempt, ...sender.signed });
    if (outcome.status === "taken") await context.runs.tryAgainNow(run, nodeId);
    return outcome;
  });
}

export async function updateExecution(context: ApiContext, request: UpdateExecutionRequest): Promise<SteeringResponse> {
  const check = new RequestCheck();
  const { timeout, concurrency } = request;
  const hasConcurrency = Object.keys(concurrency).length > 0;
  if (timeout === undefined && !hasConcurrency)
    check.add("timeout", "or concurrency must be there: what is to change?");
  const timeoutAtMs = timeout === undefined ? undefined : readDeadline(check, timeout, Date.now());
  if (hasConcurrency) checkConcurrency(check, concurrency);
  const action: SteerAction = {
    action: "update",
    ...(timeoutAtMs === undefined ? {} : { timeoutAtMs }),
    ...(hasConcurrency ? { concurrency } : {}),
  };
  return await steer(context, readSender(check, request), action, "concurrency");
}

function readNode(check: RequestCheck, { nodeId }: { readonly nodeId: string }): string {
  return check.requiredText("node_id", nodeId, MAX_INSTANCE_ID_LENGTH);
}

/** Throws for all that is wrong with the request. */
function readSender(check: RequestCheck, request: Steering): Sender {
  const executionId = parseExecutionId(request.executionId, "execution_id");
  const by = request.by === undefined ? undefined : check.requiredText("by", request.by, MAX_TITLE_LENGTH);
  const requestId = check.key("request_id", request.requestId ?? randomUUID(), MAX_REQUEST_ID_LENGTH);
  check.finish();
  const signed = { requestId, ...(by === undefined ? {} : { by }) };
  return { executionId, isRepeatable: request.requestId !== undefined, signed };
}

async function steer(
  context: ApiContext,
  sender: Sender,
  action: SteerAction,
  target: ExecutionUpdate["fields"]["target"] = "node_id",
): Promise<SteeringResponse> {
  return await send(context, sender, target, (run) => context.runs.steer(run, { ...action, ...sender.signed }));
}

async function send(
  context: ApiContext,
  { executionId, isRepeatable, signed }: Sender,
  target: ExecutionUpdate["fields"]["target"],
  deliver: (run: RunReference) => Promise<UpdateOutcome>,
): Promise<SteeringResponse> {
  const fields = { content: "output", target } as const;
  await sendUpdate(context, { executionId, isRepeatable, what: "steering", fields, send: deliver });
  return { requestId: signed.requestId };
}

function readDeadline(check: RequestCheck, timeout: string, nowMs: number): number {
  const durationMs = parseDuration(timeout);
  if (durationMs.ok && durationMs.value > 0) return nowMs + durationMs.value;
  const timeMs = parseTime(timeout);
  if (timeMs === undefined)
    check.add("timeout", 'must be a duration such as "30m", or a time such as "2030-01-31T09:00:00Z"');
  else if (timeMs <= nowMs) check.add("timeout", `must be in the future; cancel the execution to end it now`);
  return timeMs ?? nowMs;
}

function checkConcurrency(check: RequestCheck, concurrency: Readonly<Record<string, number>>): void {
  const entries = Object.entries(concurrency);
  if (entries.length > MAX_NODES_UPDATED)
    check.add("concurrency", `must have at most ${MAX_NODES_UPDATED} nodes; has ${entries.length}`);
  for (const [nodeId, items] of entries)
    if (items < 1 || items > MAX_MAP_CONCURRENCY)
      check.add(`concurrency/${nodeId.slice(0, 100)}`, `must be from 1 to ${MAX_MAP_CONCURRENCY}; is ${items}`);
}
