import type { DrawnEdge } from "../drawing";
import type { Size } from "../layout";
import type { Canvas, Style } from "./canvas";
import type { Item } from "./rows";

/** A graph with a place for everything, in characters. */
export interface TextGraph extends Size {
  draw(canvas: Canvas, x: number, y: number): void;
}

/** An item with its columns, from the left side of its graph. */
export interface PlacedItem extends Size {
  readonly item: Item;
  readonly left: number;
  readonly centre: number;
}

export function styleOfEdge({ kind }: DrawnEdge): Style {
  if (kind === "error") return "red";
  return kind === "loop" ? "magenta" : "none";
}
