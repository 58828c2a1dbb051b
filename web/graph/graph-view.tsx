import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Drawing, DrawnNode } from "../../src/drawing/drawing";
import type { Point, Size } from "../../src/drawing/layout";
import { type NodeState, stateText } from "../../src/drawing/node-state";
import { nodeMarkup } from "../../src/drawing/svg/draw-node";
import { textWidth } from "../../src/drawing/svg/markup";
import { FONT, PADDING } from "../../src/drawing/svg/node-block";
import type { PlacedNode } from "../../src/drawing/svg/place-graph";
import { stylesheet } from "../../src/drawing/svg/stylesheet";
import { type Camera, fitted, seenBox, showing, zoomed } from "./camera";
import { nodeTowards } from "./keyboard";
import type { PlacedPart } from "./layout-worker";
import { type Item, overlaps, type Scene, sceneOf } from "./scene";

/** Below, a node is a coloured box: its words could not be read, and thousands of them would be slow. */
const WORDS_FROM_SCALE = 0.28;
const PENDING: NodeState = { status: "pending" };
const ZOOM_STEP = 1.25;

// The drawings of `aco graph` bring their own style sheet; made this way it is none that a policy has to allow.
const sheet = new CSSStyleSheet();
sheet.replaceSync(stylesheet());
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];

export interface GraphViewProps {
  readonly drawing: Drawing;
  readonly parts: readonly PlacedPart[];
  readonly states: ReadonlyMap<string, NodeState>;
  /** Node id; empty where none is chosen. */
  readonly selected: string;
  readonly select: (nodeId: string) => void;
}

/** The graph as a picture that can be moved and zoomed; arrow keys go from node to node. */
export function GraphView({ parts, states, selected, select }: GraphViewProps) {
  const scene = useMemo(() => sceneOf(parts), [parts]);
  const place = useRef<HTMLDivElement>(null);
  const size = useSize(place);
  const [camera, setCamera] = useState<Camera | null>(null);
  const [focused, setFocused] = useState(selected === "" ? (scene.order[0] ?? "") : selected);
  const wantsFocus = useRef(false);
  const seen = camera ?? fitted(scene, size, true);
  const middle = { x: size.width / 2, y: size.height / 2 };
  const zoom = (factor: number, at: Point = middle) => setCamera(zoomed(seen, factor, at));

  const focus = (id: string) => {
    const box = scene.nodes.get(id);
    if (box === undefined) return;
    wantsFocus.current = true;
    setFocused(id);
    setCamera(showing(seen, box, size));
  };
  useLayoutEffect(() => {
    if (!wantsFocus.current) return;
    wantsFocus.current = false;
    place.current?.querySelector<SVGGElement>('g[tabindex="0"]')?.focus({ preventScroll: true });
  });
  // Chosen elsewhere, such as in the list: it is brought into sight.
  useEffect(() => {
    const box = scene.nodes.get(selected);
    if (box === undefined || size.width === 0) return;
    setFocused(selected);
    if (!overlaps(box, seenBox(seen, size))) setCamera(showing(seen, box, size));
  }, [selected, size.width > 0]);

  const onKeyDown = (event: KeyboardEvent) => {
    const to = nodeTowards(event.key, focused, scene);
    if (to !== null) focus(to);
    else if (event.key === "Enter" || event.key === " ") select(focused);
    else if (event.key === "+" || event.key === "=") zoom(ZOOM_STEP);
    else if (event.key === "-") zoom(1 / ZOOM_STEP);
    else if (event.key === "0") setCamera(fitted(scene, size, false));
    else return;
    event.preventDefault();
  };
  usePointer(place, seen, setCamera);

  return (
    <div class="graph" ref={place}>
      {size.width > 0 && (
        <svg
          class="aco"
          width={size.width}
          height={size.height}
          role="group"
          aria-label={`Graph of ${scene.order.length} nodes. Arrow keys go from node to node, Enter shows one, plus and minus zoom, 0 shows all.`}
          onKeyDown={onKeyDown}
        >
          <g transform={`scale(${seen.scale}) translate(${-seen.x} ${-seen.y})`}>
            <Items {...{ scene, states, selected, select, focused, size }} camera={seen} />
          </g>
        </svg>
      )}
      <div class="zoom">
        <button type="button" aria-label="Zoom in" onClick={() => zoom(ZOOM_STEP)}>
          +
        </button>
        <button type="button" aria-label="Zoom out" onClick={() => zoom(1 / ZOOM_STEP)}>
          −
        </button>
        <button type="button" aria-label="Show all of the graph" onClick={() => setCamera(fitted(scene, size, false))}>
          ⤢
        </button>
      </div>
    </div>
  );
}

interface ItemsProps extends Pick<GraphViewProps, "states" | "selected" | "select"> {
  readonly scene: Scene;
  readonly focused: string;
  readonly camera: Camera;
  readonly size: Size;
}

/** Only what can be seen, and the node that has the keyboard. */
function Items({ scene, states, selected, select, focused, camera, size }: ItemsProps) {
  const seen = seenBox(camera, size);
  const hasWords = camera.scale >= WORDS_FROM_SCALE;
  const isFocused = (item: Item) => item.kind === "node" && item.placed.node.id === focused;
  const shown = scene.items.filter((item) => overlaps(item.box, seen) || isFocused(item));
  return (
    <>
      {shown.map((item) => {
        if (item.kind === "title")
          return (
            <text key={item.key} class="heading" x={item.box.x} y={item.box.y + 18}>
              {item.text}
            </text>
          );
        if (item.kind === "edge") return <Markup key={item.key} at={item.at} svg={item.svg} />;
        if (item.kind === "label") return hasWords ? <Markup key={item.key} at={item.at} svg={item.svg} /> : null;
        const { id } = item.placed.node;
        const state = states.get(id) ?? PENDING;
        return (
          <Node
            key={item.key}
            item={item}
            state={state}
            hasWords={hasWords}
            isSelected={id === selected}
            isStop={id === focused}
            select={select}
          />
        );
      })}
    </>
  );
}

