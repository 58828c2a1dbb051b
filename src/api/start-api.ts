import { type Duplex, duplexPair } from "node:stream";
import { type ChannelOptions, Server, ServerCredentials, setLogger } from "@grpc/grpc-js";
import { service as standardHealthDefinition } from "grpc-health-check";
import type { EndNotices } from "../core/end-notices";
import type { Logger } from "../core/logger";
import { KEEP_ALL, type RecordRetention } from "../core/record-retention";
import { ExecutionServiceService } from "../gen/proto/executions";
import { HealthServiceService } from "../gen/proto/health";
import { ReactionServiceService } from "../gen/proto/reactions";
import { ScheduleServiceService } from "../gen/proto/schedules";
import { TaskServiceService } from "../gen/proto/tasks";
import { WebhookServiceService } from "../gen/proto/webhooks";
import { WorkflowServiceService } from "../gen/proto/workflows";
import type { Store } from "../store/store-port";
import type { ReactionRuns } from "../temporal/reaction-runs";
import type { EventStreams, Runs } from "../temporal/runs-port";
import type { Schedules } from "../temporal/schedules-port";
import type { ApiContext } from "./api-context";
import { executionService } from "./execution-service";
import { startRepairSweep } from "./executions/repair-sweep";
import { startRetentionSweep } from "./executions/retention-sweep";
import { HealthMonitor } from "./health/health-monitor";
import { healthService, type TemporalUi } from "./health-service";
import {
  KEEPALIVE_TIME_MS,
  KEEPALIVE_TIMEOUT_MS,
  MAX_CONCURRENT_CALLS_PER_CONNECTION,
  MAX_REQUEST_BYTES,
  MAX_RESPONSE_BYTES,
  SHUTDOWN_GRACE_MS,
} from "./limits";
import { OpenStreams } from "./open-streams";
import { reactionService } from "./reaction-service";
import { type CallbackSettings, STRICT_CALLBACKS } from "./reactions/callback-settings";
import { startReactionSweep } from "./reactions/reaction-sweep";
import { addReflection } from "./reflection";
import { scheduleService } from "./schedule-service";
import { standardHealthService } from "./standard-health-service";
import { taskService } from "./task-service";
import { webhookService } from "./webhook-service";
import { startWebhookListener } from "./webhooks/webhook-listener";
import { workflowService } from "./workflow-service";

/** The API closes none of what it is given: whoever opened it does, after `close`. */
export interface ApiOptions {
  /** Port 0 is any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Where webhooks are taken; nowhere where absent. */
  readonly webhookListen?: ApiOptions["listen"] | null;
  /** Absolute path; tasks without a `workspace_path` get a folder in it. */
  readonly dataDir: string;
  readonly store: Store;
  readonly runs: Runs;
  readonly streams: EventStreams;
  readonly schedules: Schedules;
  readonly reactions: ReactionRuns;
  /** Of the worker in this process, where there is one. */
  readonly ends?: EndNotices;
  /** Private addresses are refused, and there is no secret, where absent. */
  readonly callbacks?: CallbackSettings;
  readonly logger: Logger;
  /** How long records of ended executions are kept; for good where absent. */
  readonly keep?: RecordRetention;
  /** Between two looks at whether runs ended or were reset unnoticed; 25 s where absent. */
  readonly repairPauseMs?: number;
  /** Told by HealthService.Check. */
  readonly version: string;
  /** Told by it too; absent where it is not known. */
  readonly temporalUi?: TemporalUi | undefined;
  /** Told by it as well, once the page is served, which is after the API is. */
  readonly webUrl?: (() => string | undefined) | undefined;
}

export interface RunningApi {
  /** `host:port`, with the port that was really taken. */
  readonly address: string;
  readonly port: number;
  /** `host:port` of the listener for webhooks; null where there is none. */
  readonly webhookAddress: string | null;
  /** A connection to the services that does not leave this process; in HTTP/2, as one from outside. */
  connect(): Duplex;
  /** Stops accepting, ends open streams with UNAVAILABLE, lets other calls finish; done within 10 s. */
  close(): Promise<void>;
}

