import { setTimeout as sleep } from "node:timers/promises";
import type { InjectedSinks } from "@temporalio/worker";
import type { Logger } from "../core/logger";
import type { EndRecord } from "../workflows/history-contract";
import type { RecordSinks } from "../workflows/record-keeping";

/** How long the end of a run waits for its record: well within the 10 s that a workflow task may take. */
export const MAX_WAIT_MS = 1_000;

/** How long a record is tried after that; then it is left to the API's sweep, which runs more often than this. */
const MAX_TRYING_MS = 60_000;

const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;

export type WriteEnd = (record: EndRecord) => Promise<unknown>;

/**
 * Writes the end of a run in the worker that ends it, before the worker tells Temporal. A local activity would do the same
 * for three times the price: another turn of the workflow, and an event (see docs/decisions/0007).
 */
export function createRecordSinks(write: WriteEnd, logger: Logger): InjectedSinks<RecordSinks> {
  return {
    records: {
      ended: {
        fn: async (_run, record) => {
          const written = writeUntilKept(write, record, logger);
          await Promise.race([written, sleep(MAX_WAIT_MS, undefined, { ref: false })]);
        },
        callDuringReplay: false,
      },
    },
  };
}

async function writeUntilKept(write: WriteEnd, record: EndRecord, logger: Logger): Promise<void> {
  const deadline = Date.now() + MAX_TRYING_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2)) {
    try {
      await write(record);
      return;
    } catch (error) {
      const { executionId } = record;
      if (Date.now() > deadline) {
        logger.warn({ executionId, error }, "The end was not recorded; the API's sweep makes up for it.");
        return;
      }
      logger.debug({ executionId, error }, "The end could not be recorded yet.");
      await sleep(pauseMs, undefined, { ref: false });
    }
  }
}
