import { topologicalOrder } from "../graph-index";
import { endsOf, type GraphShape, neverTaken } from "../graph-shape";
import type { Edge, Problem } from "../graph-types";
import type { ReadNode } from "../read-graph";

/** Something that a node decides one way in an iteration: how it ends, which case of it is picked, whether `else` is. */
type Choices = ReadonlyMap<string, string>;

/** Counted joins that wait for more paths than can ever arrive together. */
export function checkJoins(shape: GraphShape): readonly Problem[] {
  const counted = shape.nodes.flatMap((node, position) => {
    const join = node.sound?.node.join;
    return typeof join === "number" ? [{ node, position, join }] : [];
  });
  if (counted.length === 0 || shape.cycles.cycles.length > 0) return [];
  const choices = choicesOfEdges(shape);
  return counted.flatMap(({ node, position, join }) => {
    const incoming = shape.forwardIndex.incoming[position] ?? [];
    const most = atMost(incoming.map((edge) => choices[edge] ?? null));
    if (join <= most) return [];
    return [joinProblem(node, join, incoming.length, most)];
  });
}

function joinProblem({ id, pointer }: ReadNode, join: number, edges: number, most: number): Problem {
  const because =
    join > edges
      ? `${edges === 1 ? "one edge leads" : `${edges} edges lead`} there`
      : `of the ${edges} edges that lead there at most ${most === 1 ? "one is" : `${most} are`} taken in one run`;
  const message = `'${id}' waits for ${join} paths, but ${because}; so it never runs`;
  return { code: "JOIN_IMPOSSIBLE", pointer: `${pointer}/join`, message };
}

/**
 * For each forward edge, the choices without which it is never taken; null where it is never taken at all. What all ways to
 * its source have in common; so it errs on the side of too few choices, and no join that can fire is refused.
 */
function choicesOfEdges({ nodes, forward, forwardIndex }: GraphShape): readonly (Choices | null)[] {
  const ofEdges = forward.map((): Choices | null => new Map());
  for (const position of topologicalOrder(forwardIndex)) {
    const incoming = forwardIndex.incoming[position] ?? [];
    const ways = incoming.flatMap((edge) => ofEdges[edge] ?? []);
    const isDead = incoming.length > 0 && ways.length === 0;
    const before = common(ways);
    for (const edge of forwardIndex.outgoing[position] ?? []) {
      const read = forward[edge];
      const node = nodes[position];
      if (read === undefined || isDead || neverTaken(read.edge, node) !== null) ofEdges[edge] = null;
      else ofEdges[edge] = new Map([...before, ...ownChoices(read.edge, node)]);
    }
  }
  return ofEdges;
}

function common([first, ...others]: readonly Choices[]): Choices {
  if (first === undefined) return new Map();
  return new Map([...first].filter(([key, value]) => others.every((other) => other.get(key) === value)));
}

function ownChoices(edge: Edge, source: ReadNode | undefined): readonly (readonly [string, string])[] {
  const ends = endsOf(edge);
  const [end] = ends;
  const node = source?.sound?.node;
  const picksOne = node?.type === "switch" && node.config.mode !== "all";
  return [
    ...(ends.length === 1 && end !== undefined ? [[`${edge.source} end`, end] as const] : []),
    // A join of errors and successes may take an `else` at the one end beside others at the other, but not in one run.
    ...(edge.on === "always" ? [] : [[`${edge.source} else`, String(edge.else === true)] as const]),
    ...(edge.case !== undefined && picksOne ? [[`${edge.source} case`, edge.case] as const] : []),
  ];
}

/**
 * How many of the edges can be taken together, or more. Of those that name the same choice only those of one value can;
 * the choice that says most decides.
 */
function atMost(edges: readonly (Choices | null)[]): number {
  const alive = edges.flatMap((choices) => (choices === null ? [] : [choices]));
  const counts = new Map<string, Map<string, number>>();
  for (const choices of alive) {
    for (const [key, value] of choices) {
      const values = counts.get(key) ?? new Map<string, number>();
      counts.set(key, values.set(value, (values.get(value) ?? 0) + 1));
    }
  }
  const bounds = [...counts.values()].map((values) => {
    const named = [...values.values()];
    return alive.length - named.reduce((sum, count) => sum + count, 0) + Math.max(...named);
  });
  return Math.min(alive.length, ...bounds);
}
