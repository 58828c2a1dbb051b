/** A line from a column above a channel to one below it, by the boxes at its ends. */
export interface Hop {
  readonly from: number;
  readonly to: number;
  readonly fromX: number;
  readonly toX: number;
}

interface Net {
  readonly hops: number[];
  readonly sources: ReadonlySet<number>;
  readonly targets: ReadonlySet<number>;
  readonly left: number;
  readonly right: number;
}

/**
 * On which row of the channel each line runs sideways, from 0; null for one that is straight. Lines that end at the same
 * boxes share a row. Where a line comes down in the column in which another one starts, the one that starts runs above it,
 * so that they do not lie on each other.
 */
export function assignTracks(hops: readonly Hop[]): {
  readonly tracks: readonly (number | null)[];
  readonly count: number;
} {
  const nets = netsOf(hops).filter(({ left, right }) => left < right);
  const trackOf = new Map<Net, number>();
  const taken: Net[][] = [];
  const open = new Set<Net>();
  const place = (net: Net): number => {
    const known = trackOf.get(net);
    if (known !== undefined) return known;
    // Two lines that each should run above the other: one of them gives way.
    if (open.has(net)) return -1;
    open.add(net);
    const above = nets.filter((other) => other !== net && [...net.targets].some((x) => other.sources.has(x)));
    let track = Math.max(-1, ...above.map(place)) + 1;
    const isFree = (row: readonly Net[] = []) => row.every((other) => other.right < net.left || other.left > net.right);
    while (!isFree(taken[track])) track += 1;
    taken[track] = [...(taken[track] ?? []), net];
    trackOf.set(net, track);
    return track;
  };
  for (const net of nets) place(net);
  const tracks: (number | null)[] = hops.map(() => null);
  for (const [net, track] of trackOf) for (const hop of net.hops) tracks[hop] = track;
  return { tracks, count: taken.length };
}

/** Lines whose sources lead to the same targets belong together: all of one source, all to one target, or all to all. */
function netsOf(hops: readonly Hop[]): readonly Net[] {
  const targetsOf = new Map<string, Set<number>>();
  const sourceKey = ({ from, fromX }: Hop) => `${from}/${fromX}`;
  for (const hop of hops) targetsOf.set(sourceKey(hop), (targetsOf.get(sourceKey(hop)) ?? new Set()).add(hop.to));
  const groups = new Map<string, number[]>();
  for (const [index, hop] of hops.entries()) {
    const key = [...(targetsOf.get(sourceKey(hop)) ?? [])].sort((a, b) => a - b).join(" ");
    groups.set(key, [...(groups.get(key) ?? []), index]);
  }
  return [...groups.values()].map((indices) => {
    const own = indices.flatMap((index) => hops[index] ?? []);
    const columns = own.flatMap(({ fromX, toX }) => [fromX, toX]);
    return {
      hops: indices,
      sources: new Set(own.map(({ fromX }) => fromX)),
      targets: new Set(own.map(({ toX }) => toX)),
      left: Math.min(...columns),
      right: Math.max(...columns),
    };
  });
}
