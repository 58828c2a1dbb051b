import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "../../core/logger";
import type { Store } from "../../store/store-port";
import type { Runs } from "../../temporal/runs-port";

/** Probes are cached this long, so that no number of probing load balancers loads Temporal or the database. */
const CACHE_MS = 1_000;
/** Below the default timeout of most probes (Kubernetes: 1 s, grpc-health-probe: 1 s), so that a probe gets an answer. */
const PROBE_TIMEOUT_MS = 800;

/** How the parts that the API depends on are. */
export interface Health {
  readonly temporal: boolean;
  readonly database: boolean;
  /** How many workers poll; undefined while Temporal does not answer. */
  readonly workers: number | undefined;
}

/** Looks at Temporal and the database, at most once a second however many ask. */
export class HealthMonitor {
  #probe: Promise<Health> | undefined;
  #probedAt = 0;
  #known: Health | undefined;

  constructor(private readonly parts: { readonly store: Store; readonly runs: Runs; readonly logger: Logger }) {}

  check(): Promise<Health> {
    if (this.#probe === undefined || Date.now() - this.#probedAt > CACHE_MS) {
      this.#probedAt = Date.now();
      this.#probe = this.#look();
    }
    return this.#probe;
  }

  async #look(): Promise<Health> {
    const { store, runs, logger } = this.parts;
    const [database, workers] = await Promise.all([answer(store.ping().then(() => true)), answer(runs.workerCount())]);
    const health = { temporal: workers !== undefined, database: database !== undefined, workers };
    if (this.#known?.temporal !== health.temporal || this.#known.database !== health.database) {
      logger.info({ temporal: health.temporal, database: health.database }, "health");
    }
    this.#known = health;
    return health;
  }
}

/** Undefined where the probe fails or takes too long. */
async function answer<T>(probe: Promise<T>): Promise<T | undefined> {
  const timeout = new AbortController();
  const late = sleep(PROBE_TIMEOUT_MS, undefined, { signal: timeout.signal, ref: false });
  try {
    return await Promise.race([probe, late]);
  } catch {
    return undefined;
  } finally {
    late.catch(() => undefined);
    timeout.abort();
  }
}
