import { randomUUID } from "node:crypto";
import {
  type Execution,
  ExecutionKind,
  ExecutionStatus,
  type PlanRedriveRequest,
  RedriveExecutionRequest,
  type RedrivePlan,
} from "../gen/proto/executions";
import { confirmed } from "./bulk";
import { actOnMany, type BulkVerb, isOfMany } from "./bulk-executions";
import { type ClientSession, withSession } from "./client-session";
import type { Connection } from "./connection";
import { jsonText, sendOnce } from "./execution-updates-actions";
import { EXIT_CODES, usageError } from "./exit-codes";
import { DEFAULT_WIDTH } from "./output";
import { executionView, idView } from "./records-view";
import type { RedriveOptions } from "./redrive-command";
import { redrivePlanLines, redrivePlanView } from "./redrive-view";
import { onceOnly, readJsonValue, readStandardInput } from "./values";
import { workflowVersion } from "./workflow-version";

/** What is asked for, of one execution or of many. */
type Wish = Omit<PlanRedriveRequest, "executionId" | "workflowVersion">;

export async function redriveExecutions(id: string | undefined, options: RedriveOptions): Promise<void> {
  const isBulk = isOfMany(id, options);
  if (isBulk && (options.plan === true || options.idempotencyKey !== undefined))
    throw usageError(
      "--plan and --idempotency-key are for one execution",
      "Of many --dry-run says how many there are.",
    );
  if (!isBulk && options.dryRun === true) throw usageError("--dry-run is for many executions", "Give --plan.");
  const wish = await readWish(options);
  await withSession(options, async (session) => {
    if (isBulk || id === undefined) await actOnMany(session, options, redriving(session.connection, wish, options));
    else await redriveOne(session, id, wish, options);
  });
}

async function readWish({ from = [], input, setOutput = [] }: RedriveOptions): Promise<Wish> {
  const stdin = onceOnly(readStandardInput);
  const outputs: Record<string, string> = {};
  for (const given of setOutput) {
    const [, node, text] = /^([^=]+)=(.*)$/s.exec(given) ?? [];
    if (node === undefined || text === undefined)
      throw usageError(`--set-output ${given}: must be NODE=JSON`, `Such as --set-output 'fetch={"status": 200}'.`);
    if (Object.hasOwn(outputs, node)) throw usageError(`--set-output gives ${node} two outputs`);
    outputs[node] = JSON.stringify(await readJsonValue("--set-output", text, stdin));
  }
  return { from: [...from], input: await jsonText("--input", input), outputs };
}

async function redriveOne(session: ClientSession, id: string, wish: Wish, options: RedriveOptions): Promise<void> {
  const { connection, print } = session;
  const version = await versionFor(connection, options.definition, () => subjectOf(connection, id));
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

function redriving(connection: Connection, wish: Wish, { definition }: RedriveOptions): BulkVerb {
  const versions = new Map<string, Promise<number | undefined>>();
  const executions = new Map<string, Execution>();
  return {
    command: "Redrive",
    doing: "redriving",
    done: "redriven",
    passedOver: "were redriven already",
    one: "execution",
    statuses: [ExecutionStatus.EXECUTION_STATUS_FAILED, ExecutionStatus.EXECUTION_STATUS_CANCELLED],
    // Done a second time, it does what is left of the first.
    fits: (execution) => {
      executions.set(execution.id, execution);
      return execution.redrivenAs.length === 0;
    },
    work: async (executionId) => {
      const subjectId = executions.get(executionId)?.subjectId ?? "";
      const isTask = executions.get(executionId)?.kind === ExecutionKind.EXECUTION_KIND_TASK;
      const find = () => versionFor(connection, definition, async () => subjectId);
      const version = versions.get(subjectId) ?? (isTask ? Promise.resolve(undefined) : find());
      versions.set(subjectId, version);
      const latest = await getOne(connection, executionId);
      if (latest.redrivenAs.length > 0) return "passed over";
      const request = RedriveExecutionRequest.fromPartial({
        ...wish,
        executionId,
        workflowVersion: await version,
        requestId: `bulk/${executionId}`,
      });
      await connection.call<Execution>((...call) => connection.executions.redriveExecution(request, ...call));
      return "done";
    },
  };
}

/** Undefined: what the execution ran. */
async function versionFor(
  connection: Connection,
  given: string | undefined,
  workflowId: () => Promise<string>,
): Promise<number | undefined> {
  if (given === undefined) return undefined;
  if (/^[1-9]\d{0,8}$/.test(given)) return Number(given);
  if (given !== "latest")
    throw usageError(
      `--definition must be the number of a version, or latest; got ${JSON.stringify(given)}`,
      "`aco workflow update ID --definition FILE` makes a new version of a file, and `aco workflow versions ID` lists them.",
    );
  const found = await workflowVersion(connection, {
    workflowId: await workflowId(),
    version: undefined,
    definitionHash: undefined,
  });
  return found?.version;
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
