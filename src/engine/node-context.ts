import type { Draft } from "./draft";
import type { FrameDraft } from "./frame-draft";
import { takeMessage } from "./inbox";
import type { NodeContext } from "./nodes/node-behaviour";
import { evaluate, render } from "./scope";
import { partPointer } from "./sites";

/** What a node's behaviour sees of the run. */
export function contextOf(draft: Draft, frame: FrameDraft, viewer: number): NodeContext {
  const { tasks, workflows = {}, definition } = draft.before.snapshot;
  const at = (part: string) => partPointer(frame.site, viewer, part);
  return {
    nowMs: draft.nowMs,
    concurrency: draft.seeds?.isPlan
      ? Number.POSITIVE_INFINITY
      : draft.steering?.concurrency?.find(({ nodeId }) => nodeId === frame.node(viewer).id)?.items,
    defaults: definition.defaults,
    task: (taskId) => (Object.hasOwn(tasks, taskId) ? tasks[taskId] : undefined),
    workflow: (workflowId) => (Object.hasOwn(workflows, workflowId) ? workflows[workflowId] : undefined),
    render: (template, pointer, extra) => render({ draft, frame, viewer, extra }, template, at(pointer)),
    evaluate: (text, pointer, extra, progress) =>
      evaluate({ draft, frame, viewer, extra, progress }, text, at(pointer)),
    takeMessage: (name, schema) => takeMessage(draft, name, schema),
  };
}
