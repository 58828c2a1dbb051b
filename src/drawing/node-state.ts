import { assertNever } from "../core/assert-never";
import { durationText } from "../core/duration-text";

/** Where a node stands. `pending`: nothing has been heard of it. */
export const NODE_STATUSES = ["pending", "running", "completed", "failed", "skipped", "cancelled"] as const;
export type NodeStatus = (typeof NODE_STATUSES)[number];

/** What became of a node in one execution; of several runs of it, the sum. */
export interface NodeState {
  readonly status: NodeStatus;
  /** Of a task that ran once: its last attempt, from 1. */
  readonly attempt?: number;
  /** Which iteration of the loops around it this is, from 1; absent where there has been only one. */
  readonly iteration?: number;
  /** Of a map, and of what is inside one. `total` is absent while it is not known. */
  readonly items?: ItemCounts;
  /** So far, where it runs. */
  readonly durationMs?: number;
  /** Of a failure. */
  readonly code?: string;
  /** What it did has been undone. */
  readonly isCompensated?: boolean;
}

export interface ItemCounts {
  readonly total?: number;
  /** Completed or skipped. */
  readonly done: number;
  readonly failed: number;
}

/** `failed SHELL_EXIT_CODE, attempt 3, 1.2s`; `running, 97/100 done, 3 failed`. */
export function stateText(state: NodeState): string {
  const { status, attempt, iteration, items, durationMs, code, isCompensated } = state;
  return [
    code === undefined ? statusText(status) : `${statusText(status)} ${code}`,
    ...(items === undefined ? [] : itemTexts(items)),
    ...(iteration === undefined ? [] : [`iteration ${iteration}`]),
    ...(attempt === undefined || attempt < 2 ? [] : [`attempt ${attempt}`]),
    ...(durationMs === undefined ? [] : [durationText(durationMs)]),
    ...(isCompensated === true ? ["undone"] : []),
  ].join(", ");
}

function itemTexts({ total, done, failed }: ItemCounts): readonly string[] {
  const counted = total === undefined ? `${done} done` : `${done}/${total} done`;
  return failed === 0 ? [counted] : [counted, `${failed} failed`];
}

function statusText(status: NodeStatus): string {
  return status === "pending" ? "not run" : status;
}

/** A sign beside the words and the colour. */
export function stateMark(status: NodeStatus): string {
  switch (status) {
    case "pending":
      return "○";
    case "running":
      return "●";
    case "completed":
      return "✓";
    case "failed":
      return "✗";
    case "skipped":
      return "»";
    case "cancelled":
      return "⊘";
    default:
      return assertNever(status, "status");
  }
}
