import { OrchestratorError } from "../core/errors";
import {
  type HealthCheckRequest,
  type HealthCheckResponse,
  type HealthServiceServer,
  HealthStatus,
} from "../gen/proto/health";
import type { ApiContext } from "./api-context";
import type { HealthMonitor } from "./health/health-monitor";
import { CHECKED_SERVICES, isCheckedService, isServing } from "./health/service-status";
import { unary } from "./unary";

export interface TemporalUi {
  readonly url: string;
  readonly namespace: string;
}

export interface HealthServiceOptions {
  readonly monitor: HealthMonitor;
  readonly version: string;
  readonly startedAt: Date;
  /** Where a person looks at runs in Temporal itself; absent where it is not known. */
  readonly temporalUi?: TemporalUi | undefined;
  /** URL of our web page, once it is served; undefined where it is not. */
  readonly webUrl?: (() => string | undefined) | undefined;
}

/** `orchestrator.health.HealthService`. */
export function healthService(
  { logger }: Pick<ApiContext, "logger">,
  options: HealthServiceOptions,
): HealthServiceServer {
  return { check: unary(logger, (request) => check(options, request)) };
}

/**
 * `metadata`: `temporal` and `database` are `SERVING` or `NOT_SERVING`; `workers` is how many poll for work, or `unknown`
 * while Temporal does not answer; `temporal_ui` is the address of Temporal's Web UI and `temporal_namespace` what it is to show,
 * where they are known; `web` is the address of our web page, where it is served.
 */
async function check(
  { monitor, version, startedAt, temporalUi, webUrl }: HealthServiceOptions,
  { service }: HealthCheckRequest,
): Promise<HealthCheckResponse> {
  if (!isCheckedService(service)) {
    const known = CHECKED_SERVICES.filter((name) => name !== "").join(", ");
    throw new OrchestratorError(
      "NOT_FOUND",
      `there is no service ${JSON.stringify(service.slice(0, 100))}; known are ${known}, and the empty name for all`,
    );
  }
  const health = await monitor.check();
  const web = webUrl?.();
  return {
    status: isServing(service, health) ? HealthStatus.HEALTH_STATUS_SERVING : HealthStatus.HEALTH_STATUS_NOT_SERVING,
    version,
    uptimeSeconds: Math.floor((Date.now() - startedAt.getTime()) / 1_000),
    metadata: {
      temporal: health.temporal ? "SERVING" : "NOT_SERVING",
      database: health.database ? "SERVING" : "NOT_SERVING",
      workers: health.workers === undefined ? "unknown" : String(health.workers),
      ...(temporalUi === undefined ? {} : { temporal_ui: temporalUi.url, temporal_namespace: temporalUi.namespace }),
      ...(web === undefined ? {} : { web }),
    },
  };
}
