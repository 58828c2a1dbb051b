import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { ServiceError } from "@grpc/grpc-js";
import { definitionIn } from "../../../src/cli/workflow/definition-file";
import type { JsonObject, JsonValue } from "../../../src/core/json";
import type { ExecutionEvent } from "../../../src/events/event-types";
import type { RunReference } from "../../../src/temporal/runs-port";
import { STATE_QUERY } from "../../../src/workflows/history-contract";
import type { StateView } from "../../../src/workflows/state-view";
import { decodeRefusal, executionIdOf, type Refusal, refusal } from "../api-client";
import type { TestStack } from "../api-stack";
import { type Expected, filledIn, type Scenario, type Step } from "./scenario";

/** What came of a run, with what was expected of it. */
export interface Played {
  readonly expected: Expected;
  readonly workflowId: string;
  /** Of a run that was started. */
  readonly run?: RunReference;
  readonly events: readonly ExecutionEvent[];
  /** Of one that was not. */
  readonly refusal?: Refusal;
}

/** Stores what the scenario names, runs its definition, does what is to be done; one entry for each run there was. */
export async function playScenario(stack: TestStack, scenario: Scenario, http: string): Promise<readonly Played[]> {
  const workflowId = await storeAll(stack, scenario, http);
  const input = scenario.input ?? {};
  const first = await startRun(stack, workflowId, input, scenario.expect);
  const others: RunningScenario[] = [];
  for (const step of scenario.outside ?? []) {
    if (step.at !== undefined) await first.entered(step.at);
    if (!("again" in step)) {
      await first.take(step);
      continue;
    }
    const other = await startRun(stack, workflowId, step.again.input ?? input, step.again.expect);
    await other.endedOrWaiting();
    others.push(other);
  }
  return await Promise.all([first, ...others].map((run) => run.played()));
}

async function storeAll({ client }: TestStack, scenario: Scenario, http: string): Promise<string> {
  const names = new Map([["http", http]]);
  for (const [name, { task_type, config }] of Object.entries(scenario.tasks ?? {})) {
    const task = await client.createTask({ title: name, taskType: task_type, config: JSON.stringify(config) });
    names.set(name, task.id);
  }
  const store = async (source: JsonObject, file: string) => {
    const read = definitionIn(filledIn(source, names), file, "");
    if (read.kind !== "workflow") throw new Error(`${file} is no workflow`);
    const { name, description, definition } = read;
    const request = { name, description, definition: JSON.stringify(definition) };
    return (await client.createWorkflow(request).catch(thrown(scenario))).id;
  };
  for (const [name, definition] of Object.entries(scenario.workflows ?? {}))
    names.set(name, await store(definition, name));
  return await store(scenario.definition, "scenario.yaml");
}

const thrown = (scenario: Scenario) => (error: ServiceError) => {
  throw new Error(`'${scenario.scenario}' is refused: ${JSON.stringify(decodeRefusal(error).violations)}`);
};

async function startRun(
  stack: TestStack,
  workflowId: string,
  input: JsonValue,
  expected: Expected,
): Promise<RunningScenario> {
  const call = stack.client.workflows.executeWorkflow({ id: workflowId, input: JSON.stringify(input) });
  try {
    const executionId = await executionIdOf(call);
    const { temporalWorkflowId, temporalRunId } = await stack.client.getExecution(executionId);
    return new RunningScenario(stack, expected, workflowId, { executionId, temporalWorkflowId, temporalRunId });
  } catch (error) {
    return new RunningScenario(stack, expected, workflowId, decodeRefusal(error as ServiceError));
  } finally {
    call.on("error", () => undefined);
    call.cancel();
  }
}

class RunningScenario {
  readonly #stack: TestStack;
  readonly #expected: Expected;
  readonly #workflowId: string;
  readonly #run: RunReference | Refusal;
  readonly #events: ExecutionEvent[] = [];
  readonly #ended: Promise<void>;

  constructor(stack: TestStack, expected: Expected, workflowId: string, run: RunReference | Refusal) {
    this.#stack = stack;
    this.#expected = expected;
    this.#workflowId = workflowId;
    this.#run = run;
    this.#ended = this.#read();
  }

  async #read(): Promise<void> {
    if ("violations" in this.#run) return;
    const { signal } = new AbortController();
    for await (const event of this.#stack.streams.watch(this.#run, { signal })) this.#events.push(event);
  }

  async played(): Promise<Played> {
    await this.#ended;
    const common = { expected: this.#expected, workflowId: this.#workflowId, events: this.#events };
    return "violations" in this.#run ? { ...common, refusal: this.#run } : { ...common, run: this.#run };
  }

  async entered(node: string): Promise<void> {
    const isEntered = () => this.#events.some(({ type, nodeId }) => type === "NODE_ENTERED" && nodeId === node);
    await this.#until(async () => isEntered());
    if (!isEntered()) throw new Error(`the run has ended without ${node}`);
  }

  async endedOrWaiting(): Promise<void> {
    const handle = this.#stack.connection.client.workflow.getHandle(this.#reference().temporalWorkflowId);
    await this.#until(async () => (await handle.query<StateView>(STATE_QUERY)).waitsForTurn !== undefined);
  }

  /** Or until the run has ended. */
  async #until(isSo: () => Promise<boolean>): Promise<void> {
    let hasEnded = false;
    const ended = this.#ended.then(() => {
      hasEnded = true;
    });
    while (!hasEnded && !(await isSo())) await Promise.race([ended, sleep(20)]);
  }

  async take(step: Exclude<Step, { readonly again: object }>): Promise<void> {
    const request = this.#send(step);
    if (!("refused" in step) || step.refused === undefined) return void (await request);
    const { code } = await refusal(request);
    if (code !== step.refused) throw new Error(`refused with ${code} and not with ${step.refused}`);
  }

  async #send(step: Exclude<Step, { readonly again: object }>): Promise<unknown> {
    const { client } = this.#stack;
    const { executionId } = this.#reference();
    const requestId = randomUUID();
    if ("cancel" in step) return await client.cancelExecution({ id: executionId, reason: step.cancel });
    if ("message" in step) {
      const { name, payload = null } = step.message;
      return await client.signalExecution({ executionId, name, payload: JSON.stringify(payload), requestId });
    }
    const { form, ...answer } = step.answer;
    const asked = { executionId, nodeId: step.at, requestId, ...answer };
    return await client.answerApproval(form === undefined ? asked : { ...asked, form: JSON.stringify(form) });
  }

  #reference(): RunReference {
    if ("violations" in this.#run) throw new Error(`the run was refused: ${this.#run.message}`);
    return this.#run;
  }
}
