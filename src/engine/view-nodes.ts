import { Draft } from "./draft";
import type { EngineState, NodeState } from "./engine-state";
import type { NodeView } from "./engine-types";
import type { FrameDraft } from "./frame-draft";
import { MAX_VIEWED_INSTANCES } from "./limits";
import { nodeBehaviour } from "./nodes/registry";
import { tableEntries } from "./table";

/** The nodes of the main graph and of the handlers that have begun, then those in bodies that run, failed or are held, the first few hundred. */
export function viewNodes(state: EngineState): readonly NodeView[] {
  const draft = new Draft(state, state.startedAtMs);
  const steered = steeredOf(draft);
  const frames = tableEntries(state.frames)
    .toSorted(([, a], [, b]) => a.openedAt - b.openedAt)
    .flatMap(([id]) => draft.frame(id) ?? []);
  const whole = frames.filter(({ parent }) => parent === undefined);
  const views = whole.flatMap((frame) => positions(frame).map((position) => viewNode(frame, position)));
  return [...views, ...bodyViews(frames, steered)].map(withSteering(steered));
}

/** Instance ids of the nodes that start once the run is resumed, and what is decided for those not entered yet. */
interface Steered {
  readonly held: ReadonlySet<string>;
  readonly planned: ReadonlyMap<string, "skip" | "set_output">;
}

function steeredOf(draft: Draft): Steered {
  const { pause, held = [], planned = [] } = draft.before.steering ?? {};
  const due = pause === undefined ? [] : held;
  return {
    held: new Set(due.flatMap(({ frame, node }) => draft.frame(frame)?.instance(node) ?? [])),
    planned: new Map(planned.map(({ nodeId, output }) => [nodeId, output === undefined ? "skip" : "set_output"])),
  };
}

function withSteering({ held, planned }: Steered): (view: NodeView) => NodeView {
  return (view) => {
    const plan = planned.get(view.id);
    const isHeld = view.status === "pending" && held.has(view.id);
    return { ...view, ...(isHeld ? { isHeld } : {}), ...(plan === undefined ? {} : { planned: plan }) };
  };
}

function bodyViews(frames: readonly FrameDraft[], { held }: Steered): readonly NodeView[] {
  const views: NodeView[] = [];
  for (const frame of frames) {
    if (frame.parent === undefined) continue;
    for (const position of positions(frame)) {
      const { status } = frame.state(position);
      if (status !== "running" && status !== "failed" && !held.has(frame.instance(position))) continue;
      if (views.length === MAX_VIEWED_INSTANCES) return views;
      views.push(viewNode(frame, position));
    }
  }
  return views;
}

function positions(frame: FrameDraft): readonly number[] {
  return [...frame.site.graph.nodes.keys()];
}

function viewNode(frame: FrameDraft, position: number): NodeView {
  const node = frame.node(position);
  const state = frame.state(position);
  const { status, failure, outputSize, isReused } = state;
  const waitsFor = sourcesWaitedFor(frame, position, state);
  return {
    id: frame.instance(position),
    type: node.type,
    name: node.name ?? node.id,
    status,
    ...(failure === undefined ? {} : { failure }),
    ...(outputSize === undefined ? {} : { outputSize }),
    ...(isReused === undefined ? {} : { isReused }),
    ...(waitsFor.length === 0 ? {} : { waitsFor }),
    ...progressOf(frame, position, state),
  };
}

function sourcesWaitedFor(frame: FrameDraft, position: number, { status, isDue }: NodeState): readonly string[] {
  if (status !== "pending" || isDue || frame.ending !== undefined) return [];
  const open = frame.incoming(position).filter((edge) => frame.edgeState(edge) === "open");
  return [...new Set(open.map((edge) => frame.edge(edge).source))];
}

/** What a running node has to say of itself, and which run of it this is. */
function progressOf(frame: FrameDraft, position: number, { iteration, run }: NodeState): Partial<NodeView> {
  const node = frame.node(position);
  const behaviour = nodeBehaviour(node.type);
  const progress = run?.progress;
  const again = iteration === undefined ? {} : { iteration };
  if (progress === undefined) return again;
  const waiting = behaviour?.waiting?.(node, progress);
  const items = behaviour?.items?.(progress);
  const looping = behaviour?.iteration?.(progress);
  return {
    ...again,
    ...(waiting === undefined ? {} : { waiting }),
    ...(items === undefined ? {} : { items }),
    ...(looping === undefined ? {} : { iteration: looping }),
  };
}
