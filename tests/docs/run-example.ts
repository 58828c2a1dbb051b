import { parseDuration } from "../../src/core/duration";
import type { Failure } from "../../src/core/errors";
import type { JsonObject, JsonValue } from "../../src/core/json";
import { allNodes } from "../../src/definition/bodies";
import type {
  DefinitionSnapshot,
  TaskSnapshot,
  ValidDefinition,
  WorkflowSnapshot,
} from "../../src/definition/graph-types";
import { parseDefinition } from "../../src/definition/parse-definition";
import { type StepResult, start, step, viewNodes } from "../../src/engine/engine";
import type { EngineCommand, EngineInput, RunOutcome, RunTaskCommand } from "../../src/engine/engine-types";

/** What a task or a child run gives. A text is what `shell` prints. `takes` is a duration, none where absent. */
type Result = JsonValue | { readonly fails: string } | { readonly takes: string };

/** The `run` block of an example: what a run is given, then what is said to come of it. */
export interface ExampleRun {
  readonly input?: JsonValue;
  /** By instance id. */
  readonly results?: Readonly<Record<string, Result>>;
  readonly messages?: readonly { readonly after?: string; readonly name: string; readonly payload: JsonValue }[];
  /** By instance id. */
  readonly answers?: Readonly<Record<string, JsonObject & { readonly approved: boolean }>>;
  readonly cancel?: { readonly after: string };
  readonly output?: JsonValue;
  /** Code of the failure. */
  readonly failed?: string;
  readonly cancelled?: true;
  /** Statuses by instance id. */
  readonly nodes?: Readonly<Record<string, string>>;
  /** Instance ids of the tasks, as they start. */
  readonly ran?: readonly string[];
  /** Virtual time from start to end. */
  readonly takes?: string;
}

export interface ExampleResult {
  readonly outcome: RunOutcome;
  readonly nodes: Readonly<Record<string, string>>;
  readonly ran: readonly string[];
  readonly tookMs: number;
  readonly used: Used;
}

/** What the run took, to be held against its computed worst case. */
export interface Used {
  readonly activities: number;
  readonly timers: number;
  readonly children: number;
  readonly activitiesAtOnce: number;
}

const START_MS = Date.parse("2030-01-31T09:00:00Z");
/** Steps after which an example has gone astray. */
const MAX_STEPS = 10_000;
const EXECUTION = { id: "01900000-0000-7000-8000-000000000001" };

/** Runs a definition on the engine itself, in virtual time, with made-up results of its tasks. */
export function runExample(definition: ValidDefinition, example: ExampleRun): ExampleResult {
  return new Harness(example).run(snapshotOf(definition));
}

interface Due {
  readonly atMs: number;
  /** Of a task, child or timer: what a cancel takes out. */
  readonly of?: string;
  readonly input: EngineInput;
}

class Harness {
  readonly #example: ExampleRun;
  readonly #ran: string[] = [];
  #due: Due[] = [];
  #nowMs = START_MS;
  #outcome: RunOutcome | undefined;
  #used: Used = { activities: 0, timers: 0, children: 0, activitiesAtOnce: 0 };

  constructor(example: ExampleRun) {
    this.#example = example;
  }