const SERVER_OPTIONS: ChannelOptions = {
  "grpc.max_receive_message_length": MAX_REQUEST_BYTES,
  "grpc.max_send_message_length": MAX_RESPONSE_BYTES,
  "grpc.max_concurrent_streams": MAX_CONCURRENT_CALLS_PER_CONNECTION,
  "grpc.keepalive_time_ms": KEEPALIVE_TIME_MS,
  "grpc.keepalive_timeout_ms": KEEPALIVE_TIMEOUT_MS,
};

/** Serves all services. Throws an `Error` that says what to do where the address cannot be taken. */
export async function startApi(options: ApiOptions): Promise<RunningApi> {
  const { listen, store, logger, version } = options;
  const context = contextOf(options);
  const monitor = new HealthMonitor({ store, runs: options.runs, logger });
  const server = new Server(SERVER_OPTIONS);
  server.addService(TaskServiceService, taskService(context));
  server.addService(WorkflowServiceService, workflowService(context));
  server.addService(ExecutionServiceService, executionService(context));
  server.addService(ScheduleServiceService, scheduleService(context));
  server.addService(ReactionServiceService, reactionService(context));
  server.addService(WebhookServiceService, webhookService(context));
  const { temporalUi, webUrl } = options;
  const health = { monitor, version, startedAt: new Date(), temporalUi, webUrl };
  server.addService(HealthServiceService, healthService(context, health));
  server.addService(standardHealthDefinition, standardHealthService(context, monitor));
  addReflection(server);
  routeGrpcLog(logger);
  const { webhookListen = null } = options;
  const webhooks = webhookListen === null ? null : await startWebhookListener(context, webhookListen);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const port = await bind(server, listen).catch(async (error: unknown) => {
    await webhooks?.close();
    throw error;
  });
  const address = hostPort(listen.host, port);
  const sweeps = [
    startRepairSweep(context, options.repairPauseMs),
    startReactionSweep(context),
    startRetentionSweep(context, options.keep ?? KEEP_ALL),
  ];
  logger.info({ address }, "the API is listening");
  let closed: Promise<void> | undefined;
  const close = async () => {
    const stopping = sweeps.map((sweep) => sweep?.stop());
    await Promise.all([...stopping, webhooks?.close(), shutDown(server, context.openStreams)]);
    logger.info({ address }, "the API has stopped");
  };
  return {
    address,
    port,
    webhookAddress: webhooks?.address ?? null,
    connect: () => {
      const [near, far] = duplexPair();
      injector.injectConnection(far);
      return near;
    },
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

function contextOf(options: ApiOptions): ApiContext {
  const { store, runs, streams, schedules, reactions, ends, callbacks = STRICT_CALLBACKS, logger, dataDir } = options;
  const openStreams = new OpenStreams();
  return { store, runs, streams, schedules, reactions, ends, callbacks, logger, dataDir, openStreams };
}

/** grpc-js writes to the console, one writer for the whole process; what it has to say belongs into our log. */
function routeGrpcLog(logger: Logger): void {
  const write = (...words: unknown[]) => logger.debug({ grpc: words.map(String).join(" ") }, "gRPC library");
  setLogger({ error: write, info: write, debug: write });
}

function bind(server: Server, { host, port }: ApiOptions["listen"]): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(hostPort(host, port), ServerCredentials.createInsecure(), (error, boundPort) => {
      if (error === null) resolve(boundPort);
      else reject(bindError(hostPort(host, port), error));
    });
  });
}

/** IPv6 addresses stand in brackets before a port. */
function hostPort(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function bindError(address: string, cause: Error): Error {
  let reason = cause.message;
  if (reason.includes("EADDRINUSE")) reason = "the address is in use; stop what listens there, or choose another port";
  else if (reason.includes("EACCES")) reason = "not allowed; ports below 1024 are the administrator's: choose another";
  else if (reason.includes("EADDRNOTAVAIL")) reason = "no network interface of this machine has that address";
  return new Error(`cannot listen on ${address}: ${reason}`, { cause });
}

/** Streams are told first: their calls must end for the graceful shutdown to get anywhere. */
async function shutDown(server: Server, openStreams: OpenStreams): Promise<void> {
  const drained = new Promise<void>((resolve) => {
    server.tryShutdown(() => resolve());
  });
  openStreams.shutDown();
  const force = setTimeout(() => server.forceShutdown(), SHUTDOWN_GRACE_MS);
  await drained;
  clearTimeout(force);
  server.forceShutdown();
}
