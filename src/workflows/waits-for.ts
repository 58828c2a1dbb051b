import { WAIT_KINDS, type WaitKind } from "./history-contract";

const SEPARATOR = "+";

/** The value of the search attribute; null where a run waits for nothing that it announces. */
export function waitsForText(kinds: ReadonlySet<WaitKind>): string | null {
  const present = WAIT_KINDS.filter((kind) => kinds.has(kind));
  return present.length === 0 ? null : present.join(SEPARATOR);
}

/** Unknown kinds are those of a later version, and left out. */
export function parseWaitsFor(text: string | null): ReadonlySet<WaitKind> {
  const words = text?.split(SEPARATOR) ?? [];
  return new Set(WAIT_KINDS.filter((kind) => words.includes(kind)));
}

/** All values of the search attribute that say that a run waits for one of these, among other things. */
export function waitsForTexts(wanted: readonly WaitKind[]): readonly string[] {
  const subsets: WaitKind[][] = [[]];
  for (const kind of WAIT_KINDS) subsets.push(...subsets.map((subset) => [...subset, kind]));
  const matching = subsets.filter((subset) => wanted.some((kind) => subset.includes(kind)));
  return matching.flatMap((subset) => waitsForText(new Set(subset)) ?? []);
}
