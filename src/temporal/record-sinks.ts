import { setTimeout as sleep } from "node:timers/promises";
import type { InjectedSinks } from "@temporalio/worker";
import type { Logger } from "../core/logger";
import type { RecordSinks } from "../workflows/record-keeping";
import type { EndRecord, StartRecord } from "../workflows/run-records";

/**
 * When a worker records the start of a run that has not ended by then. The API records it too, at once; this is for when
 * the API was killed in between. A shorter run has both written in one go at its end.
 */
export const START_RECORD_DELAY_MS = 1_000;

/** How long the end of a run waits for its record: well within the 10 s that a workflow task may take. */
export const MAX_WAIT_MS = 1_000;

/** How long a record is tried after that; then it is left to the API's sweep, which runs more often than this. */
const MAX_TRYING_MS = 60_000;

const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 5_000;

/** Writes records; each may be written more than once, and a start after its end. */
export interface RecordWriter {
  started(record: StartRecord): Promise<unknown>;
  ended(record: EndRecord): Promise<unknown>;
}

/**
 * Keeps the records of runs in the worker that runs them: the end is written before the worker tells Temporal of it. Local
 * activities would do the same for three times the price: more turns of the workflow, and events (docs/decisions/0007).
 */
export function createRecordSinks(writer: RecordWriter, logger: Logger): InjectedSinks<RecordSinks> {
  const starting = new Map<string, NodeJS.Timeout>();
  const forget = (executionId: string) => {
    clearTimeout(starting.get(executionId));
    starting.delete(executionId);
  };
  return {
    records: {
      started: {
        fn: (_run, record) => {
          const { executionId } = record;
          forget(executionId);
          const write = () => {
            starting.delete(executionId);
            void writeUntilKept(() => writer.started(record), executionId, logger);
          };
          starting.set(executionId, setTimeout(write, START_RECORD_DELAY_MS).unref());
        },
        callDuringReplay: true,
      },
      ended: {
        fn: async (_run, record) => {
          forget(record.executionId);
          const written = writeUntilKept(() => writer.ended(record), record.executionId, logger);
          await Promise.race([written, sleep(MAX_WAIT_MS, undefined, { ref: false })]);
        },
        callDuringReplay: false,
      },
    },
  };
}

async function writeUntilKept(write: () => Promise<unknown>, executionId: string, logger: Logger): Promise<void> {
  const deadline = Date.now() + MAX_TRYING_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2)) {
    try {
      await write();
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        logger.warn(
          { executionId, error },
          "A record was not written; a later one, or the API's sweep, makes up for it.",
        );
        return;
      }
      logger.debug({ executionId, error }, "A record could not be written yet.");
      await sleep(pauseMs, undefined, { ref: false });
    }
  }
}
