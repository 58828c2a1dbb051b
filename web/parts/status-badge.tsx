import { type NodeStatus, stateMark } from "../../src/drawing/node-state";
import { ExecutionStatus } from "../../src/gen/connect/executions_pb";

/** In the words of nodes, of which the page has the colours. */
export function statusOf(status: ExecutionStatus): NodeStatus {
  switch (status) {
    case ExecutionStatus.RUNNING:
      return "running";
    case ExecutionStatus.COMPLETED:
      return "completed";
    case ExecutionStatus.FAILED:
      return "failed";
    case ExecutionStatus.CANCELLED:
      return "cancelled";
    case ExecutionStatus.PENDING:
    case ExecutionStatus.UNSPECIFIED:
      return "pending";
  }
}

/** A sign, a word and a colour: none of them alone. */
export function StatusBadge({ status, text = status }: { readonly status: NodeStatus; readonly text?: string }) {
  return (
    <span class={`badge ${status}`}>
      <span aria-hidden="true">{stateMark(status)}</span> {text}
    </span>
  );
}

export function ExecutionBadge({ status, paused = false }: { status: ExecutionStatus; paused?: boolean }) {
  const word = statusOf(status);
  return <StatusBadge status={word} text={paused ? `${word}, paused` : word} />;
}
