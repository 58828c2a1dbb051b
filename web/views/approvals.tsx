import { useState } from "preact/hooks";
import { ApprovalOrder } from "../../src/gen/connect/executions_pb";
import { CALL, executions } from "../api/clients";
import { ApprovalCard } from "../parts/approval-card";
import { Empty, Problem } from "../parts/notices";
import { useLoaded } from "../parts/use-polling";
import { route, setQuery } from "../route";

const EVERY_MS = 3_000;
const PAGE_SIZE = 50;

/** The inbox: what waits for a person, longest first. */
export function ApprovalsView() {
  const by = route.value.query.get("by") ?? "";
  const [typed, setTyped] = useState(by);
  const load = () =>
    executions.listApprovals(
      { limit: PAGE_SIZE, order: ApprovalOrder.OLDEST_FIRST, ...(by === "" ? {} : { by }) },
      CALL,
    );
  const { value, error, reload } = useLoaded(by, load, EVERY_MS);
  return (
    <section aria-labelledby="title">
      <div class="heading">
        <h1 id="title">Approvals</h1>
        {value !== null && (
          <span class="quiet" role="status">
            {value.total} waiting
          </span>
        )}
      </div>
      <form
        class="filters"
        aria-label="Filters"
        onSubmit={(event) => {
          event.preventDefault();
          setQuery({ by: typed.trim() });
        }}
      >
        <label>
          Only what this person may answer
          <input
            type="search"
            value={typed}
            placeholder="name"
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        <button type="submit">Show</button>
      </form>
      <Problem text={error} retry={() => void reload()} />
      {value?.approvals.length === 0 && <Empty text="Nothing waits for anybody." />}
      {value?.approvals.map((approval) => (
        <ApprovalCard
          key={`${approval.executionId} ${approval.nodeId}`}
          approval={approval}
          showExecution
          answered={reload}
        />
      ))}
      {value !== null && value.total > value.approvals.length && (
        <p class="quiet">
          The {value.approvals.length} that have waited longest are shown; {value.total - value.approvals.length} more
          come after them.
        </p>
      )}
    </section>
  );
}
