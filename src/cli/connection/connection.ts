import {
  type CallOptions,
  Channel,
  ChannelCredentials,
  type ChannelOptions,
  Metadata,
  type ServiceError,
} from "@grpc/grpc-js";
import type { ClientConfig, Credentials } from "../../config";
import { assertNever } from "../../core/assert-never";
import { ExecutionServiceClient } from "../../gen/proto/executions";
import { HealthServiceClient } from "../../gen/proto/health";
import { ReactionServiceClient } from "../../gen/proto/reactions";
import { ScheduleServiceClient } from "../../gen/proto/schedules";
import { TaskServiceClient } from "../../gen/proto/tasks";
import { WebhookServiceClient } from "../../gen/proto/webhooks";
import { WorkflowServiceClient } from "../../gen/proto/workflows";

/** No unary call waits for a run, so 30 s is a dead or overloaded server. Streams have no deadline: runs take days. */
export const UNARY_DEADLINE_MS = 30_000;

const CHANNEL_OPTIONS: ChannelOptions = {
  // A thousand records (the largest page) of 64 KiB each: grpc-js's default of 4 MiB would refuse them.
  "grpc.max_receive_message_length": 64 * 1024 * 1024,
  // A peer that vanished without closing (lost power, NAT) is noticed. gRPC's guide asks for no less than a minute.
  "grpc.keepalive_time_ms": 60_000,
  "grpc.keepalive_timeout_ms": 20_000,
  // The reconnect loop has its own backoff; this one only must not be slower (default: 1 s growing to 120 s).
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 5_000,
};

type Done<Response> = (error: ServiceError | null, response: Response) => void;

/** One channel and the stubs on it. */
export interface Connection {
  /** Where it leads, as it was given, for messages. */
  readonly url: string;
  readonly tasks: TaskServiceClient;
  readonly workflows: WorkflowServiceClient;
  readonly executions: ExecutionServiceClient;
  readonly schedules: ScheduleServiceClient;
  readonly reactions: ReactionServiceClient;
  readonly webhooks: WebhookServiceClient;
  readonly health: HealthServiceClient;
  /** New metadata with the credentials, for a stream; a unary call gets its own from `call`. */
  metadata(): Metadata;
  /** Carries out a unary call with credentials and a deadline. Rejects with grpc-js's `ServiceError`. */
  call<Response>(
    start: (metadata: Metadata, options: Partial<CallOptions>, done: Done<Response>) => unknown,
    deadlineMs?: number,
  ): Promise<Response>;
  close(): void;
}

export type ConnectionOptions = Pick<ClientConfig, "credentials"> & {
  readonly server: Pick<ClientConfig["server"], "url" | "target" | "tls">;
};

/** Opens nothing yet: grpc-js connects with the first call. */
export function openConnection({ server, credentials }: ConnectionOptions): Connection {
  const secure = server.tls ? ChannelCredentials.createSsl() : ChannelCredentials.createInsecure();
  const options = isLoopback(server.target) ? { ...CHANNEL_OPTIONS, "grpc.enable_http_proxy": 0 } : CHANNEL_OPTIONS;
  const channel = new Channel(server.target, secure, options);
  const shared = { channelOverride: channel };
  const metadata = () => credentialMetadata(credentials);
  return {
    url: server.url,
    tasks: new TaskServiceClient(server.target, secure, shared),
    workflows: new WorkflowServiceClient(server.target, secure, shared),
    executions: new ExecutionServiceClient(server.target, secure, shared),
    schedules: new ScheduleServiceClient(server.target, secure, shared),
    reactions: new ReactionServiceClient(server.target, secure, shared),
    webhooks: new WebhookServiceClient(server.target, secure, shared),
    health: new HealthServiceClient(server.target, secure, shared),
    metadata,
    call: (start, deadlineMs = UNARY_DEADLINE_MS) =>
      new Promise((resolve, reject) => {
        const deadline = Date.now() + deadlineMs;
        start(metadata(), { deadline }, (error, response) => (error === null ? resolve(response) : reject(error)));
      }),
    close: () => channel.close(),
  };
}

/**
 * How credentials travel, documented in docs/cli.md: `token:` and `secret:` as `authorization: Bearer ...` (RFC 6750; a
 * server tells a JWT from a shared secret by its form), `USER:PASSWORD` as `authorization: Basic ...` (RFC 7617).
 */
function credentialMetadata(credentials: Credentials): Metadata {
  const metadata = new Metadata();
  switch (credentials.kind) {
    case "none":
      break;
    case "secret":
      metadata.set("authorization", `Bearer ${credentials.key}`);
      break;
    case "token":
      metadata.set("authorization", `Bearer ${credentials.token}`);
      break;
    case "password": {
      const pair = Buffer.from(`${credentials.user}:${credentials.password}`, "utf8").toString("base64");
      metadata.set("authorization", `Basic ${pair}`);
      break;
    }
    default:
      assertNever(credentials, "kind of credentials");
  }
  return metadata;
}

/** A proxy for the outside world (`http_proxy`) knows nothing of this machine's own ports. */
export function isLoopback(target: string): boolean {
  return /^(localhost|127(?:\.\d+){3}|\[::1\]):\d+$/i.test(target);
}
