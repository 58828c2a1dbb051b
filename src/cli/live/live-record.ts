import { type Execution, ExecutionKind } from "../../gen/proto/executions";
import type { Task } from "../../gen/proto/tasks";
import type { Connection } from "../connection/connection";
import { storedDefinition } from "../execution/execution-graph";
import { harmlessLine } from "../output/terminal-text";
import type { LiveRecord } from "./header-lines";
import { EMPTY_SKELETON, type Skeleton, skeletonOf } from "./skeleton";

/** What the live view needs to know before the first event. */
export interface Watched {
  readonly record: LiveRecord;
  readonly skeleton: Skeleton;
  readonly execution: Execution;
}

/** Throws where there is no such execution. What it was made of may be gone, and then it is shown without. */
export async function readWatched(connection: Connection, id: string): Promise<Watched> {
  const execution = await connection.call<Execution>((...call) => connection.executions.getExecution({ id }, ...call));
  const { kind, subjectId, workflowVersion } = execution;
  const isTask = kind === ExecutionKind.EXECUTION_KIND_TASK;
  const subject = await (isTask ? taskSubject(connection, subjectId) : graphSubject(connection, execution)).catch(
    () => ({
      name: "",
      skeleton: EMPTY_SKELETON,
    }),
  );
  const name = harmlessLine(execution.displayName ?? subject.name) || (isTask ? "task" : "workflow");
  const version = workflowVersion === undefined ? "" : ` v${workflowVersion}`;
  const named = execution.displayName === undefined || subject.name === "" ? "" : ` ${harmlessLine(subject.name)}`;
  const of = `${isTask ? "task" : "workflow"}${named}${version}`;
  const record = { executionId: execution.id, name, of, links: linksOf(execution) };
  return { record, skeleton: subject.skeleton, execution };
}

async function taskSubject(connection: Connection, id: string) {
  const task = await connection.call<Task>((...call) => connection.tasks.getTask({ id }, ...call));
  return { name: task.title, skeleton: EMPTY_SKELETON };
}

async function graphSubject(connection: Connection, execution: Execution) {
  const { name, definition } = await storedDefinition(connection, execution.subjectId, execution);
  return { name, skeleton: skeletonOf(definition) };
}

/** Where it comes from, what came of it, and its labels: all say where an execution belongs. */
function linksOf(execution: Execution): readonly string[] {
  const { labels, redrivenFrom, redrivenAs, scheduleId, causedByExecutionId, webhook } = execution;
  const latest = redrivenAs.at(-1);
  const links = [
    ...(redrivenFrom === undefined ? [] : [`redrive of ${redrivenFrom}`]),
    ...(latest === undefined ? [] : [`redriven as ${latest}`]),
    ...(scheduleId === undefined ? [] : [`by schedule ${scheduleId}`]),
    ...(causedByExecutionId === undefined ? [] : [`after ${causedByExecutionId}`]),
    ...(webhook === undefined ? [] : [`by webhook ${webhook}`]),
  ];
  return [
    ...links,
    ...Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .sort(),
  ].map(harmlessLine);
}
