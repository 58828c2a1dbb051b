import { type ClientConfig, readClientConfig } from "../../config";
import type { HealthCheckResponse } from "../../gen/proto/health";
import type { Task } from "../../gen/proto/tasks";
import type { Workflow } from "../../gen/proto/workflows";
import { type ClientSession, withSession } from "../connection/client-session";
import { openConnection } from "../connection/connection";
import { isConnectionLoss } from "../connection/rpc-errors";
import { readNames } from "../execution/execution-names";
import { CliError, EXIT_CODES, usageError } from "../exit-codes";
import { onceOnly, readJsonObject, readJsonValue, readStandardInput, type TextSource } from "../options/values";
import { withEmbeddedServer } from "../server/embedded-server";
import { readDefinitionFile, type TaskFile, type WorkflowFile } from "../workflow/definition-file";
import { refuseProblems, withPlaces } from "../workflow/definition-refusal";
import { withBreakpoints } from "./breakpoint-metadata";
import { execute } from "./execute";
import type { RunOptions } from "./run-command";

/** A server on this machine answers within milliseconds; whatever takes longer is not ours. */
const PROBE_DEADLINE_MS = 3_000;

/** What a file asks for, read and checked before anything is started. */
type Plan =
  | { readonly file: TaskFile; readonly configOverride: string | undefined }
  | { readonly file: WorkflowFile; readonly input: string | undefined };

export async function runFile(name: string, options: RunOptions): Promise<void> {
  const plan = await readPlan(name, options);
  if (!(await needsOwnServer(options))) {
    await withSession(options, (session) => runPlan(session, plan, options));
    return;
  }
  if (options.detach === true)
    throw new CliError(
      EXIT_CODES.unreachable,
      "no server is running, and --detach needs one that stays",
      "Start it in another terminal with: aco server start-dev",
    );
  // The server that would be started says the same, some seconds later.
  if (!("configOverride" in plan)) await refuseProblems(plan.file);
  await withEmbeddedServer(options.dataDir, async (server) => {
    const withServer = { ...options, server: `http://${server.address}` };
    await withSession(withServer, (session) =>
      runPlan(session, plan, withServer, (executionId) => server.describeReturn(executionId)),
    );
  });
}

/** Whether a server has to be started for the run: it was asked for, or none is named and the usual place is empty. */
async function needsOwnServer(options: RunOptions): Promise<boolean> {
  if (options.embedded === true && options.server !== undefined)
    throw usageError("--embedded starts a server, and --server names one", "Give one of the two.");
  if (options.embedded === true) return true;
  const config = readClientConfig(options);
  return !config.server.configured && !(await isAnswering(config));
}

async function readPlan(name: string, options: RunOptions): Promise<Plan> {
  // Before anything is made that a mistake on the command line would leave behind.
  readNames(options);
  const stdin = onceOnly(readStandardInput);
  const file = await readDefinitionFile(name, stdin);
  if (file.kind === "task") {
    if (options.input !== undefined)
      throw usageError(`${name} holds a task, and a task has no input`, "Change its config with --config-override.");
    if (options.breakAt !== undefined || options.step === true)
      throw usageError(`${name} holds a task, and a task has no nodes`, "Leave --break-at and --step out.");
    return { file, configOverride: await overrideText(options, stdin) };
  }
  if (options.configOverride !== undefined)
    throw usageError(`${name} holds a workflow, and only a task has a config to override`, "Give it an --input.");
  const input = options.input === undefined ? undefined : await readJsonValue("--input", options.input, stdin);
  return { file, input: input === undefined ? undefined : JSON.stringify(input) };
}

async function overrideText(options: RunOptions, stdin: TextSource): Promise<string | undefined> {
  const override = await readJsonObject("--config-override", options.configOverride ?? [], stdin);
  return override === undefined ? undefined : JSON.stringify(override);
}

/** Whether anything answers gRPC there; what it answers is for the real call to judge. */
async function isAnswering(config: ClientConfig): Promise<boolean> {
  const connection = openConnection(config);
  try {
    await connection.call<HealthCheckResponse>(
      (...call) => connection.health.check({ service: "" }, ...call),
      PROBE_DEADLINE_MS,
    );
    return true;
  } catch (error) {
    return !isConnectionLoss(error);
  } finally {
    connection.close();
  }
}

async function runPlan(
  session: ClientSession,
  plan: Plan,
  options: RunOptions,
  describeReturn?: (executionId: string) => string,
): Promise<void> {
  const { connection } = session;
  const shared = { options, ...(describeReturn === undefined ? {} : { describeInterrupted: describeReturn }) };
  if ("configOverride" in plan) {
    const { id } = await createTask(session, plan.file);
    const { configOverride } = plan;
    await execute(session, {
      ...shared,
      label: plan.file.title,
      open: (metadata) => connection.tasks.executeTask({ id, configOverride }, metadata),
      onRefused: () => quietly(connection.call((...call) => connection.tasks.deleteTask({ id }, ...call))),
    });
    return;
  }
  const { id } = await createWorkflow(session, plan.file);
  const { input } = plan;
  await execute(session, {
    ...shared,
    label: plan.file.name,
    open: (metadata) => connection.workflows.executeWorkflow({ id, input }, withBreakpoints(metadata, options)),
    onRefused: () => quietly(connection.call((...call) => connection.workflows.deleteWorkflow({ id }, ...call))),
  });
}

/** The refusal is what a person has to hear of, not what became of the clean-up. */
async function quietly(work: Promise<unknown>): Promise<void> {
  await work.catch(() => undefined);
}

function createTask({ connection }: ClientSession, file: TaskFile): Promise<Task> {
  const request = {
    title: file.title,
    description: file.description,
    taskType: file.taskType,
    config: JSON.stringify(file.config),
    metadata: file.metadata === undefined ? undefined : JSON.stringify(file.metadata),
    workspacePath: file.workspacePath,
  };
  return connection.call((...call) => connection.tasks.createTask(request, ...call));
}

function createWorkflow({ connection }: ClientSession, file: WorkflowFile): Promise<Workflow> {
  const { name, description } = file;
  const request = { name, description, definition: JSON.stringify(file.definition) };
  return withPlaces(file.source, () =>
    connection.call((...call) => connection.workflows.createWorkflow(request, ...call)),
  );
}
