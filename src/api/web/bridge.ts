import type { Duplex } from "node:stream";
import type {
  DescMethod,
  DescMethodServerStreaming,
  DescMethodUnary,
  DescService,
  MessageShape,
} from "@bufbuild/protobuf";
import { ConnectError, type ConnectRouter, type HandlerContext, type Transport } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { ExecutionService } from "../../gen/connect/executions_pb";
import { HealthService } from "../../gen/connect/health_pb";
import { ReactionService } from "../../gen/connect/reactions_pb";
import { ScheduleService } from "../../gen/connect/schedules_pb";
import { TaskService } from "../../gen/connect/tasks_pb";
import { WebhookService } from "../../gen/connect/webhooks_pb";
import { WorkflowService } from "../../gen/connect/workflows_pb";
import { MAX_REQUEST_BYTES, MAX_RESPONSE_BYTES } from "../limits";

const SERVICES: readonly DescService[] = [
  TaskService,
  WorkflowService,
  ExecutionService,
  ScheduleService,
  ReactionService,
  WebhookService,
  HealthService,
];

/** What travels on; everything else in a browser's request is about HTTP. */
const FORWARDED = /^(authorization|idempotency-key|traceparent|tracestate|aco-.*|x-aco-.*)$/;
/** What does not come back: it belongs to the call behind the bridge. */
const NOT_RETURNED = /^(content-.*|grpc-.*|accept-.*|date|trailer|te|connection|:.*)$/;

/** The methods of one service, as a client of HTTP/1.1 calls them: `/package.Service/Method`. */
export function isServicePath(path: string): boolean {
  return SERVICES.some(({ typeName }) => path.startsWith(`/${typeName}/`));
}

/**
 * Offers every method of our gRPC services as gRPC-Web and as Connect. Each call is passed on to the gRPC server of this
 * process over a connection that leaves it at no point: the handlers, their checks, limits and statuses are the same ones.
 */
export function bridge(
  connect: () => Duplex,
  whyStopped: () => ConnectError | undefined,
): (router: ConnectRouter) => void {
  const transport = createGrpcTransport({
    baseUrl: "http://in-process",
    nodeOptions: { createConnection: connect },
    readMaxBytes: MAX_RESPONSE_BYTES,
    writeMaxBytes: MAX_REQUEST_BYTES,
  });
  return (router) => {
    for (const service of SERVICES)
      for (const method of service.methods) {
        if (isUnary(method)) router.rpc(method, unaryBridge({ transport, whyStopped }, method));
        if (isServerStreaming(method)) router.rpc(method, streamBridge({ transport, whyStopped }, method));
      }
  };
}

interface Way {
  readonly transport: Transport;
  /** Undefined while calls are served. */
  readonly whyStopped: () => ConnectError | undefined;
}

function isUnary(method: DescMethod): method is DescMethodUnary {
  return method.methodKind === "unary";
}

function isServerStreaming(method: DescMethod): method is DescMethodServerStreaming {
  return method.methodKind === "server_streaming";
}

function unaryBridge({ transport, whyStopped }: Way, method: DescMethodUnary) {
  return async (request: MessageShape<DescMethodUnary["input"]>, context: HandlerContext) => {
    const { signal } = context;
    const answer = await transport
      .unary(method, signal, context.timeoutMs(), forwarded(context), request)
      .catch((error: unknown) => Promise.reject(whyStopped() ?? returnedError(error)));
    copyHeaders(answer.header, context.responseHeader);
    copyHeaders(answer.trailer, context.responseTrailer);
    return answer.message;
  };
}

function streamBridge({ transport, whyStopped }: Way, method: DescMethodServerStreaming) {
  return async function* (request: MessageShape<DescMethodServerStreaming["input"]>, context: HandlerContext) {
    try {
      const { signal } = context;
      const requests = only(request);
      const answer = await transport.stream(method, signal, context.timeoutMs(), forwarded(context), requests);
      copyHeaders(answer.header, context.responseHeader);
      yield* answer.message;
      copyHeaders(answer.trailer, context.responseTrailer);
    } catch (error) {
      throw whyStopped() ?? returnedError(error);
    }
  };
}

async function* only<Message>(message: Message): AsyncIterable<Message> {
  yield message;
}

function forwarded({ requestHeader }: HandlerContext): Headers {
  const headers = new Headers();
  requestHeader.forEach((value, name) => {
    if (FORWARDED.test(name)) headers.set(name, value);
  });
  return headers;
}

function copyHeaders(from: Headers, to: Headers): void {
  from.forEach((value, name) => {
    if (!NOT_RETURNED.test(name)) to.append(name, value);
  });
}

/** The error as it came, with its details and our own trailers, such as `execution-id`. */
function returnedError(error: unknown): ConnectError {
  const came = ConnectError.from(error);
  const metadata = new Headers();
  copyHeaders(came.metadata, metadata);
  const returned = new ConnectError(came.rawMessage, came.code, metadata, undefined, came.cause);
  returned.details = came.details;
  return returned;
}
