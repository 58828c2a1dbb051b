import { assertNever } from "../../core/assert-never";
import type { FoldedEvents, InstanceState, KeptValue } from "../../events/fold-events";
import { type NodeInstance, type NodeValue, NodeStatus as WireStatus } from "../../gen/proto/executions";
import { enumCodec } from "./enum-codec";

/** An instance is there because something was heard of it, so none is pending. */
type InstanceStatus = Exclude<InstanceState["status"], "pending">;

export const nodeStatusCodec = enumCodec<InstanceStatus, WireStatus>({
  running: WireStatus.NODE_STATUS_RUNNING,
  completed: WireStatus.NODE_STATUS_COMPLETED,
  failed: WireStatus.NODE_STATUS_FAILED,
  skipped: WireStatus.NODE_STATUS_SKIPPED,
  cancelled: WireStatus.NODE_STATUS_CANCELLED,
});

export function encodeNodeStatus(status: InstanceState["status"]): WireStatus {
  switch (status) {
    case "pending":
      return WireStatus.NODE_STATUS_UNSPECIFIED;
    case "running":
    case "completed":
    case "failed":
    case "skipped":
    case "cancelled":
      return nodeStatusCodec.encode(status);
    default:
      return assertNever(status, "status");
  }
}

export function encodeNodeInstance(instance: FoldedEvents["instances"][number]): NodeInstance {
  return {
    id: instance.id,
    nodeId: instance.nodeId,
    nodeType: instance.nodeType,
    status: encodeNodeStatus(instance.status),
    attempt: instance.attempt,
    enteredAt: new Date(instance.enteredAtMs).toISOString(),
    endedAt: instance.endedAtMs === undefined ? undefined : new Date(instance.endedAtMs).toISOString(),
    durationMs: instance.durationMs,
    reusedFrom: instance.reusedFrom,
    waitsFor: instance.waitsFor,
    error: instance.error,
    errorCode: instance.code,
    input: encodeNodeValue(instance.input),
    output: encodeNodeValue(instance.output),
  };
}

function encodeNodeValue(value: KeptValue | undefined): NodeValue | undefined {
  if (value === undefined) return undefined;
  const { bytes, json, digest } = value;
  return { bytes, json: json === undefined ? undefined : JSON.stringify(json), sha256: digest };
}
