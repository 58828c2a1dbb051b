import { randomUUID } from "node:crypto";
import { isJsonObject, type JsonObject, type JsonValue } from "../../core/json";
import { formFields, withValue } from "../../definition/form-fields";
import { checkAgainstSchema } from "../../definition/json-schema";
import { type Approval, ApprovalOrder, type ListApprovalsResponse } from "../../gen/proto/executions";
import { type ClientSession, withSession } from "../connection/client-session";
import { type Answer, sendAnswer, userName } from "../execution/execution-updates-actions";
import { usageError } from "../exit-codes";
import { onceOnly, parseJson, readJsonValue, readStandardInput } from "../options/values";
import { harmlessLine } from "../output/terminal-text";
import type { AnswerApprovalsOptions, ListApprovalsOptions } from "./approvals-command";
import { approvalLines, approvalsView } from "./approvals-view";
import { parseField } from "./form-fields";
import { askForm, askOne, askText, canAsk, showNote } from "./form-prompts";

export async function listApprovals(options: ListApprovalsOptions): Promise<void> {
  const { NEWEST, OLDEST } = ORDERS;
  await withSession(options, async ({ connection, print }) => {
    const request = {
      limit: options.limit,
      pageToken: options.pageToken,
      order: options.newestFirst === true ? NEWEST : OLDEST,
      workflowId: options.of,
      executionId: options.execution,
      by: options.by,
    };
    const page = await connection.call<ListApprovalsResponse>((...call) =>
      connection.executions.listApprovals(request, ...call),
    );
    print(approvalsView(page, new Date()));
  });
}

const ORDERS = {
  NEWEST: ApprovalOrder.APPROVAL_ORDER_NEWEST_FIRST,
  OLDEST: ApprovalOrder.APPROVAL_ORDER_OLDEST_FIRST,
} as const;

/** What is not given is asked for where there is a terminal; elsewhere it is refused before anything is sent. */
export async function answerApprovals(
  executionId: string | undefined,
  nodeId: string | undefined,
  options: AnswerApprovalsOptions,
): Promise<void> {
  const isDecided = options.approve === true || options.reject === true;
  if (!isDecided && !canAsk()) throw usageError("an answer is yes or no", "Give --approve or --reject.");
  if (executionId === undefined && !canAsk())
    throw usageError("which approval is not said", "Give EXECUTION and NODE; `aco approvals` lists them.");
  const given = await givenForm(options);
  await withSession(options, async (session) => {
    const approval = await find(session, executionId, nodeId);
    await sendAnswer(session, await readAnswer(approval, options, given));
  });
}

/** Asks in the terminal for what is not given. Throws a `CliError` where the questions are broken off. */
export async function readAnswer(
  approval: Approval,
  options: AnswerApprovalsOptions,
  given?: JsonValue,
): Promise<Answer> {
  const isDecided = options.approve === true || options.reject === true;
  if (canAsk()) showNote(approvalLines(approval, new Date()).join("\n"), approval.nodeName);
  const approved = isDecided ? options.approve === true : await askWhether();
  const by = options.by ?? (await whoAnswers(approval));
  const form = await formOf(approval, approved, given, options.field ?? []);
  const comment = options.comment ?? (isDecided ? undefined : await askComment());
  return {
    executionId: approval.executionId,
    nodeId: approval.nodeId,
    approved,
    form: form === undefined ? undefined : JSON.stringify(form),
    comment,
    by,
    requestId: options.idempotencyKey ?? randomUUID(),
  };
}

async function givenForm({ form }: AnswerApprovalsOptions): Promise<JsonValue | undefined> {
  return form === undefined ? undefined : await readJsonValue("--form", form, onceOnly(readStandardInput));
}

