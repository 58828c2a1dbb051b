import type { JsonObject, JsonValue } from "../core/json";
import { expressionText, textOf } from "./describe-node";
import type { EdgeKind } from "./drawing";
import { oneLine } from "./one-line";

/** When an edge is followed: `on error SHELL_*, nodes.a.error.code == 'X'`. Empty where it is simply after a success. */
export function describeEdge(edge: JsonObject): { readonly label: string; readonly kind: EdgeKind } {
  const { condition, on, error, loop, max } = edge;
  const isError = error !== undefined || on === "error";
  const parts = [
    ...(edge["case"] === undefined ? [] : [textOf(edge["case"])]),
    ...(isError ? [error === undefined ? "on error" : `on error ${textOf(error)}`] : []),
    ...(on === "always" ? ["always"] : []),
    ...(edge["else"] === true ? ["else"] : []),
    ...(condition === undefined || condition === null ? [] : [expressionText(condition)]),
    ...(loop === true ? [againText(max)] : []),
  ];
  return { label: oneLine(parts.join(", ")), kind: edgeKind(edge, isError) };
}

function againText(max: JsonValue | undefined): string {
  if (max === undefined) return "again";
  return max === 1 ? "again, at most once" : `again, at most ${textOf(max)} times`;
}

function edgeKind({ on, loop }: JsonObject, isError: boolean): EdgeKind {
  if (loop === true) return "loop";
  if (isError) return "error";
  return on === "always" ? "always" : "success";
}
