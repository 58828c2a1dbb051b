import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import type {
  AnswerApprovalRequest,
  AnswerApprovalResponse,
  SignalExecutionResponse,
} from "../../gen/proto/executions";
import { type ClientSession, withSession } from "../connection/client-session";
import { describeRpcError, isServiceError } from "../connection/rpc-errors";
import { CliError, EXIT_CODES, usageError } from "../exit-codes";
import { onceOnly, readJsonValue, readStandardInput } from "../options/values";
import { harmlessLine } from "../output/terminal-text";
import { idView, recordView } from "../record/records-view";
import type { AnswerOptions, SignalOptions } from "./execution-updates-command";

export async function signalExecution(executionId: string, name: string, options: SignalOptions): Promise<void> {
  const payload = await jsonText("--payload", options.payload);
  const requestId = options.idempotencyKey ?? randomUUID();
  await withSession(options, async (session) => {
    await sendOnce<SignalExecutionResponse>(session, requestId, (...call) =>
      session.connection.executions.signalExecution({ executionId, name, payload, requestId }, ...call),
    );
    const fields = [["execution", executionId] as const, ["signal", harmlessLine(name)] as const];
    const json = { execution_id: executionId, name, request_id: requestId };
    session.print(idView(executionId, recordView(fields, json)));
  });
}

export async function answerApproval(executionId: string, nodeId: string, options: AnswerOptions): Promise<void> {
  if (options.approve === undefined && options.reject === undefined)
    throw usageError("an answer is yes or no", "Give --approve or --reject.");
  const approved = options.approve === true;
  const form = await jsonText("--form", options.form);
  const by = options.by ?? userName();
  const { comment } = options;
  const requestId = options.idempotencyKey ?? randomUUID();
  const request = { executionId, nodeId, approved, form, comment, by, requestId };
  await withSession(options, (session) => sendAnswer(session, request));
}

export type Answer = AnswerApprovalRequest & { readonly requestId: string };

/** Sends a person's word, and prints what became of it. */
export async function sendAnswer(session: ClientSession, request: Answer): Promise<void> {
  const { executionId, nodeId, approved, by, requestId } = request;
  await sendOnce<AnswerApprovalResponse>(session, requestId, (...call) =>
    session.connection.executions.answerApproval(request, ...call),
  );
  const fields = [
    ["execution", executionId] as const,
    [approved ? "approved" : "rejected", harmlessLine(nodeId)] as const,
    ["by", harmlessLine(by ?? "")] as const,
  ];
  const json = { execution_id: executionId, node_id: nodeId, approved, by, request_id: requestId };
  session.print(idView(executionId, recordView(fields, json)));
}

export async function jsonText(option: string, given: string | undefined): Promise<string | undefined> {
  if (given === undefined) return undefined;
  return JSON.stringify(await readJsonValue(option, given, onceOnly(readStandardInput)));
}

/** Undefined where the system has no name for the user, as in some containers. */
export function userName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined;
  }
}

/** A request whose answer was lost may have been taken; the key with which to send it again is told. */
export async function sendOnce<Response>(
  { connection, config }: ClientSession,
  key: string,
  start: Parameters<typeof connection.call<Response>>[0],
): Promise<Response> {
  try {
    return await connection.call<Response>(start);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    const described = describeRpcError(error, config.server.url);
    if (described.exitCode !== EXIT_CODES.unreachable || described.hint !== undefined) throw described;
    throw new CliError(described.exitCode, described.message, `Send it again with: --idempotency-key '${key}'`);
  }
}
