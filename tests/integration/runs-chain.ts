import { setTimeout as sleep } from "node:timers/promises";
import type { temporal } from "@temporalio/proto";
import type { ExecutionEvent } from "../../src/events/event-types";
import type { RunReference } from "../../src/temporal/runs-port";
import { STATE_QUERY } from "../../src/workflows/history-contract";
import type { NodeStateView, StateView } from "../../src/workflows/state-view";
import type { RunsFixture } from "./runs-fixture";

/** All that a look at a run takes. */
type Connected = Pick<RunsFixture, "temporal">;

/** The answer of the query `state`. */
export function stateOf(fixture: Connected, { temporalWorkflowId }: RunReference): Promise<StateView> {
  return fixture.temporal.client.workflow.getHandle(temporalWorkflowId).query<StateView>(STATE_QUERY);
}

/** Waits until a node is as wanted, 30 s at most; gives the view of it. */
export async function nodeOf(
  fixture: Connected,
  run: RunReference,
  id: string,
  isSo: (node: NodeStateView) => boolean = ({ status }) => status === "running",
): Promise<NodeStateView> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(20)) {
    const node = (await stateOf(fixture, run)).nodes.find((each) => each.id === id);
    if (node !== undefined && isSo(node)) return node;
  }
  throw new Error(`${id} did not come to that`);
}

/** The histories of all runs of an execution, oldest first. */
export async function chainOf(
  fixture: Connected,
  { temporalWorkflowId, temporalRunId }: RunReference,
): Promise<readonly (readonly temporal.api.history.v1.IHistoryEvent[])[]> {
  const chain: (readonly temporal.api.history.v1.IHistoryEvent[])[] = [];
  for (let runId: string | null | undefined = temporalRunId; runId; ) {
    const { events } = await fixture.temporal.client.workflow.getHandle(temporalWorkflowId, runId).fetchHistory();
    chain.push(events ?? []);
    runId = events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId;
  }
  return chain;
}

/** No event twice, and each node that was entered has ended once. */
export function expectWhole(events: readonly ExecutionEvent[]): void {
  expect(new Set(events.map(({ offset }) => offset)).size).toBe(events.length);
  const of = (type: string) => events.filter((event) => event.type === type).map(({ nodeId }) => nodeId);
  const entered = of("NODE_ENTERED");
  expect(new Set(entered).size).toBe(entered.length);
  expect(of("NODE_COMPLETED").toSorted()).toEqual(entered.toSorted());
}
