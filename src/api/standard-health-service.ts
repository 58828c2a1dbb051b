import { setTimeout as sleep } from "node:timers/promises";
import type { handleServerStreamingCall, handleUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { OrchestratorError } from "../core/errors";
import type { ApiContext } from "./api-context";
import type { HealthMonitor } from "./health/health-monitor";
import { CHECKED_SERVICES, isCheckedService, isServing } from "./health/service-status";
import { type ResponseStream, serverStream } from "./server-stream";
import { unary } from "./unary";

/** How often a watched status is looked at; the answer is cached for a second anyway. */
const WATCH_INTERVAL_MS = 1_000;

/** The messages of `grpc.health.v1`, as the service definition of `grpc-health-check` (de)serialises them. */
interface HealthRequest {
  readonly service: string;
}
interface HealthResponse {
  readonly status: "SERVING" | "NOT_SERVING" | "SERVICE_UNKNOWN";
}
interface HealthListResponse {
  readonly statuses: Readonly<Record<string, HealthResponse>>;
}

interface StandardHealthServer extends UntypedServiceImplementation {
  check: handleUnaryCall<HealthRequest, HealthResponse>;
  list: handleUnaryCall<object, HealthListResponse>;
  watch: handleServerStreamingCall<HealthRequest, HealthResponse>;
}

/**
 * `grpc.health.v1.Health`, for load balancers and probes. Only the service definition is taken from `grpc-health-check`:
 * its implementation keeps statuses that are set by hand, and leaves its watches open when the server stops.
 */
export function standardHealthService(
  context: Pick<ApiContext, "logger" | "openStreams">,
  monitor: HealthMonitor,
): StandardHealthServer {
  return {
    check: unary(context.logger, ({ service }: HealthRequest) => check(monitor, service)),
    list: unary(context.logger, () => list(monitor)),
    watch: serverStream(context, ({ service }: HealthRequest, stream) => watch(monitor, service, stream)),
  };
}

async function statusOf(monitor: HealthMonitor, service: string): Promise<HealthResponse> {
  if (!isCheckedService(service)) return { status: "SERVICE_UNKNOWN" };
  return { status: isServing(service, await monitor.check()) ? "SERVING" : "NOT_SERVING" };
}

/** The protocol asks for NOT_FOUND here, and for SERVICE_UNKNOWN in a watch. */
async function check(monitor: HealthMonitor, service: string): Promise<HealthResponse> {
  const response = await statusOf(monitor, service);
  if (response.status !== "SERVICE_UNKNOWN") return response;
  throw new OrchestratorError("NOT_FOUND", `there is no service ${JSON.stringify(service.slice(0, 100))}`);
}

async function list(monitor: HealthMonitor): Promise<HealthListResponse> {
  const entries = CHECKED_SERVICES.map(async (name) => [name, await statusOf(monitor, name)] as const);
  return { statuses: Object.fromEntries(await Promise.all(entries)) };
}

async function watch(monitor: HealthMonitor, service: string, stream: ResponseStream<HealthResponse>): Promise<void> {
  let told: string | undefined;
  while (!stream.signal.aborted) {
    const response = await statusOf(monitor, service);
    if (response.status !== told) await stream.write(response);
    told = response.status;
    await sleep(WATCH_INTERVAL_MS, undefined, { signal: stream.signal }).catch(() => undefined);
  }
  stream.signal.throwIfAborted();
}