/** The approval that is meant. One that is named in full and not listed is left to the server, which says why. */
async function find(
  { connection }: ClientSession,
  executionId: string | undefined,
  nodeId: string | undefined,
): Promise<Approval> {
  const request = { executionId, order: ORDERS.OLDEST, limit: 1_000 };
  const { approvals } = await connection.call<ListApprovalsResponse>((...call) =>
    connection.executions.listApprovals(request, ...call),
  );
  const found = nodeId === undefined ? approvals : approvals.filter((one) => one.nodeId === nodeId);
  const [only, second] = found;
  if (executionId !== undefined && nodeId !== undefined) return only ?? unlisted(executionId, nodeId);
  if (only === undefined)
    throw usageError(executionId === undefined ? "nothing waits" : `nothing of ${executionId} waits`);
  if (second === undefined && executionId !== undefined) return only;
  if (canAsk()) return await askOne("Which one?", found.map(choice));
  const nodes = found.slice(0, 10).map((one) => harmlessLine(one.nodeId));
  throw usageError(
    `${found.length} approvals of ${executionId} wait: ${nodes.join(", ")}`,
    "Say which: give NODE as well.",
  );
}

function choice(approval: Approval): { readonly value: Approval; readonly label: string; readonly hint: string } {
  const { nodeId, message, workflowName, executionId } = approval;
  return { value: approval, label: `${nodeId}: ${message.slice(0, 60)}`, hint: `${workflowName} ${executionId}` };
}

/** The run may know of it already, and the list not yet. */
function unlisted(executionId: string, nodeId: string): Approval {
  const nothing = { workflowId: "", workflowName: "", message: "", formSchema: undefined, approvers: [], onTimeout: 0 };
  return { ...nothing, executionId, nodeId, nodeName: nodeId, waitingSince: "", waitsUntil: undefined, brief: true };
}

async function askWhether(): Promise<boolean> {
  return await askOne("What do you say?", [
    { value: true, label: "approve" },
    { value: false, label: "reject" },
  ]);
}

async function askComment(): Promise<string | undefined> {
  const text = await askText("Comment (optional)");
  return text === "" ? undefined : text;
}

/** The user's own name, unless others are to answer and there is somebody to ask. */
async function whoAnswers({ approvers }: Approval): Promise<string | undefined> {
  const user = userName();
  if (approvers.length === 0 || (user !== undefined && approvers.includes(user)) || !canAsk()) return user;
  return await askOne(
    "Who answers?",
    approvers.map((approver) => ({ value: approver, label: approver })),
  );
}

/** A rejection needs no form. One that is there must match, and is told to before it is sent. */
async function formOf(
  approval: Approval,
  approved: boolean,
  given: JsonValue | undefined,
  fields: readonly string[],
): Promise<JsonValue | undefined> {
  const schema = schemaOf(approval);
  const form = withFields(given, fields, schema);
  if (schema === undefined || (!approved && form === undefined)) return form;
  const problems = checkAgainstSchema(schema, form ?? {});
  if (problems.length === 0) return form;
  if (canAsk()) return await askForm(schema, form);
  const lines = problems.map(({ pointer, message }) => `form${pointer}: ${message}`);
  throw usageError(lines.join("\n"), "Give the fields with --field NAME=VALUE, or all of them with --form.");
}

function schemaOf({ formSchema, nodeId }: Approval): JsonObject | undefined {
  if (formSchema === undefined) return undefined;
  const schema = parseJson(formSchema, `the form of ${harmlessLine(nodeId)}`);
  return isJsonObject(schema) ? schema : undefined;
}

/** `NAME=VALUE` becomes what the schema says of that field, `NAME:=JSON` any JSON; a dot leads into an object. */
function withFields(
  given: JsonValue | undefined,
  fields: readonly string[],
  schema: JsonObject | undefined,
): JsonValue | undefined {
  const known = schema === undefined ? [] : formFields(schema);
  let form = given;
  for (const text of fields) {
    const [, name, sign, value = ""] = /^([^=:]+)(:?=)(.*)$/s.exec(text) ?? [];
    if (name === undefined) throw usageError(`--field ${text} must be NAME=VALUE or NAME:=JSON`);
    form = withValue(form ?? {}, name.split("."), fieldValue(name, sign === ":=", value, known));
  }
  return form;
}

function fieldValue(name: string, isJson: boolean, text: string, known: ReturnType<typeof formFields>): JsonValue {
  if (isJson) return parseJson(text, `--field ${name}`);
  const field = known.find(({ path }) => path.join(".") === name);
  if (field === undefined) return text;
  const parsed = parseField(field, text);
  if (parsed.ok) return parsed.value;
  throw usageError(`--field ${name}: ${parsed.message}`);
}
