import type { Problem } from "../../definition/graph-types";
import type { Position } from "./document-positions";

/** `NODE_UNKNOWN /edges/0/target: there is no node 'biuld'` */
export function problemText({ code, pointer, message }: Problem): string {
  return `${code} ${pointer === "" ? "/" : pointer}: ${message}`;
}

/** `build.yaml:12:5`, or the file alone where nothing is known of the place. */
export function placeText(file: string, position: Position | undefined): string {
  return position === undefined ? file : `${file}:${position.line}:${position.column}`;
}
