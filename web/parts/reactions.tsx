import { useRef } from "preact/hooks";
import {
  type Execution,
  type ExecutionReaction,
  ReactionKind,
  ReactionStatus,
} from "../../src/gen/connect/executions_pb";
import { CALL, executions } from "../api/clients";
import { Problem } from "./notices";
import { StatusBadge } from "./status-badge";
import { Table } from "./table";
import { Time } from "./times";
import { useLoaded } from "./use-polling";

const EVERY_MS = 5_000;
/** Once nothing is to come by itself: somebody may have one of them retried. */
const SETTLED_EVERY_MS = 60_000;

/** What happens because this execution ends; nothing where nothing does. Retried with `aco execution callbacks ID --retry`. */
export function Reactions({ execution: { id, completedAt } }: { readonly execution: Execution }) {
  const load = async () => (await executions.listExecutionReactions({ executionId: id }, CALL)).reactions;
  const isSettled = useRef(false);
  const everyMs = isSettled.current ? SETTLED_EVERY_MS : EVERY_MS;
  const { value, error, reload } = useLoaded(`${id} ${completedAt ?? ""}`, load, everyMs);
  isSettled.current = completedAt !== undefined && value?.every(({ completedAt: over }) => over !== undefined) === true;
  if (value === null || value.length === 0) return <Problem text={error} retry={() => void reload()} />;
  return (
    <section class="reactions" aria-labelledby="reactions">
      <h2 id="reactions">When it ends</h2>
      <Problem text={error} retry={() => void reload()} />
      <Table label="List of reactions to its end" columns={["Status", "Does", "Attempts", "Next attempt", "Result"]}>
        {value.map((reaction) => (
          <ReactionRow key={reaction.reactionId} reaction={reaction} />
        ))}
      </Table>
    </section>
  );
}

function ReactionRow({ reaction }: { readonly reaction: ExecutionReaction }) {
  const { kind, target, attempts, lastAttemptAt, nextAttemptAt, startedExecutionId, responseStatus, error } = reaction;
  return (
    <tr>
      <td>
        <Status status={reaction.status} />
      </td>
      <td>
        {kind === ReactionKind.START ? "starts the workflow " : "calls "}
        {kind === ReactionKind.START ? (
          <a href={`/executions?subject=${encodeURIComponent(target)}`}>{target}</a>
        ) : (
          <span class="name">{target}</span>
        )}
      </td>
      <td>
        {attempts}
        {lastAttemptAt !== undefined && (
          <div class="quiet">
            last <Time at={lastAttemptAt} />
          </div>
        )}
      </td>
      <td>
        <Time at={nextAttemptAt} />
      </td>
      <td>
        {startedExecutionId !== undefined && (
          <a href={`/executions/${startedExecutionId}`}>
            <code>{startedExecutionId}</code>
          </a>
        )}
        {responseStatus !== undefined && <div>HTTP {responseStatus}</div>}
        {error !== undefined && <div class="clip">{error}</div>}
      </td>
    </tr>
  );
}

/** In the colours of nodes. */
function Status({ status }: { readonly status: ReactionStatus }) {
  switch (status) {
    case ReactionStatus.WAITING:
      return <StatusBadge status="pending" text="waiting" />;
    case ReactionStatus.PENDING:
      return <StatusBadge status="running" text="pending" />;
    case ReactionStatus.DONE:
      return <StatusBadge status="completed" text="done" />;
    case ReactionStatus.SKIPPED:
      return <StatusBadge status="skipped" />;
    case ReactionStatus.FAILED:
      return <StatusBadge status="failed" />;
    case ReactionStatus.UNSPECIFIED:
      return <StatusBadge status="pending" text="unknown" />;
  }
}
