/** One run of a node, as events name it: `b`, `b[3]`, `b#2`, `b#1#2`, `b#2[3]`; that of a compensation ends in `/compensate`. */
export interface Instance {
  readonly nodeId: string;
  /** Which item of each map around it, outermost first, from 0. */
  readonly items: readonly number[];
  /** The loops' numbers before the first item: which round of them this belongs to. */
  readonly round: readonly number[];
  /** All loops' numbers; empty while each is 1. */
  readonly iterations: readonly number[];
  readonly isCompensation: boolean;
}

/** Null for what is no instance of a node. */
export function parseInstance(text: string): Instance | null {
  const [, nodeId, suffix = "", compensation] =
    /^([A-Za-z_][A-Za-z0-9_-]*)((?:\[\d{1,9}\]|#\d{1,9})*)(\/compensate)?$/.exec(text) ?? [];
  if (nodeId === undefined) return null;
  const numbers = (part: string, mark: RegExp) => [...part.matchAll(mark)].map(([, digits]) => Number(digits));
  return {
    nodeId,
    items: numbers(suffix, /\[(\d+)\]/g),
    round: numbers(suffix.split("[")[0] ?? "", /#(\d+)/g),
    iterations: numbers(suffix, /#(\d+)/g),
    isCompensation: compensation !== undefined,
  };
}
