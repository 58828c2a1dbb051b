import { graphsOf } from "../definition/bodies";
import type { GraphNode } from "../definition/graph-types";
import { meantHint, nearName } from "../definition/near-name";
import type { Draft } from "./draft";
import type { Place } from "./engine-state";
import type { FrameDraft } from "./frame-draft";
import { bodyFrameId, FINALLY_FRAME, MAIN_FRAME, ON_FAILURE_FRAME } from "./frame-ids";
import { nodeBehaviour } from "./nodes/registry";
import { bodySite, type Site } from "./sites";

/** Where a run of a node stands. */
export type Located =
  | { readonly status: "unknown"; readonly message: string; readonly suggestion?: string }
  /** It may still be entered. */
  | { readonly status: "pending"; readonly node: GraphNode }
  | { readonly status: "running"; readonly node: GraphNode; readonly place: Place; readonly frame: FrameDraft }
  /** It is over, or will never begin; `message` says how. */
  | { readonly status: "over"; readonly node: GraphNode; readonly message: string };

/** A number of an instance id: of an item, or of an iteration. */
interface Segment {
  readonly kind: "[" | "#";
  readonly of: string;
}

/** One node on the way from a whole graph to the node itself. */
interface Step {
  readonly site: Site;
  readonly position: number;
}

