import { matchesCode } from "../core/error-pattern";
import type { Failure } from "../core/errors";
import type { JsonValue } from "../core/json";
import { err, ok, type Result } from "../core/result";
import { keepCompensation } from "./compensation";
import type { Draft } from "./draft";
import { type EdgeEnd, type Route, routeFrom } from "./edges";
import { type EndedNode, type EndMarks, endNode, noteEnd } from "./end-node";
import type { NodeEnd } from "./engine-state";
import { errorVariable, exhaustedFailure, keptFailure, renderFailure } from "./failures";
import type { FrameDraft } from "./frame-draft";
import { outputSize } from "./output";
import { closeEdges, decideEdge } from "./ready";
import { takeBackEdge } from "./restart";
import { render } from "./scope";
import { partPointer, regionBehind } from "./sites";
import { isDone, settleCancelled, stopFrame, stopNode } from "./stop";

/** A node that ends, and what there is to know of how it does. */
export interface Ending {
  readonly draft: Draft;
  readonly frame: FrameDraft;
  readonly position: number;
  /** What history says of its activity; the journal tells only what differs. Absent where it had none. */
  readonly told?: NodeEnd["status"] | undefined;
  /** A task that completed though something else was decided for its node: it may have to be undone. */
  readonly isUndoable?: boolean;
  /** The end was decided from outside. */
  readonly isSteered?: boolean;
  /** The end was taken over from another run. */
  readonly reused?: Pick<EndMarks, "reusedFrom" | "isInjected">;
  /** False once its back edge was taken too often. */
  readonly mayGoBack?: boolean;
}

/** Ends a running node, as soon as all that it has going has ended; that is cancelled. */
export function finishNode(ending: Ending, end: NodeEnd): void {
  const { draft, frame, position } = ending;
  if (frame.state(position).run?.ending !== undefined) return;
  if (stopNode(draft, frame, position, end)) settleNode(ending, end);
}

/** Ends a node that was being stopped, once nothing is left to wait for. */
export function settleStopped(ending: Ending): void {
  const end = ending.frame.state(ending.position).run?.ending;
  if (end !== undefined && isDone(ending.frame, ending.position)) settleNode(ending, end);
}

/** Ends a node and follows the edges of that end. A failure that no `catch` and no edge takes fails the graph. */
export function settleNode(ending: Ending, end: NodeEnd): void {
  switch (end.status) {
    case "completed":
      completeNode(ending, end.output, end.cases ?? []);
      return;
    case "failed":
      failNode(ending, end.failure, end.isCancelled);
      return;
    case "skipped":
      skipByWhen(ending);
      return;
    case "cancelled":
      settleCancelled(ending.draft, ending.frame, ending.position);
      return;
  }
}

/** Ends a node that `when` ruled out; the graph goes on as after a success. */
export function skipByWhen(ending: Ending): void {
  conclude(ending, { status: "skipped" }, { type: "success", cases: [] });
}

/** Ends a node that too few paths lead to, and with it the paths that only it leads to. */
export function skipNode({ draft, frame, position }: Ending): void {
  noteEnd(draft, frame, position, { status: "skipped" });
  endNode(draft, frame, position, { status: "skipped" });
  closeEdges(draft, frame, position);
}

function completeNode(ending: Ending, output: JsonValue, cases: readonly string[]): void {
  const size = outputSize(output, ending.draft.fuel);
  if (size.ok) conclude(ending, { status: "completed", output, outputSize: size.value }, { type: "success", cases });
  else failNode(ending, size.error);
}

function failNode(ending: Ending, anyFailure: Failure, isCancelled = false): void {
  const failure = keptFailure(anyFailure);
  const caught = catchFailure(ending, failure);
  if (!caught.ok) {
    endFailed({ ...ending, told: undefined }, caught.error);
    return;
  }
  if (caught.value === null) {
    endFailed(ending, failure, isCancelled ? "cancelled" : "failed");
    return;
  }
  const { output } = caught.value;
  const size = outputSize(output, ending.draft.fuel);
  if (!size.ok) {
    endFailed({ ...ending, told: undefined }, size.error);
    return;
  }
  const ended: EndedNode = { status: "completed", output, outputSize: size.value };
  conclude({ ...ending, told: undefined }, ended, { type: "success", cases: [] });
}

function endFailed(ending: Ending, failure: Failure, status: "failed" | "cancelled" = "failed"): void {
  conclude(ending, { status, failure }, { type: "error", code: failure.code });
}

/** The output in place of a failure; null where the node does not catch it. */
function catchFailure(
  { draft, frame, position }: Ending,
  failure: Failure,
): Result<{ readonly output: JsonValue } | null, Failure> {
  const { catch: handler } = frame.node(position);
  if (handler === undefined || frame.ending !== undefined) return ok(null);
  const { codes, output = null } = handler;
  if (codes !== undefined && !codes.some((pattern) => matchesCode(pattern, failure.code))) return ok(null);
  const view = { draft, frame, viewer: position, extra: { error: errorVariable(failure) } };
  const rendered = render(view, output, partPointer(frame.site, position, "/catch/output"));
  return rendered.ok ? ok({ output: rendered.value }) : err(renderFailure(rendered.error));
}

/** Writes down how a node ended, and goes on from there. */
function conclude(ending: Ending, ended: EndedNode, end: EdgeEnd): void {
  const { draft, frame, position, told, isUndoable, mayGoBack = true } = ending;
  endNode(draft, frame, position, ending.reused === undefined ? ended : { ...ended, isReused: true });
  if (told === "completed" || isUndoable) keepCompensation(draft, frame, position);
  const route = frame.ending === undefined ? routeFrom(draft, frame, position, end, mayGoBack) : null;
  const exhausted = route?.ok ? exhaustedEdge(frame, route.value) : undefined;
  if (exhausted !== undefined) {
    failNode({ draft, frame, position, mayGoBack: false }, exhaustedFailure(frame.edge(exhausted)));
    return;
  }
  if (told !== ended.status || ending.isSteered)
    noteEnd(draft, frame, position, { ...noted(ended), ...marksOf(ending) });
  if (route === null) return;
  const nodeId = frame.instance(position);
  if (!route.ok) {
    stopFrame(draft, frame, { status: "failed", failure: route.error, nodeId });
    return;
  }
  if (route.value.type === "back") {
    goBack(ending, route.value.edge);
    return;
  }
  const { taken } = route.value;
  for (const edge of frame.outgoing(position)) decideEdge(draft, frame, edge, taken.has(edge));
  if (ended.failure !== undefined && taken.size === 0)
    stopFrame(draft, frame, { status: "failed", failure: ended.failure, nodeId });
}

function noted({ status, output, failure }: EndedNode): Omit<EndedNode, "outputSize" | "isReused"> {
  return { status, ...(output === undefined ? {} : { output }), ...(failure === undefined ? {} : { failure }) };
}

function marksOf({ isSteered, reused }: Ending): EndMarks {
  return { ...(isSteered ? { isSteered } : {}), ...reused };
}

function exhaustedEdge(frame: FrameDraft, route: Route): number | undefined {
  if (route.type === "forward") return undefined;
  return frame.timesTaken(route.edge) >= (frame.edge(route.edge).max ?? 1) ? route.edge : undefined;
}

/** No other edge is taken beside one that leads back. */
function goBack({ draft, frame, position }: Ending, edge: number): void {
  draft.followed.push({ graph: frame.site.number, edge });
  takeBackEdge(draft, frame, edge);
  if (!regionBehind(frame.site, edge).has(position)) closeEdges(draft, frame, position);
}
