import { CancellationScope, sleep } from "@temporalio/workflow";

/** Goes on for so many turns without giving anything else a chance, in a scope, as our runs do all they do. */
export async function busy(turns: number): Promise<number> {
  return await CancellationScope.nonCancellable(async () => {
    await sleep(1);
    return turn(turns);
  });
}

export function turn(turns: number): number {
  let sum = 0;
  for (let index = 0; index < turns; index += 1) sum = (sum + index) % 1_000_003;
  return sum;
}
