import { endsOf, type GraphShape } from "../graph-shape";
import type { Edge, Problem, SwitchNode } from "../graph-types";
import { meantHint, nearName } from "../near-name";
import type { ReadEdge } from "../read-graph";

/** What edges say beside their ends: fields that go together, cases of switches, `else`, and edges that lead back. */
export function checkEdges(shape: GraphShape): readonly Problem[] {
  const isSound = ({ edge, isWhole }: ReadEdge) =>
    isWhole === true && shape.index.positions.has(edge.source) && shape.index.positions.has(edge.target);
  return shape.edges
    .filter(isSound)
    .flatMap((read) => [
      ...conflicts(read),
      ...caseProblems(read, shape),
      ...elseProblems(read, shape),
      ...loopProblems(read, shape),
    ]);
}

/** Pairs of fields that contradict each other, and what to say of the first of them. */
function conflicts({ edge, pointer }: ReadEdge): readonly Problem[] {
  const found: readonly (readonly [isWrong: boolean, field: string, message: string])[] = [
    [edge.error !== undefined && (edge.on ?? "error") !== "error", "error", `follows failures, but on is '${edge.on}'`],
    [edge.else === true && edge.condition !== undefined, "else", "is for what no condition fits, so it takes none"],
    [edge.else === true && edge.case !== undefined, "else", "is for what no case fits, so it takes none"],
    [edge.else === true && edge.loop === true, "else", "cannot lead back: back edges are looked at before all others"],
    [edge.case !== undefined && !endsOf(edge).includes("success"), "case", "is picked by a switch that succeeds"],
    [edge.max !== undefined && edge.loop !== true, "max", "is for edges with loop: true"],
  ];
  return found.flatMap(([isWrong, field, message]) =>
    isWrong ? [{ code: "FIELD_CONFLICT", pointer: `${pointer}/${field}`, message }] : [],
  );
}

function caseProblems({ edge, pointer }: ReadEdge, { nodes, index }: GraphShape): readonly Problem[] {
  const source = nodes[index.positions.get(edge.source) ?? -1];
  if (edge.case === undefined || source?.sound === null || source === undefined) return [];
  const { node } = source.sound;
  const at = `${pointer}/case`;
  if (node.type !== "switch") {
    const message = `'${edge.source}' is a ${node.type}; only a switch has cases`;
    return [{ code: "FIELD_CONFLICT", pointer: at, message }];
  }
  const names = caseNames(node);
  if (names.includes(edge.case)) return [];
  const suggestion = nearName(edge.case, names);
  const hint = meantHint(suggestion, `; it has ${names.join(", ")}`);
  const problem = { code: "CASE_UNKNOWN", pointer: at, message: `'${edge.source}' has no case '${edge.case}'${hint}` };
  return [suggestion === undefined ? problem : { ...problem, suggestion }];
}

function caseNames({ config: { cases } }: SwitchNode): readonly string[] {
  return cases.map(({ name }) => name);
}

/** `else` beside an edge that is always taken at the same end. */
function elseProblems({ edge, pointer }: ReadEdge, { edges, index }: GraphShape): readonly Problem[] {
  if (edge.else !== true) return [];
  const source = index.positions.get(edge.source) ?? -1;
  const siblings = (index.outgoing[source] ?? []).flatMap((position) => edges[position] ?? []);
  const always = endsOf(edge).map((end) => siblings.find((other) => isAlwaysTaken(other.edge, end)));
  const [first] = always;
  if (first === undefined || always.includes(undefined)) return [];
  const message = `is never taken: ${first.pointer} always is`;
  return [{ code: "EDGE_NEVER_TAKEN", pointer, message }];
}

function isAlwaysTaken(edge: Edge, end: "success" | "error"): boolean {
  const isBound = edge.condition !== undefined || edge.case !== undefined || edge.else === true || edge.loop === true;
  return !isBound && (edge.error === undefined || edge.error === "*") && endsOf(edge).includes(end);
}

function loopProblems({ edge, pointer }: ReadEdge, { forwardIndex }: GraphShape): readonly Problem[] {
  if (edge.loop !== true) return [];
  const missing =
    edge.max === undefined
      ? [{ code: "FIELD_REQUIRED", pointer: `${pointer}/max`, message: "is required: how often the edge may be taken" }]
      : [];
  const [source, target] = [forwardIndex.positions.get(edge.source), forwardIndex.positions.get(edge.target)];
  if (source === undefined || target === undefined || leadsTo(forwardIndex, target, source)) return missing;
  const message = `leads to '${edge.target}', from where no path leads back to '${edge.source}'`;
  return [...missing, { code: "LOOP_WITHOUT_CYCLE", pointer, message }];
}

/** Whether a path of forward edges leads from one node to the other, or they are the same. */
function leadsTo({ outgoing, targets }: GraphShape["forwardIndex"], from: number, to: number): boolean {
  const reached = new Set([from]);
  for (const node of reached) {
    if (node === to) return true;
    for (const edge of outgoing[node] ?? []) reached.add(targets[edge] ?? -1);
  }
  return false;
}