interface NodeProps {
  readonly item: Extract<Item, { kind: "node" }>;
  readonly state: NodeState;
  readonly hasWords: boolean;
  readonly isSelected: boolean;
  /** Whether the tab key stops here: at one node of the graph. */
  readonly isStop: boolean;
  readonly select: (nodeId: string) => void;
}

function Node({ item, state, hasWords, isSelected, isStop, select }: NodeProps) {
  const { placed, box } = item;
  const { node, block, width, height } = placed;
  const svg = hasWords
    ? withoutTooltip(
        nodeMarkup({ ...placed, node: { ...node, state }, block: { ...block, state: stateThatFits(state, width) } }),
      )
    : plainMarkup(node, state, width, height);
  return (
    <g
      class={`node ${isSelected ? "selected" : ""}`}
      transform={`translate(${box.x} ${box.y})`}
      role="button"
      // In SVG, attributes are what they are spelled like.
      {...{ tabindex: isStop ? 0 : -1 }}
      aria-label={nodeLabel(placed, state)}
      aria-pressed={isSelected}
      data-node={node.id}
      onClick={() => select(node.id)}
    >
      <rect class="ring" x="-5" y="-5" width={width + 10} height={height + 10} rx="10" />
      <Markup svg={svg} />
    </g>
  );
}

/** A node has a label of its own: two names would both be read out. Lines of text are words apart from each other. */
function withoutTooltip(svg: string): string {
  return svg.replace(/^<title>[^<]*<\/title>/, "").replaceAll("</text>", "</text> ");
}

/** The room was left for what is usual; of the rest the code goes first, then the end. The label and the panel say all. */
function stateThatFits(state: NodeState, width: number): string {
  const room = width - 2 * PADDING.x - PADDING.icon;
  const fits = (text: string) => textWidth(text, FONT.small) <= room;
  const { code: _, ...rest } = state;
  const text = [stateText(state), stateText(rest)].find(fits) ?? stateText(rest);
  for (let length = text.length; length > 1; length -= 1) {
    const cut = length === text.length ? text : `${text.slice(0, length)}…`;
    if (fits(cut)) return cut;
  }
  return text;
}

function plainMarkup({ body }: DrawnNode, { status }: NodeState, width: number, height: number): string {
  const classes = body === undefined ? "box" : `frame ${status}`;
  return `<g class="${status}"><rect class="${classes}" width="${width}" height="${height}" rx="6"/></g>`;
}

/** Begins with the words that are drawn, so that who sees them can say them, and adds what the drawing says by shape. */
function nodeLabel({ node: { id, kind }, block: { title, details } }: PlacedNode, state: NodeState): string {
  return `${[...title, ...details].join(", ")}: ${stateText(state)}; ${kind} ${id}`;
}

/** What `src/drawing` makes: every text in it is escaped there, and the page's policy allows no script but its own file. */
function Markup({ svg, at }: { readonly svg: string; readonly at?: Point }) {
  return <g {...(at && { transform: `translate(${at.x} ${at.y})` })} dangerouslySetInnerHTML={{ __html: svg }} />;
}

function useSize(place: { readonly current: HTMLDivElement | null }): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    observer.observe(element);
    return () => observer.disconnect();
  }, [place]);
  return size;
}

/** Drags move, the wheel moves too, and zooms with a modifier key or two fingers. */
function usePointer(
  place: { readonly current: HTMLDivElement | null },
  camera: Camera,
  setCamera: (camera: Camera) => void,
): void {
  const latest = useRef({ camera, setCamera });
  latest.current = { camera, setCamera };
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const stop = new AbortController();
    const on = { signal: stop.signal, passive: false } as const;
    let dragged: { readonly pointer: number; readonly from: Point; readonly camera: Camera } | null = null;
    const shift = (by: Point, from = latest.current.camera) =>
      latest.current.setCamera({ ...from, x: from.x + by.x / from.scale, y: from.y + by.y / from.scale });
    element.addEventListener(
      "pointerdown",
      (event) => {
        if (event.button === 0 && !(event.target instanceof HTMLButtonElement))
          dragged = { pointer: event.pointerId, from: { x: event.x, y: event.y }, camera: latest.current.camera };
      },
      on,
    );
    element.addEventListener(
      "pointermove",
      (event) => {
        if (dragged?.pointer !== event.pointerId) return;
        const by = { x: dragged.from.x - event.x, y: dragged.from.y - event.y };
        if (Math.hypot(by.x, by.y) < 4 && !element.hasPointerCapture(event.pointerId)) return;
        element.setPointerCapture(event.pointerId);
        shift(by, dragged.camera);
      },
      on,
    );
    for (const type of ["pointerup", "pointercancel"] as const)
      element.addEventListener(
        type,
        () => {
          dragged = null;
        },
        on,
      );
    element.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const { left, top } = element.getBoundingClientRect();
        const at = { x: event.clientX - left, y: event.clientY - top };
        if (event.ctrlKey || event.metaKey)
          latest.current.setCamera(zoomed(latest.current.camera, Math.exp(-event.deltaY / 300), at));
        else shift({ x: event.deltaX, y: event.deltaY });
      },
      on,
    );
    return () => stop.abort();
  }, [place]);
}
