import type { Edge, GraphNode } from "../definition/graph-types";
import type { EdgeState, FrameState, NodeRun, NodeState } from "./engine-state";
import type { RunOutcome } from "./engine-types";
import { instanceId } from "./instance-id";
import { edgeAt, nodeAt, present, type Site } from "./sites";

/** A frame while a step works on it. Its lists are copied at their first change, so the state before stays as it was. */
export class FrameDraft {
  readonly id: string;
  readonly site: Site;
  readonly #before: FrameState;
  #nodes: NodeState[] | undefined;
  #edges: EdgeState[] | undefined;
  #changes: Partial<FrameState> | undefined;

  constructor(id: string, before: FrameState, site: Site) {
    this.id = id;
    this.#before = before;
    this.site = site;
  }

  get hasChanged(): boolean {
    return this.#nodes !== undefined || this.#edges !== undefined || this.#changes !== undefined;
  }

  get parent(): FrameState["parent"] {
    return this.#before.parent;
  }

  get variables(): FrameState["variables"] {
    return this.#before.variables;
  }

  get open(): number {
    return this.#changes?.open ?? this.#before.open;
  }

  get ending(): RunOutcome | undefined {
    return this.#changes?.ending ?? this.#before.ending;
  }

  get restarts(): readonly number[] {
    return this.#changes?.restarts ?? this.#before.restarts ?? [];
  }

  node(position: number): GraphNode {
    return nodeAt(this.site, position);
  }

  edge(position: number): Edge {
    return edgeAt(this.site, position);
  }

  outgoing(position: number): readonly number[] {
    return this.site.index.outgoing[position] ?? [];
  }

  incoming(position: number): readonly number[] {
    return this.site.index.incoming[position] ?? [];
  }

  state(position: number): NodeState {
    return present((this.#nodes ?? this.#before.nodes)[position]);
  }

  edgeState(position: number): EdgeState {
    return present((this.#edges ?? this.#before.edges)[position]);
  }

  setState(position: number, state: NodeState): void {
    this.#nodes ??= [...this.#before.nodes];
    this.#nodes[position] = state;
  }

  setEdge(position: number, state: EdgeState): void {
    this.#edges ??= [...this.#before.edges];
    this.#edges[position] = state;
  }

  setRun(position: number, run: NodeRun): void {
    this.setState(position, { ...this.state(position), run });
  }

  /** How often a back edge was taken. */
  timesTaken(edge: number): number {
    return (this.#changes?.taken ?? this.#before.taken)?.[edge] ?? 0;
  }

  countTaken(edge: number): void {
    const taken = this.#changes?.taken ?? this.#before.taken;
    this.#changes = { ...this.#changes, taken: { ...taken, [edge]: this.timesTaken(edge) + 1 } };
  }

  changeOpen(by: number): void {
    this.#changes = { ...this.#changes, open: this.open + by };
  }

  /** From here on nothing new starts in the frame. */
  endWith(ending: RunOutcome): void {
    this.#changes = { ...this.#changes, ending };
  }

  /** True for the frame of a main graph or handler that is kept, as views and expressions still show it. */
  get hasEnded(): boolean {
    return this.#changes?.hasEnded ?? this.#before.hasEnded ?? false;
  }

  markEnded(): void {
    this.#changes = { ...this.#changes, hasEnded: true };
  }

  setRestarts(restarts: readonly number[]): void {
    this.#changes = { ...this.#changes, restarts };
  }

  /** Suffix of what runs at a node, with every number. */
  suffixOf(position: number): string {
    const own = this.site.restartable.has(position) ? `#${this.state(position).iteration ?? 1}` : "";
    return this.#before.suffix + own;
  }

  instance(position: number): string {
    return instanceId(this.node(position).id, this.suffixOf(position));
  }

  result(): FrameState {
    const nodes = this.#nodes ?? this.#before.nodes;
    return { ...this.#before, ...this.#changes, nodes, edges: this.#edges ?? this.#before.edges };
  }
}
