import { readClientConfig } from "../../config";
import { isOrchestratorError } from "../../core/errors";
import { isJsonObject } from "../../core/json";
import type { ExecutionEvent } from "../../events/event-types";
import { mockKinds } from "../../simulation/kinds";
import type { Mocks } from "../../simulation/mocks";
import { mocksFromEvents, type PastExecution, withMocks } from "../../simulation/mocks-from-events";
import type { SimulationReport } from "../../simulation/report";
import { type SimulationOptions, simulateValid } from "../../simulation/simulate";
import { withSession } from "../connection/client-session";
import { EXIT_CODES, usageError } from "../exit-codes";
import { followExecution } from "../follow/follow-execution";
import { writeNotice } from "../follow/follow-view";
import { withInterruption } from "../interrupt";
import { onceOnly, readJsonValue, readStandardInput, type TextSource } from "../options/values";
import { printView } from "../output/output";
import type { SimulateOptions } from "./simulate-command";
import { simulationView } from "./simulate-view";
import { readWorkflowSource, type WorkflowSource } from "./workflow-source";

export async function simulateWorkflow(fileOrId: string, options: SimulateOptions): Promise<void> {
  const { format } = readClientConfig(options);
  const stdin = onceOnly(fileOrId === "-" ? alreadyRead : readStandardInput);
  const source = await readWorkflowSource(fileOrId, options);
  const given = await givenMocks(options.mocks, stdin);
  const input = options.input === undefined ? undefined : await readJsonValue("--input", options.input, stdin);
  const past = options.from === undefined ? undefined : await pastExecution(options.from, source, options);
  const report = simulated(source, {
    input: input ?? past?.input ?? {},
    mocks: past === undefined ? given : withMocks(past.mocks, given),
    nowMs: options.start ?? past?.startedAtMs ?? Date.now(),
    strict: options.strict ?? false,
    ...(options.maxSteps === undefined ? {} : { maxSteps: options.maxSteps }),
  });
  printView(simulationView(report, options.events === true), format);
  process.exitCode = report.outcome.status === "completed" ? EXIT_CODES.done : EXIT_CODES.failed;
}

function alreadyRead(): string {
  throw usageError("- stands for standard input, which can be read only once");
}

async function givenMocks(file: string | undefined, stdin: TextSource): Promise<Mocks> {
  if (file === undefined) return {};
  // As `--input` has it, but a bare word is a file, which mocks mostly are.
  const isValue = file === "-" || /^\s*[@{[]/.test(file);
  const mocks = await readJsonValue("--mocks", isValue ? file : `@${file}`, stdin);
  if (!isJsonObject(mocks)) throw usageError(`--mocks must hold an object: mocks by node id`);
  return mocks as unknown as Mocks;
}

function simulated({ definition, hash, tasks }: WorkflowSource, options: SimulationOptions): SimulationReport {
  try {
    return simulateValid(definition, { ...options, tasks, definitionHash: hash });
  } catch (error) {
    if (!isOrchestratorError(error) || error.code !== "INVALID_ARGUMENT") throw error;
    const lines = error.violations.map(({ field, description }) => `  ${field}: ${description}`);
    throw usageError(`this cannot be simulated:\n${lines.join("\n")}`);
  }
}

/** The results of an execution as far as it has come: one that still runs is followed to its end. */
async function pastExecution(
  executionId: string,
  { definition }: WorkflowSource,
  options: SimulateOptions,
): Promise<PastExecution> {
  const events: ExecutionEvent[] = [];
  await withSession(options, ({ connection }) =>
    withInterruption((signal) =>
      followExecution(connection, {
        executionId,
        reconnectForMs: 0,
        isReached: false,
        signal,
        onEvent: (event) => events.push(event),
        onConnectionLost: () => undefined,
        onReconnected: () => undefined,
      }),
    ),
  );
  const past = mocksFromEvents(events, mockKinds(definition));
  for (const id of past.tooLarge)
    writeNotice(`the output of ${id} is too large for the stream and is not mocked; give it with --mocks`);
  return past;
}
