import type { Document, LineCounter, Node } from "yaml";
import { pathOf } from "../../definition/json-pointer";

/** Both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Finds the place of a JSON pointer in the text of a document; of what is not there, the nearest place around it. */
export type Positions = (pointer: string) => Position | undefined;

/** Reads places of a text in YAML or JSON, which YAML includes. Knows none where the text cannot be read so. */
export async function positionsIn(text: string): Promise<Positions> {
  const { isMap, isSeq, LineCounter: Lines, parseDocument } = await import("yaml");
  const lines = new Lines();
  const document = parseDocument(text, { lineCounter: lines, stringKeys: true });
  if (document.errors.length > 0) return () => undefined;
  return (pointer) => positionOf(pointer, { document, lines, isMap, isSeq });
}

interface Reading extends Pick<typeof import("yaml"), "isMap" | "isSeq"> {
  readonly document: Document;
  readonly lines: LineCounter;
}

function positionOf(pointer: string, { document, lines, isMap, isSeq }: Reading): Position | undefined {
  let node: unknown = document.contents;
  let place = startOf(node);
  for (const name of pathOf(pointer)) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => String(key) === name);
      if (pair === undefined) break;
      place = startOf(pair.key) ?? place;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(name)];
      place = startOf(node) ?? place;
    } else break;
  }
  if (place === undefined) return undefined;
  const { line, col } = lines.linePos(place);
  return { line, column: col };
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0];
}