/** Finds the run of a node that an instance id names, begun or not. */
export function locateNode(draft: Draft, instance: string): Located {
  const place = draft.runningAt(instance);
  if (place !== undefined) {
    const frame = draft.frameOf(place);
    return { status: "running", node: frame.node(place.node), place, frame };
  }
  const [nodeId = ""] = instance.split(/[[#]/);
  const ways = waysTo(draft.sites, nodeId);
  for (const way of ways) {
    const numbers = numbersOf(segmentsOf(way), instance.slice(nodeId.length));
    if (numbers !== undefined) return walk(draft, way, numbers, instance);
  }
  const [way] = ways;
  return way === undefined ? unknownNode(draft, instance, nodeId) : wrongNumbers(instance, nodeId, segmentsOf(way));
}

/** From a whole graph down to each node of that id; the one task of a map has the map's. */
function waysTo(all: readonly Site[], nodeId: string): readonly (readonly Step[])[] {
  return all.flatMap((site) => {
    const position = site.index.positions.get(nodeId);
    return position === undefined ? [] : [wayTo(all, site, position)];
  });
}

function wayTo(all: readonly Site[], site: Site, position: number): readonly Step[] {
  const step = { site, position };
  const owner = ownerOf(all, site);
  return owner === undefined ? [step] : [...wayTo(all, owner.site, owner.position), step];
}

function ownerOf(all: readonly Site[], site: Site): Step | undefined {
  for (const outer of all)
    for (const [position, node] of outer.graph.nodes.entries())
      if ((node.type === "map" || node.type === "loop") && bodySite(all, node) === site)
        return { site: outer, position };
  return undefined;
}

/** Which numbers an instance id of the node has, outermost first. */
function segmentsOf(way: readonly Step[]): readonly Segment[] {
  return way.flatMap(({ site, position }, index): Segment[] => {
    const node = site.graph.nodes[position];
    const of = node?.id ?? "";
    const own: Segment[] = site.restartable.has(position) ? [{ kind: "#", of }] : [];
    if (index === way.length - 1) return own;
    return [...own, { kind: node?.type === "map" ? "[" : "#", of }];
  });
}

/** The numbers of a suffix; undefined where it is not of that form. Where all iterations are the first they are left out. */
function numbersOf(segments: readonly Segment[], suffix: string): readonly number[] | undefined {
  const isPlain = !suffix.includes("#");
  const pattern = segments
    .map(({ kind }) => (kind === "[" ? "\\[(0|[1-9]\\d{0,8})\\]" : isPlain ? "()" : "#([1-9]\\d{0,8})"))
    .join("");
  const match = new RegExp(`^${pattern}$`).exec(suffix);
  if (match === null) return undefined;
  const numbers = match.slice(1).map((text) => (text === "" ? 1 : Number(text)));
  const isShort = !isPlain && numbers.every((number, index) => segments[index]?.kind === "[" || number === 1);
  return isShort ? undefined : numbers;
}

/** Goes from the whole graph inwards, as far as there is something that has begun. */
function walk(draft: Draft, way: readonly Step[], numbers: readonly number[], instance: string): Located {
  const last = way.at(-1);
  const node = last?.site.graph.nodes[last.position];
  if (node === undefined) return { status: "unknown", message: `there is no node '${instance}'` };
  const over = (message: string): Located => ({ status: "over", node, message });
  const pending: Located = { status: "pending", node };
  let frame = draft.frame(wholeFrameId(way[0]?.site));
  let used = 0;
  for (const [index, { site, position }] of way.entries()) {
    // A handler that has not begun.
    if (frame === undefined) return pending;
    if (frame.hasEnded) return over(`the graph of '${instance}' has ended`);
    if (frame.ending !== undefined) return over("nothing new starts there any more, as that graph is ending");
    const state = frame.state(position);
    const name = frame.instance(position);
    if (site.restartable.has(position)) {
      const iteration = numbers[used] ?? 1;
      const current = state.iteration ?? 1;
      used += 1;
      if (iteration > current) return pending;
      if (iteration < current)
        return over(`'${instance}' has ended: the graph went back, and '${name}' is the present one`);
    }
    const isLast = index === way.length - 1;
    if (state.status === "pending") return pending;
    if (state.status !== "running") {
      const how = isLast ? `'${instance}' has ended: it is ${state.status}` : `'${name}' around it is ${state.status}`;
      return over(how);
    }
    if (isLast) break;
    const number = numbers[used] ?? 0;
    used += 1;
    const owner = frame.node(position);
    const body = draft.frame(bodyFrameId(owner.id, frame.suffixOf(position) + suffixOf(owner, number)));
    if (body === undefined) {
      const message = overWith(frame, position, number);
      return message === undefined ? pending : over(message);
    }
    frame = body;
  }
  return pending;
}

/** Of a body that is not open: whether it is over, or is still to come. */
function overWith(outer: FrameDraft, position: number, number: number): string | undefined {
  const { run } = outer.state(position);
  const owner = outer.node(position);
  const behaviour = nodeBehaviour(owner.type);
  const progress = run?.progress ?? null;
  const total = behaviour?.items?.(progress)?.total;
  const name = outer.instance(position);
  if (total !== undefined && number >= total)
    return `'${name}' has ${total} items, the last of which is [${total - 1}]`;
  const isKept = run?.unopened?.some(({ suffix }) => suffix === suffixOf(owner, number)) === true;
  if (isKept || behaviour?.hasBegun?.(progress, number) !== true) return undefined;
  return `${suffixOf(owner, number)} of '${name}' has ended`;
}

function suffixOf(owner: GraphNode, number: number): string {
  return owner.type === "map" ? `[${number}]` : `#${number}`;
}

function wholeFrameId(site: Site | undefined): string {
  if (site?.pointer === "/on_failure") return ON_FAILURE_FRAME;
  return site?.pointer === "/finally" ? FINALLY_FRAME : MAIN_FRAME;
}

function unknownNode(draft: Draft, instance: string, nodeId: string): Located {
  const ids = graphsOf(draft.before.snapshot.definition).flatMap(({ graph }) => graph.nodes.map(({ id }) => id));
  const suggestion = nearName(nodeId, ids);
  const known = ids.slice(0, MAX_LISTED).join(", ");
  const more = ids.length > MAX_LISTED ? `, and ${ids.length - MAX_LISTED} more` : "";
  const message = `there is no node '${instance.slice(0, 100)}'${meantHint(suggestion, `; there are: ${known}${more}`)}`;
  return { status: "unknown", message, ...(suggestion === undefined ? {} : { suggestion }) };
}

/** Ids that a message lists; the definition has the others. */
const MAX_LISTED = 10;

function wrongNumbers(instance: string, nodeId: string, segments: readonly Segment[]): Located {
  const example = nodeId + segments.map(({ kind }) => (kind === "[" ? "[0]" : "#2")).join("");
  const why = segments.map(({ kind, of }) => (kind === "[" ? `an item of '${of}'` : `an iteration of '${of}'`));
  const message =
    segments.length === 0
      ? `'${nodeId}' runs once: name it without numbers, not as '${instance.slice(0, 100)}'`
      : `'${instance.slice(0, 100)}' names no run of '${nodeId}': it runs in ${why.join(" and ")}, as '${example}'`;
  return { status: "unknown", message };
}
