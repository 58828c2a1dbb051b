/**
 * Lays a definition out beside the page: Graphviz, which draws for `aco graph` too, takes half a second for 2,000 nodes,
 * and as WebAssembly is larger than all of the page. Its file is asked for when the first graph is looked at.
 */
import type { JsonObject } from "../../src/core/json";
import { allNodesIn, type Drawing, type DrawnNode } from "../../src/drawing/drawing";
import { type LayOut, openLayout } from "../../src/drawing/layout";
import type { NodeState } from "../../src/drawing/node-state";
import { readDrawing } from "../../src/drawing/read-drawing";
import { type PlacedGraph, placeGraph } from "../../src/drawing/svg/place-graph";

/** What the page asks for. */
export interface LayoutQuestion {
  readonly definition: JsonObject;
}

/** What it gets: a graph with a place for everything, or why there is none. */
export type LayoutAnswer =
  | { readonly ok: true; readonly drawing: Drawing; readonly parts: readonly PlacedPart[] }
  | { readonly ok: false; readonly problem: string };

/** The main graph, and below it `on_failure` and `finally` where there are any. */
export interface PlacedPart {
  readonly title: string;
  readonly graph: PlacedGraph;
}

/** The longest words that a node's state takes, so that it has room for them from the beginning. */
const LONGEST: NodeState = { status: "completed", attempt: 2, durationMs: 59_900 };
const LONGEST_OF_MAP: NodeState = { status: "running", items: { total: 1_000, done: 1_000, failed: 0 } };

async function answer({ definition }: LayoutQuestion, layOut: Promise<LayOut>): Promise<LayoutAnswer> {
  const bare = readDrawing(definition, { title: "" });
  if (!bare.ok) return { ok: false, problem: bare.error.join("; ") };
  const states = new Map(allNodesIn(bare.value).map((node) => [node.id, roomFor(node)]));
  const roomy = readDrawing(definition, { title: "", states });
  if (!roomy.ok) return { ok: false, problem: roomy.error.join("; ") };
  const { main, sections } = roomy.value;
  const place = await layOut;
  const parts = [{ title: "", graph: main }, ...sections].map(({ title, graph }) => ({
    title,
    graph: placeGraph(graph, place),
  }));
  return { ok: true, drawing: bare.value, parts };
}

function roomFor({ kind }: DrawnNode): NodeState {
  return kind === "map" ? LONGEST_OF_MAP : LONGEST;
}

const layout = openLayout();
// A failure is told to whoever asks.
layout.catch(() => undefined);

addEventListener("message", ({ data }: MessageEvent<LayoutQuestion>) => {
  answer(data, layout).then(postMessage, (error: unknown) =>
    postMessage({ ok: false, problem: error instanceof Error ? error.message : String(error) } satisfies LayoutAnswer),
  );
});
