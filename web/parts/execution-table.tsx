import { type Execution, ExecutionKind } from "../../src/gen/connect/executions_pb";
import { names } from "../feed/names";
import { Empty } from "./notices";
import { ExecutionBadge } from "./status-badge";
import { Table } from "./table";
import { Duration, Time } from "./times";

export function ExecutionTable({
  executions,
  isFiltered,
}: {
  readonly executions: readonly Execution[];
  readonly isFiltered: boolean;
}) {
  if (executions.length === 0)
    return <Empty text={isFiltered ? "No execution matches." : "Nothing has been executed yet: aco run FILE"} />;
  return (
    <Table
      label="List of executions"
      columns={["Status", "Execution", "Labels", "Created", "Duration"]}
      right="Duration"
    >
      {executions.map((execution) => (
        <Row key={execution.id} execution={execution} />
      ))}
    </Table>
  );
}

function Row({ execution }: { readonly execution: Execution }) {
  const { id, status, kind, subjectId, error, errorCode, labels, createdAt, startedAt, completedAt } = execution;
  const name = execution.displayName ?? names.value.get(subjectId) ?? subjectId;
  return (
    <tr>
      <td>
        <ExecutionBadge status={status} />
      </td>
      <td>
        <a class="name" href={`/executions/${id}`}>
          {name}
        </a>
        <div class="quiet">
          {kind === ExecutionKind.TASK ? "task" : "workflow"} <code>{id}</code>
        </div>
        {error !== undefined && (
          <div class="said failed clip" title={error}>
            {errorCode !== undefined && !error.startsWith(errorCode) ? `${errorCode}: ${error}` : error}
          </div>
        )}
      </td>
      <td>
        <Labels labels={labels} />
      </td>
      <td>
        <Time at={createdAt} />
      </td>
      <td class="right">
        <Duration from={startedAt} to={completedAt} />
      </td>
    </tr>
  );
}

export function Labels({ labels }: { readonly labels: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(labels).map(([name, value]) => (
        <span key={name} class="label">
          {name}={value}
        </span>
      ))}
    </>
  );
}
