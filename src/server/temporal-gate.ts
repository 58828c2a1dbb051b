import { OrchestratorError } from "../core/errors";
import type { Logger } from "../core/logger";
import { connectTemporal, type TemporalConnection, type TemporalOptions } from "../temporal/connect";
import { createReactionRuns, type ReactionRuns } from "../temporal/reaction-runs";
import { createRuns } from "../temporal/runs";
import type { EventStreams, Runs } from "../temporal/runs-port";
import { createSchedules } from "../temporal/schedules";
import type { Schedules } from "../temporal/schedules-port";
import { ensureSearchAttributes } from "../temporal/search-attributes";
import { createEventStreams } from "../temporal/streams";

/** Between two tries to reach Temporal: a deployment waits no longer than this once it is there. */
const RETRY_DELAY_MS = 2_000;

/** Temporal for an API that starts before it: calls are refused as UNAVAILABLE until it is reached, then go through. */
export interface TemporalGate {
  readonly runs: Runs;
  readonly streams: EventStreams;
  readonly schedules: Schedules;
  readonly reactions: ReactionRuns;
  close(): Promise<void>;
}

interface Connected {
  readonly temporal: TemporalConnection;
  readonly runs: Runs;
  readonly streams: EventStreams;
  readonly schedules: Schedules;
  readonly reactions: ReactionRuns;
}

/** Starts to connect, and goes on trying until it is closed. */
export function openTemporalGate(options: TemporalOptions, taskQueue: string, logger: Logger): TemporalGate {
  const abort = new AbortController();
  let connected: Connected | undefined;
  let reason: unknown;
  const connecting = reachTemporal({ ...options, logger }, logger, abort.signal, (error) => {
    reason = error;
  }).then((temporal) => {
    if (temporal === null) return;
    const { client } = temporal;
    connected = {
      temporal,
      runs: createRuns({ client, taskQueue }),
      streams: createEventStreams({ client, logger }),
      schedules: createSchedules({ client, taskQueue }),
      reactions: createReactionRuns({ client, taskQueue }),
    };
  });
  const now = (): Connected => {
    if (connected !== undefined) return connected;
    throw new OrchestratorError("UNAVAILABLE", `Temporal at ${options.address} cannot be reached`, { cause: reason });
  };
  return {
    runs: {
      startTask: async (input, requestHash) => await now().runs.startTask(input, requestHash),
      startGraph: async (input, requestHash) => await now().runs.startGraph(input, requestHash),
      cancel: async (run, why) => await now().runs.cancel(run, why),
      state: async (run) => await now().runs.state(run),
      listWaitingFor: async (kinds, filter) => await now().runs.listWaitingFor(kinds, filter),
      listWaiting: async (filter) => await now().runs.listWaiting(filter),
      startedSince: async (since, limit) => await now().runs.startedSince(since, limit),
      resetAt: async (run) => await now().runs.resetAt(run),
      workerCount: async () => await now().runs.workerCount(),
      sendMessage: async (run, message) => await now().runs.sendMessage(run, message),
      answerApproval: async (run, answer) => await now().runs.answerApproval(run, answer),
      steer: async (run, request) => await now().runs.steer(run, request),
      listRetries: async (run) => await now().runs.listRetries(run),
      attemptOf: async (run, activityId) => await now().runs.attemptOf(run, activityId),
      tryAgainNow: async (run, activityId) => await now().runs.tryAgainNow(run, activityId),
    },
    schedules: {
      create: async (id, schedule) => await now().schedules.create(id, schedule),
      get: async (id) => await now().schedules.get(id),
      list: async (request) => await now().schedules.list(request),
      update: async (id, change) => await now().schedules.update(id, change),
      delete: async (id) => await now().schedules.delete(id),
      trigger: async (id, overlap, requestId) => await now().schedules.trigger(id, overlap, requestId),
      backfill: async (id, range, requestId) => await now().schedules.backfill(id, range, requestId),
      timesOf: async (id, range) => await now().schedules.timesOf(id, range),
      timesOfSpec: async (times, range) => await now().schedules.timesOfSpec(times, range),
      starterEnd: async (action) => await now().schedules.starterEnd(action),
    },
    reactions: {
      ensure: async (delivery) => await now().reactions.ensure(delivery),
      restart: async (delivery) => await now().reactions.restart(delivery),
    },
    streams: {
      async *watch(run, watchOptions) {
        yield* now().streams.watch(run, watchOptions);
      },
      async *soFar(run, signal) {
        yield* now().streams.soFar(run, signal);
      },
      async *histories(run) {
        yield* now().streams.histories(run);
      },
      close: async () => await connected?.streams.close(),
    },
    close: async () => {
      abort.abort();
      await connecting;
      await connected?.temporal.close();
    },
  };
}

/**
 * Connects, trying again for as long as nothing answers; null when `signal` aborts first. Other errors are passed on to
 * `onFailure` too and tried again: credentials and namespaces are also mended while processes run.
 */
export async function reachTemporal(
  options: TemporalOptions,
  logger: Logger,
  signal: AbortSignal,
  onFailure: (error: unknown) => void = () => undefined,
): Promise<TemporalConnection | null> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      const temporal = await connectTemporal(options);
      await addSearchAttributes(temporal, logger);
      return temporal;
    } catch (error) {
      onFailure(error);
      const log = attempt === 1 ? logger.warn.bind(logger) : logger.debug.bind(logger);
      log({ error, address: options.address, attempt }, "Temporal cannot be reached yet; trying again");
      await abortableDelay(RETRY_DELAY_MS, signal);
    }
  }
  return null;
}

/** Runs need them at their start. Where we may not add them, an administrator has done so or is told in the log. */
async function addSearchAttributes(temporal: TemporalConnection, logger: Logger): Promise<void> {
  try {
    const added = await ensureSearchAttributes(temporal);
    if (added.length > 0) logger.info({ added }, "added our search attributes to the namespace");
  } catch (error) {
    logger.warn({ error }, "could not make sure that the namespace has our search attributes");
  }
}

async function abortableDelay(delayMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, delayMs);
    signal.addEventListener(
      "abort",
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
