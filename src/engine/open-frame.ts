import type { JsonObject } from "../core/json";
import type { Draft } from "./draft";
import { lookForEnd } from "./end-node";
import type { Place, UnopenedBody } from "./engine-state";
import type { FrameDraft } from "./frame-draft";
import { bodyFrameId } from "./frame-ids";
import { MAX_OPEN_BODIES } from "./limits";
import { makeDue } from "./ready";
import { bodySite, initialEdges, initialNodes, present, type Site } from "./sites";

interface Opening {
  readonly id: string;
  readonly site: Site;
  readonly suffix: string;
  readonly variables: JsonObject;
  readonly parent?: Place & { readonly suffix: string };
}

/** Begins a graph: the nodes that nothing leads to are due. */
export function openFrame(draft: Draft, { id, site, ...rest }: Opening): FrameDraft {
  const frame = draft.addFrame(id, {
    graph: site.number,
    openedAt: draft.tick(),
    ...rest,
    nodes: initialNodes(site),
    edges: initialEdges(site),
    open: 0,
  });
  for (const position of site.graph.nodes.keys())
    if (frame.incoming(position).length === 0) makeDue(draft, frame, position);
  lookForEnd(draft, frame);
  return frame;
}

/**
 * Opens a body of a node, or keeps it until fewer are open. Each node's first one is never kept waiting, so bodies inside
 * of bodies cannot wait for one another.
 */
export function startBody(draft: Draft, place: Place, body: UnopenedBody): void {
  const frame = draft.frameOf(place);
  const run = present(frame.state(place.node).run);
  if (draft.bodies < MAX_OPEN_BODIES || (run.bodies ?? 0) === 0 || draft.seeds?.isPlan) {
    openBody(draft, place, body);
    return;
  }
  frame.setRun(place.node, { ...run, unopened: [...(run.unopened ?? []), body] });
  draft.waitingBodies = [...draft.waitingBodies, place];
}

/** Opens bodies that were kept waiting, once others have ended. */
export function openWaitingBodies(draft: Draft, ended: Place): void {
  const { run } = draft.frame(ended.frame)?.state(ended.node) ?? {};
  if (run !== undefined && (run.bodies ?? 0) === 0) openNext(draft, ended);
  while (draft.bodies < MAX_OPEN_BODIES) {
    const [place, ...others] = draft.waitingBodies;
    if (place === undefined) return;
    draft.waitingBodies = others;
    openNext(draft, place);
  }
}

function openNext(draft: Draft, place: Place): void {
  const frame = draft.frame(place.frame);
  const run = frame?.state(place.node).run;
  const [next, ...unopened] = run?.unopened ?? [];
  if (frame === undefined || run === undefined || next === undefined) return;
  frame.setRun(place.node, { ...run, unopened });
  openBody(draft, place, next);
}

function openBody(draft: Draft, place: Place, { suffix, variables }: UnopenedBody): void {
  const frame = draft.frameOf(place);
  const run = present(frame.state(place.node).run);
  const node = frame.node(place.node);
  const site = bodySite(draft.sites, node);
  const inside = frame.suffixOf(place.node) + suffix;
  frame.setRun(place.node, { ...run, bodies: (run.bodies ?? 0) + 1 });
  draft.bodies += 1;
  const parent = { frame: place.frame, node: place.node, suffix };
  openFrame(draft, { id: bodyFrameId(node.id, inside), site, suffix: inside, variables, parent });
}