  run(snapshot: DefinitionSnapshot): ExampleResult {
    const { input = {}, messages = [], cancel } = this.#example;
    for (const { after, name, payload } of messages) this.#add(after, { type: "message", name, payload });
    if (cancel !== undefined) this.#add(cancel.after, { type: "cancel", reason: "cancelled" });
    let result = start(snapshot, input, EXECUTION, this.#nowMs);
    this.#carryOut(result);
    for (let steps = 0; this.#outcome === undefined; steps += 1) {
      const next = this.#next();
      if (next === undefined || steps > MAX_STEPS) throw new Error(`the run waits for ever: ${waitingIn(result)}`);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      result = step(result.state, next.input, this.#nowMs);
      this.#carryOut(result);
    }
    const nodes = Object.fromEntries(viewNodes(result.state).map(({ id, status }) => [id, status]));
    return { outcome: this.#outcome, nodes, ran: this.#ran, tookMs: this.#nowMs - START_MS, used: this.#used };
  }

  /** The earliest; of those at the same time the one that was there first. */
  #next(): Due | undefined {
    const [first] = [...this.#due].sort((left, right) => left.atMs - right.atMs);
    this.#due = this.#due.filter((due) => due !== first);
    return first;
  }

  #add(after: string | undefined, input: EngineInput, of?: string): void {
    this.#due.push({ atMs: this.#nowMs + milliseconds(after ?? "0s"), input, ...(of === undefined ? {} : { of }) });
  }

  #carryOut({ state, commands }: StepResult): void {
    for (const command of commands) this.#command(command);
    this.#count(commands);
    for (const { id, waiting } of viewNodes(state)) if (waiting?.for === "approval") this.#answer(id);
  }

  #count(commands: readonly EngineCommand[]): void {
    const started = (type: EngineCommand["type"]) => commands.filter((command) => command.type === type).length;
    const running = this.#due.filter(({ input }) => input.type.startsWith("task_")).length;
    const { activities, timers, children, activitiesAtOnce } = this.#used;
    this.#used = {
      activities: activities + started("run_task"),
      timers: timers + started("start_timer"),
      children: children + started("start_child"),
      activitiesAtOnce: Math.max(activitiesAtOnce, running),
    };
  }

  readonly #answered = new Set<string>();

  #answer(nodeId: string): void {
    const answer = this.#example.answers?.[nodeId];
    if (answer === undefined || this.#answered.has(nodeId)) return;
    this.#answered.add(nodeId);
    const { after, ...rest } = answer as typeof answer & { readonly after?: string };
    this.#add(after, { type: "answer", nodeId, ...rest });
  }

  #command(command: EngineCommand): void {
    switch (command.type) {
      case "run_task":
        this.#ran.push(command.activityId);
        this.#runTask(command);
        break;
      case "start_child":
        this.#startChild(command.childId);
        break;
      case "start_timer": {
        const input: EngineInput = { type: "timer_fired", timerId: command.timerId };
        this.#due.push({ atMs: command.dueAtMs, of: command.timerId, input });
        break;
      }
      case "cancel_timer":
        this.#takeOut(command.timerId);
        break;
      case "cancel_task":
        this.#takeOut(command.activityId);
        this.#add(undefined, { type: "task_cancelled", activityId: command.activityId });
        break;
      case "cancel_child":
        this.#takeOut(command.childId);
        this.#add(undefined, { type: "child_cancelled", childId: command.childId });
        break;
      case "yield":
        this.#due.unshift({ atMs: this.#nowMs, input: { type: "go_on" } });
        break;
      case "finish":
        this.#outcome = command.outcome;
    }
  }

  #takeOut(id: string): void {
    this.#due = this.#due.filter(({ of }) => of !== id);
  }

  #runTask({ activityId, taskType, config }: RunTaskCommand): void {
    const { failure, output, after } = this.#resultOf(activityId);
    const input: EngineInput =
      failure === undefined
        ? { type: "task_completed", activityId, output: outputOf(taskType, config, output) }
        : { type: "task_failed", activityId, failure };
    this.#add(after, input, activityId);
  }

  #startChild(childId: string): void {
    const { failure, output = null, after } = this.#resultOf(childId);
    const input: EngineInput =
      failure === undefined ? { type: "child_completed", childId, output } : { type: "child_failed", childId, failure };
    this.#add(after, input, childId);
  }

  #resultOf(id: string): { readonly failure?: Failure; readonly output?: JsonValue; readonly after?: string } {
    const result = this.#example.results?.[id];
    if (result === undefined) return {};
    if (typeof result !== "object" || result === null) return { output: result };
    const { fails, takes } = result as { readonly fails?: string; readonly takes?: string };
    if (fails !== undefined) return { failure: { code: fails, message: `it failed with ${fails}` } };
    return takes === undefined ? { output: result as JsonValue } : { after: takes };
  }
}

/** As the runner of the task type shapes it. */
function outputOf(taskType: string, config: JsonObject, result: JsonValue | undefined): JsonValue {
  if (taskType === "noop") return result ?? config["output"] ?? null;
  if (taskType === "shell" && (result === undefined || typeof result === "string"))
    return { exit_code: 0, stdout: result ?? "", stderr: "" };
  return result ?? { status: 200, headers: {}, body: null };
}

function waitingIn({ state }: StepResult): string {
  return JSON.stringify(viewNodes(state).filter(({ status }) => status === "running"));
}

export function milliseconds(text: string): number {
  const parsed = parseDuration(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error}`);
  return parsed.value;
}

/** Whatever stored tasks and workflows a definition names, there are such. */
function snapshotOf(definition: ValidDefinition): DefinitionSnapshot {
  const tasks: Record<string, TaskSnapshot> = {};
  const workflows: Record<string, WorkflowSnapshot> = {};
  const stored = { taskType: "shell", title: "Stored", config: { command: "make" }, workspacePath: "/w" };
  for (const { node } of allNodes(definition)) {
    if (node.type === "task" && "task_id" in node.config) tasks[node.config.task_id] = stored;
    if (node.type === "workflow") workflows[node.config.workflow_id] = storedWorkflow();
  }
  return { definition, hash: "0", tasks, workflows };
}

function storedWorkflow(): WorkflowSnapshot {
  const parsed = parseDefinition({ nodes: [{ id: "a", type: "task", config: { task_type: "noop", config: {} } }] });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  return { name: "Stored", version: 1, definition: parsed.value, hash: "0" };
}
