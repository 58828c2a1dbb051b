import { CALL, executions } from "../api/clients";
import type { ExecutionFeed } from "../feed/execution-feed";
import { ApprovalCard } from "./approval-card";
import { Problem } from "./notices";
import { useLoaded } from "./use-polling";

const EVERY_MS = 5_000;
const LIMIT = 20;

/** The approvals that this execution waits for, to be answered here. */
export function WaitingApprovals({ feed }: { readonly feed: ExecutionFeed }) {
  const waiting = feed.folded.value.instances.filter(
    ({ status, waitsFor }) => status === "running" && waitsFor === "approval",
  );
  if (waiting.length === 0) return null;
  return <List feed={feed} nodeIds={waiting.map(({ id }) => id)} />;
}

function List({ feed, nodeIds }: { readonly feed: ExecutionFeed; readonly nodeIds: readonly string[] }) {
  const load = () => executions.listApprovals({ executionId: feed.id, limit: LIMIT }, CALL);
  const { value, error, reload } = useLoaded(nodeIds.join(" "), load, EVERY_MS);
  return (
    <div class="waiting">
      <Problem text={error} retry={() => void reload()} />
      {value?.approvals
        .filter(({ nodeId }) => nodeIds.includes(nodeId))
        .map((approval) => (
          <ApprovalCard key={approval.nodeId} approval={approval} showExecution={false} answered={reload} />
        ))}
      {nodeIds.length > LIMIT && (
        <p class="quiet">
          {nodeIds.length} approvals wait; the first {LIMIT} are shown.
        </p>
      )}
    </div>
  );
}
