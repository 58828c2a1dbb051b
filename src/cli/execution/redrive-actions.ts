import { randomUUID } from "node:crypto";
import {
  type Execution,
  ExecutionKind,
  ExecutionStatus,
  type PlanRedriveRequest,
  RedriveExecutionRequest,
  type RedrivePlan,
} from "../../gen/proto/executions";
import { type ClientSession, withSession } from "../connection/client-session";
import type { Connection } from "../connection/connection";
import { EXIT_CODES, usageError } from "../exit-codes";
import { onceOnly, readJsonValue, readStandardInput } from "../options/values";
import { DEFAULT_WIDTH } from "../output/output";
import { executionView, idView } from "../record/records-view";
import { workflowVersion } from "../workflow/workflow-version";
import { confirmed } from "./bulk";
import { actOnMany, type BulkExecution, type BulkVerb, isOfMany } from "./bulk-executions";
import { jsonText, sendOnce } from "./execution-updates-actions";
import type { RedriveOptions } from "./redrive-command";
import { redrivePlanLines, redrivePlanView } from "./redrive-view";

/** What is asked for, of one execution or of many. */
type Wish = Omit<PlanRedriveRequest, "executionId" | "workflowVersion">;

/** Which version of the workflow; undefined: what the execution ran. */
type WantedVersion = number | "latest" | undefined;

export async function redriveExecutions(id: string | undefined, options: RedriveOptions): Promise<void> {
  const isBulk = isOfMany(id, options);
  if (isBulk && (options.plan === true || options.idempotencyKey !== undefined))
    throw usageError(
      "--plan and --idempotency-key are for one execution",
      "Of many --dry-run says how many there are.",
    );
  if (!isBulk && options.dryRun === true) throw usageError("--dry-run is for many executions", "Give --plan.");
  const wanted = readVersion(options.definition);
  const wish = await readWish(options);
  await withSession(options, async (session) => {
    if (isBulk) await actOnMany(session, options, redriving(session.connection, wish, wanted));
    else await redriveOne(session, id, { wish, wanted, options });
  });
}

function readVersion(given: string | undefined): WantedVersion {
  if (given === undefined || given === "latest") return given;
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  throw usageError(
    `--definition must be the number of a version, or latest; got ${JSON.stringify(given)}`,
    "`aco workflow update ID --definition FILE` makes a new version of a file, and `aco workflow versions ID` lists them.",
  );
}

async function readWish({ from = [], input, setOutput = [] }: RedriveOptions): Promise<Wish> {
  const stdin = onceOnly(readStandardInput);
  const outputs: Record<string, string> = {};
  for (const given of setOutput) {
    // `:=` as other flags have it for JSON; here all is JSON.
    const [, node, text] = /^([^=]+?):?=(.*)$/s.exec(given) ?? [];
    if (node === undefined || text === undefined)
      throw usageError(`--set-output ${given}: must be NODE=JSON`, `Such as --set-output 'fetch={"status": 200}'.`);
    if (Object.hasOwn(outputs, node)) throw usageError(`--set-output gives ${node} two outputs`);
    outputs[node] = JSON.stringify(await readJsonValue("--set-output", text, stdin));
  }
  return { from: [...from], input: await jsonText("--input", input), outputs };
}

async function redriveOne(
  session: ClientSession,
  id: string,
  { wish, wanted, options }: { readonly wish: Wish; readonly wanted: WantedVersion; readonly options: RedriveOptions },
): Promise<void> {
  const { connection, print } = session;
  const version = wanted === "latest" ? await latestVersion(connection, await subjectOf(connection, id)) : wanted;
  const request = { ...wish, executionId: id, workflowVersion: version };
  const isAsked = options.plan === true || options.yes !== true;
  const plan = isAsked ? await planOf(connection, request) : undefined;
  if (options.plan === true && plan !== undefined) {
    print(redrivePlanView(plan));
    return;
  }
  if (plan !== undefined && !(await isConfirmed(plan))) {
    process.stderr.write("nothing was redriven\n");
    process.exitCode = EXIT_CODES.failed;
    return;
  }
  const requestId = options.idempotencyKey ?? randomUUID();
  const confirmedRequest = RedriveExecutionRequest.fromPartial({ ...request, requestId, planToken: plan?.planToken });
  const started = await sendOnce<Execution>(session, requestId, (...call) =>
    connection.executions.redriveExecution(confirmedRequest, ...call),
  );
  print(idView(started.id, executionView(started)));
}

/** Shows the plan where somebody is there to look at it. */
async function isConfirmed(plan: RedrivePlan): Promise<boolean> {
  const { stdin, stderr } = process;
  if (stdin.isTTY === true && stderr.isTTY === true)
    for (const line of redrivePlanLines(plan, stderr.columns || DEFAULT_WIDTH)) stderr.write(`${line}\n`);
  return await confirmed("Redrive?", false);
}

function planOf(connection: Connection, request: PlanRedriveRequest): Promise<RedrivePlan> {
  return connection.call<RedrivePlan>((...call) => connection.executions.planRedrive(request, ...call));
}

function redriving(connection: Connection, wish: Wish, wanted: WantedVersion): BulkVerb {
  const latest = new Map<string, Promise<number | undefined>>();
  const versionOf = async ({ kind, subjectId }: BulkExecution): Promise<number | undefined> => {
    if (kind === ExecutionKind.EXECUTION_KIND_TASK) return undefined;
    if (wanted !== "latest") return wanted;
    // Asked for once a workflow.
    const version = latest.get(subjectId) ?? latestVersion(connection, subjectId);
    latest.set(subjectId, version);
    return await version;
  };
  return {
    command: "Redrive",
    doing: "redriving",
    done: "redriven",
    passedOver: "were redriven already",
    one: "execution",
    statuses: [ExecutionStatus.EXECUTION_STATUS_FAILED, ExecutionStatus.EXECUTION_STATUS_CANCELLED],
    // Done a second time, it does what is left of the first.
    fits: ({ redrivenAs }) => redrivenAs.length === 0,
    work: async (execution) => {
      const { id } = execution;
      if ((await getOne(connection, id)).redrivenAs.length > 0) return "passed over";
      const request = RedriveExecutionRequest.fromPartial({
        ...wish,
        executionId: id,
        workflowVersion: await versionOf(execution),
        requestId: `bulk/${id}`,
      });
      await connection.call<Execution>((...call) => connection.executions.redriveExecution(request, ...call));
      return "done";
    },
  };
}

/** Undefined where the server keeps no versions. */
async function latestVersion(connection: Connection, workflowId: string): Promise<number | undefined> {
  const newest = { workflowId, version: undefined, definitionHash: undefined };
  return (await workflowVersion(connection, newest))?.version;
}

async function subjectOf(connection: Connection, id: string): Promise<string> {
  const execution = await getOne(connection, id);
  if (execution.kind !== ExecutionKind.EXECUTION_KIND_WORKFLOW)
    throw usageError("--definition is for executions of workflows; a task has no versions");
  return execution.subjectId;
}

function getOne(connection: Connection, id: string): Promise<Execution> {
  return connection.call<Execution>((...call) => connection.executions.getExecution({ id }, ...call));
}
