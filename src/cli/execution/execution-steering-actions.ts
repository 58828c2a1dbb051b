import { randomUUID } from "node:crypto";
import type { SteeringResponse } from "../../gen/proto/executions";
import { type ClientSession, withSession } from "../connection/client-session";
import { usageError } from "../exit-codes";
import { harmlessLine } from "../output/terminal-text";
import { idView, recordView } from "../record/records-view";
import type { SteeringOptions, UpdateExecutionOptions } from "./execution-steering-command";
import { jsonText, sendOnce, userName } from "./execution-updates-actions";

/** What each request to steer has. */
interface Signed {
  readonly executionId: string;
  readonly by: string | undefined;
  readonly requestId: string;
}

export type Send = (session: ClientSession, signed: Signed) => Parameters<ClientSession["connection"]["call"]>[0];

export async function skipNode(executionId: string, nodeId: string, options: SteeringOptions): Promise<void> {
  await steer(
    executionId,
    options,
    { did: "skipped", nodeId },
    ({ connection }, signed) =>
      (...call) =>
        connection.executions.skipNode({ ...signed, nodeId }, ...call),
  );
}

export async function setNodeOutput(
  executionId: string,
  nodeId: string,
  given: string,
  options: SteeringOptions,
): Promise<void> {
  const output = (await jsonText("<json>", given)) ?? "";
  await steer(
    executionId,
    options,
    { did: "output set", nodeId },
    ({ connection }, signed) =>
      (...call) =>
        connection.executions.setNodeOutput({ ...signed, nodeId, output }, ...call),
  );
}

export async function cancelNode(executionId: string, nodeId: string, options: SteeringOptions): Promise<void> {
  await steer(
    executionId,
    options,
    { did: "cancelled", nodeId },
    ({ connection }, signed) =>
      (...call) =>
        connection.executions.cancelNode({ ...signed, nodeId }, ...call),
  );
}

export async function retryNode(executionId: string, nodeId: string, options: SteeringOptions): Promise<void> {
  await steer(
    executionId,
    options,
    { did: "tried again", nodeId },
    ({ connection }, signed) =>
      (...call) =>
        connection.executions.retryNode({ ...signed, nodeId }, ...call),
  );
}

export async function updateExecution(executionId: string, options: UpdateExecutionOptions): Promise<void> {
  const { timeout } = options;
  if (timeout === undefined && options.concurrency === undefined)
    throw usageError("there is nothing to change", "Give --timeout or --concurrency.");
  const concurrency = Object.fromEntries((options.concurrency ?? []).map(readConcurrency));
  await steer(
    executionId,
    options,
    { did: "updated" },
    ({ connection }, signed) =>
      (...call) =>
        connection.executions.updateExecution({ ...signed, timeout, concurrency }, ...call),
  );
}

/** The server has the limits; a number is all that is checked here. */
function readConcurrency(text: string): readonly [string, number] {
  const [, nodeId, items] = /^([^=]+)=(\d{1,9})$/.exec(text) ?? [];
  if (nodeId === undefined || items === undefined)
    throw usageError(`--concurrency ${text}: must be MAP=NUMBER`, "Such as --concurrency pages=20.");
  return [nodeId, Number(items)];
}

/** Sends one request, and prints what was done to which node, or to the execution. */
export async function steer(
  executionId: string,
  options: SteeringOptions,
  { did, nodeId }: { readonly did: string; readonly nodeId?: string },
  send: Send,
): Promise<void> {
  const by = options.by ?? userName();
  const requestId = options.idempotencyKey ?? randomUUID();
  await withSession(options, async (session) => {
    const call = send(session, { executionId, by, requestId }) as Parameters<
      typeof session.connection.call<SteeringResponse>
    >[0];
    await sendOnce<SteeringResponse>(session, requestId, call);
    const fields = [
      ["execution", executionId] as const,
      [did, harmlessLine(nodeId ?? "yes")] as const,
      ["by", harmlessLine(by ?? "")] as const,
    ];
    const node = nodeId === undefined ? {} : { node_id: nodeId };
    const json = { execution_id: executionId, action: did.replaceAll(" ", "_"), ...node, by, request_id: requestId };
    session.print(idView(executionId, recordView(fields, json)));
  });
}
