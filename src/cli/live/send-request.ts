import { randomUUID } from "node:crypto";
import { assertNever } from "../../core/assert-never";
import type { Execution, SteeringResponse } from "../../gen/proto/executions";
import type { ClientSession } from "../connection/client-session";
import { userName } from "../execution/execution-updates-actions";
import type { Steering } from "./live-ui";

/** Sends a request to steer, and says what was done. Throws grpc-js's `ServiceError`. */
export async function sendSteering(
  { connection }: ClientSession,
  executionId: string,
  request: Steering,
): Promise<string> {
  const { executions } = connection;
  const signed = { executionId, by: userName(), requestId: randomUUID() };
  type Start = Parameters<typeof connection.call<SteeringResponse>>[0];
  const send = (start: Start) => connection.call<SteeringResponse>(start);
  switch (request.type) {
    case "pause":
      await send((...call) => executions.pauseExecution(signed, ...call));
      return "paused: no new node starts";
    case "resume":
      await send((...call) => executions.resumeExecution({ ...signed, step: false }, ...call));
      return "resumed";
    case "step":
      await send((...call) => executions.resumeExecution({ ...signed, step: true }, ...call));
      return "resumed for one step";
    case "skip":
      await send((...call) => executions.skipNode({ ...signed, nodeId: request.nodeId }, ...call));
      return `skipped ${request.nodeId}`;
    case "retry":
      await send((...call) => executions.retryNode({ ...signed, nodeId: request.nodeId }, ...call));
      return `${request.nodeId} is tried again now`;
    case "cancel_node":
      await send((...call) => executions.cancelNode({ ...signed, nodeId: request.nodeId }, ...call));
      return `cancelled ${request.nodeId}`;
    case "cancel":
      await connection.call<Execution>((...call) =>
        executions.cancelExecution({ id: executionId, reason: "from the live view" }, ...call),
      );
      return "asked to stop";
    default:
      return assertNever(request, "request");
  }
}
