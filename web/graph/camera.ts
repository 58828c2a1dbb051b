import type { Point, Size } from "../../src/drawing/layout";
import type { Box } from "./scene";

/** What of the scene is seen: its point at the upper left corner, and how many pixels one of its units takes. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

const MIN_SCALE = 0.02;
const MAX_SCALE = 3;
/** Below, words cannot be read, and a graph is shown from its beginning instead of whole. */
const READABLE = 0.55;
/** Around what must be seen, in pixels. */
const EDGE = 24;

/** All of the scene where it can then be read, its upper part otherwise; never larger than life. */
export function fitted(scene: Size, view: Size, mustRead: boolean): Camera {
  const whole = Math.min((view.width - 2) / scene.width, (view.height - 2) / scene.height, 1);
  const scale = clampScale(mustRead ? Math.max(whole, Math.min(READABLE, 1)) : whole);
  const height = view.height / scale;
  return {
    scale,
    x: scene.width / 2 - view.width / scale / 2,
    y: scene.height < height ? scene.height / 2 - height / 2 : 0,
  };
}

/** The point of the scene under `at`, in pixels of the view, stays where it is. */
export function zoomed(camera: Camera, factor: number, at: Point): Camera {
  const scale = clampScale(camera.scale * factor);
  return { scale, x: camera.x + at.x / camera.scale - at.x / scale, y: camera.y + at.y / camera.scale - at.y / scale };
}

/** Moves as little as needed for the box to be seen. */
export function showing(camera: Camera, box: Box, view: Size): Camera {
  const scale = Math.max(camera.scale, READABLE);
  const edge = EDGE / scale;
  const move = (start: number, length: number, at: number, size: number) => {
    if (at - edge < start) return at - edge;
    return at + size + edge > start + length ? at + size + edge - length : start;
  };
  const base = scale === camera.scale ? camera : centred(box, view, scale);
  return {
    scale,
    x: move(base.x, view.width / scale, box.x, Math.min(box.width, view.width / scale - 2 * edge)),
    y: move(base.y, view.height / scale, box.y, Math.min(box.height, view.height / scale - 2 * edge)),
  };
}

function centred(box: Box, view: Size, scale: number): Camera {
  return {
    scale,
    x: box.x + box.width / 2 - view.width / scale / 2,
    y: box.y + box.height / 2 - view.height / scale / 2,
  };
}

/** The rectangle of the scene that is seen. */
export function seenBox({ x, y, scale }: Camera, view: Size): Box {
  return { x, y, width: view.width / scale, height: view.height / scale };
}

function clampScale(scale: number): number {
  return Math.min(MAX_SCALE, Math.max(MIN_SCALE, scale));
}
