import type { Failure } from "../../core/errors";
import type { JsonValue } from "../../core/json";
import type { MapNode } from "../../definition/graph-types";
import { MAX_OUTPUT_BYTES } from "../limits";
import { failuresBorne, mapItems } from "./map-items";
import type { BodyOutcome, NodeAction, NodeBehaviour, NodeContext, NodeEffect } from "./node-behaviour";
import { at, type Pages, pagesOf, withEntry, withoutPageOf } from "./pages";

/** Items at a time where the node does not say. */
export const DEFAULT_CONCURRENCY = 10;

/** Of a failed item's message, in UTF-16 units: ten thousand of them stand in one output. */
const MAX_ITEM_MESSAGE = 300;

/** Failed items that the failure of the map lists; more do not help, and the failure is kept in history. */
const MAX_LISTED = 20;

type FailedItem = {
  readonly index: number;
  readonly key?: string;
  readonly code: string;
  readonly message: string;
};

/** Carried in the state of the run. Lists that grow with the items are in pages, so that an item's end copies little. */
type MapProgress = {
  readonly total: number;
  /** Items that have been started. */
  readonly started: number;
  readonly ended: number;
  /** Failures that are borne. */
  readonly borne: number;
  /** Those that have been started may be gone. */
  readonly items: Pages;
  /** Null where the node has no `item_key`. */
  readonly keys: Pages | null;
  readonly outputs: Pages;
  /** Of outputs and failures so far, in UTF-16 units of JSON. */
  readonly size: number;
  /** In the order in which they failed. */
  readonly failed: readonly FailedItem[];
};

/** Runs its body for each item, some at a time, and gathers what they give. */
export const mapBehaviour: NodeBehaviour<MapNode> = {
  type: "map",
  enter: (node, context) => {
    const entered = mapItems(node, context);
    if (!entered.ok) return { type: "fail", failure: entered.error };
    const { items, keys } = entered.value;
    const progress: MapProgress = {
      total: items.length,
      started: 0,
      ended: 0,
      borne: failuresBorne(node.config.max_failures, items.length),
      items: pagesOf(items),
      keys: keys === null ? null : pagesOf(keys),
      outputs: pagesOf(items.map(() => null)),
      size: 0,
      failed: [],
    };
    const action = goOn(node, context, progress);
    return action.type === "wait" ? { ...action, input: { items: items.length } } : action;
  },
  resume: (node, context, progress, event) => {
    const before = progress as MapProgress;
    if (event.type === "concurrency") return goOn(node, context, before);
    if (event.type !== "body_ended") return { type: "wait", progress };
    return goOn(node, context, itemEnded(before, Number(event.suffix.slice(1, -1)), event.outcome));
  },
  hasBegun: (progress, index) => index < (progress as MapProgress).started,
  items: (progress) => {
    const { total, ended, failed } = progress as MapProgress;
    return { total, ended, failed: failed.length };
  },
};

function itemEnded(before: MapProgress, index: number, outcome: BodyOutcome): MapProgress {
  const ended = before.ended + 1;
  if (outcome.status === "completed") {
    const size = before.size + JSON.stringify(outcome.output).length;
    return { ...before, ended, outputs: withEntry(before.outputs, index, outcome.output), size };
  }
  const item = failedItem(before, index, outcome);
  const size = before.size + JSON.stringify(item).length;
  return { ...before, ended, failed: [...before.failed, item], size };
}

function failedItem({ keys }: MapProgress, index: number, outcome: Exclude<BodyOutcome, { status: "completed" }>) {
  const { code, message } =
    outcome.status === "failed" ? outcome.failure : { code: "CANCELLED", message: "the item was cancelled by itself" };
  const key = keys === null ? undefined : String(at(keys, index));
  return { index, ...(key === undefined ? {} : { key }), code, message: message.slice(0, MAX_ITEM_MESSAGE) };
}

/** Starts what may be started, or ends when nothing is left to wait for. */
function goOn(node: MapNode, { concurrency }: NodeContext, progress: MapProgress): NodeAction {
  // What still runs is cancelled with the node.
  if (progress.failed.length > progress.borne) return { type: "fail", failure: tooManyFailed(progress) };
  if (progress.size > MAX_OUTPUT_BYTES) return { type: "fail", failure: tooLarge() };
  if (progress.ended === progress.total) return { type: "complete", output: outputOf(progress) };
  const running = progress.started - progress.ended;
  const room = (concurrency ?? node.config.concurrency ?? DEFAULT_CONCURRENCY) - running;
  const count = Math.min(Math.max(0, room), progress.total - progress.started);
  const effects: NodeEffect[] = [];
  let { items } = progress;
  for (let index = progress.started; index < progress.started + count; index += 1) {
    effects.push({ type: "start_body", suffix: `[${index}]`, variables: variables(progress, index) });
    items = withoutPageOf(items, index);
  }
  return { type: "wait", progress: { ...progress, items, started: progress.started + count }, effects };
}

function variables({ items, keys }: MapProgress, index: number): Record<string, JsonValue> {
  const item = { item: at(items, index), index };
  return keys === null ? item : { ...item, key: at(keys, index) };
}

function outputOf({ outputs, failed }: MapProgress): JsonValue {
  return { outputs: outputs.flat(), failed: inOrder(failed) };
}

function inOrder(failed: readonly FailedItem[]): readonly FailedItem[] {
  return [...failed].sort((left, right) => left.index - right.index);
}

function tooLarge(): Failure {
  const message = `the items' outputs are together larger than ${MAX_OUTPUT_BYTES} bytes`;
  return { code: "OUTPUT_TOO_LARGE", message };
}

function tooManyFailed({ failed, total, borne }: MapProgress): Failure {
  const [first, ...others] = inOrder(failed);
  const example = first === undefined ? "" : `; item ${first.key ?? first.index}: ${first.message}`;
  const message = `${others.length + 1} of ${total} items failed, ${borne} are borne${example}`;
  return { code: "MAP_FAILED", message, details: { failed: inOrder(failed).slice(0, MAX_LISTED) } };
}
