import { matchesCode } from "../core/error-pattern";
import type { Failure } from "../core/errors";
import { err, ok, type Result } from "../core/result";
import type { Edge } from "../definition/graph-types";
import type { Draft } from "./draft";
import { conditionFailure } from "./failures";
import type { FrameDraft } from "./frame-draft";
import { evaluateCondition } from "./scope";

/** The end of a node, as its edges see it. */
export type EdgeEnd =
  | { readonly type: "success"; readonly cases: readonly string[] }
  | { readonly type: "error"; readonly code: string };

/** Where a graph goes on from a node that has ended: back along one edge, or forward along all that fit. */
export type Route =
  | { readonly type: "back"; readonly edge: number }
  | { readonly type: "forward"; readonly taken: ReadonlySet<number> };

/**
 * Finds the edges that an end takes. Those back are looked at first, but not where `mayGoBack` is false: one of them was
 * taken too often. Those with `else` are looked at where no other one is taken.
 */
export function routeFrom(
  draft: Draft,
  frame: FrameDraft,
  position: number,
  end: EdgeEnd,
  mayGoBack: boolean,
): Result<Route, Failure> {
  const back = mayGoBack ? (frame.site.backEdges.get(position) ?? []) : [];
  const forward = frame.outgoing(position);
  for (const isElse of [false, true]) {
    const ofKind = (edge: number) => (frame.edge(edge).else === true) === isElse;
    const backward = takenOf(draft, frame, back.filter(ofKind), end);
    if (!backward.ok) return backward;
    const [edge] = backward.value;
    if (edge !== undefined) return ok({ type: "back", edge });
    const taken = takenOf(draft, frame, forward.filter(ofKind), end);
    if (!taken.ok) return taken;
    if (taken.value.size > 0) return ok({ type: "forward", taken: taken.value });
  }
  return ok({ type: "forward", taken: new Set() });
}

function takenOf(
  draft: Draft,
  frame: FrameDraft,
  edges: readonly number[],
  end: EdgeEnd,
): Result<ReadonlySet<number>, Failure> {
  const taken = new Set<number>();
  for (const edge of edges) {
    if (!fitsEnd(frame.edge(edge), end)) continue;
    const holds = conditionHolds(draft, frame, edge);
    if (!holds.ok) return holds;
    if (holds.value) taken.add(edge);
  }
  return ok(taken);
}

function fitsEnd({ on, error, case: picked }: Edge, end: EdgeEnd): boolean {
  const follows = error === undefined ? (on ?? "success") : "error";
  if (follows !== "always" && follows !== end.type) return false;
  if (end.type === "error") return picked === undefined && (error === undefined || matchesCode(error, end.code));
  return picked === undefined || end.cases.includes(picked);
}

function conditionHolds(draft: Draft, frame: FrameDraft, edge: number): Result<boolean, Failure> {
  const { condition, source } = frame.edge(edge);
  if (condition === undefined) return ok(true);
  const viewer = frame.site.index.positions.get(source) ?? null;
  const result = evaluateCondition({ draft, frame, viewer }, condition);
  if (result.ok) return result;
  return err(conditionFailure(result.error, `${frame.site.pointer}/edges/${edge}/condition`, condition));
}
