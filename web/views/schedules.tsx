import { useState } from "preact/hooks";
import { ExecutionKind } from "../../src/gen/connect/executions_pb";
import type { Schedule } from "../../src/gen/connect/schedules_pb";
import { scheduleState } from "../../src/schedules/schedule-state";
import { CALL, schedules } from "../api/clients";
import { askNames, names } from "../feed/names";
import { Empty, Problem } from "../parts/notices";
import { StatusBadge } from "../parts/status-badge";
import { Table } from "../parts/table";
import { Time } from "../parts/times";
import { useLoaded } from "../parts/use-polling";

const EVERY_MS = 5_000;
const PAGE_SIZE = 100;
const SHOWN_TIMES = 3;

/** What begins by itself, when, and what became of it. Changed with `aco schedule`. */
export function SchedulesView() {
  const [tokens, setTokens] = useState<readonly string[]>([]);
  const pageToken = tokens.at(-1);
  const load = async () => {
    const list = await schedules.listSchedules(
      { pageSize: PAGE_SIZE, ...(pageToken === undefined ? {} : { pageToken }) },
      CALL,
    );
    askNames(list.schedules.map(targetOf));
    return list;
  };
  const { value, error, reload } = useLoaded(pageToken ?? "", load, EVERY_MS);
  return (
    <section aria-labelledby="title">
      <div class="heading">
        <h1 id="title">Schedules</h1>
      </div>
      <Problem text={error} retry={() => void reload()} />
      {value?.schedules.length === 0 && <Empty text="There is no schedule: aco schedule create" />}
      {value !== null && value.schedules.length > 0 && <ScheduleTable schedules={value.schedules} />}
      {value !== null && (tokens.length > 0 || value.nextPageToken !== "") && (
        <nav class="pages" aria-label="Pages">
          <button type="button" disabled={tokens.length === 0} onClick={() => setTokens(tokens.slice(0, -1))}>
            ← Back
          </button>
          <button
            type="button"
            disabled={value.nextPageToken === ""}
            onClick={() => setTokens([...tokens, value.nextPageToken])}
          >
            More →
          </button>
        </nav>
      )}
    </section>
  );
}

function targetOf({ workflowId, taskId }: Schedule) {
  return workflowId === undefined
    ? { kind: ExecutionKind.TASK, subjectId: taskId ?? "" }
    : { kind: ExecutionKind.WORKFLOW, subjectId: workflowId };
}

/** Nothing where it is as it should be. */
function StateBadge({ schedule }: { readonly schedule: Schedule }) {
  const state = scheduleState(schedule);
  if (state === "active") return null;
  return <StatusBadge status={state === "paused" ? "cancelled" : "skipped"} text={state} />;
}

function ScheduleTable({ schedules: rows }: { readonly schedules: readonly Schedule[] }) {
  return (
    <Table label="List of schedules" columns={["Schedule", "Starts", "Next", "Last"]}>
      {rows.map((schedule) => {
        const { kind, subjectId } = targetOf(schedule);
        return (
          <tr key={schedule.id}>
            <td>
              <strong>{schedule.id}</strong> <StateBadge schedule={schedule} />
              {schedule.note !== "" && <div class="quiet">{schedule.note}</div>}
            </td>
            <td>
              <a href={`/executions?subject=${encodeURIComponent(subjectId)}`}>
                {names.value.get(subjectId) ?? subjectId}
              </a>
              <div class="quiet">{kind === ExecutionKind.TASK ? "task" : "workflow"}</div>
            </td>
            <td>
              {schedule.nextTimes.slice(0, SHOWN_TIMES).map((at) => (
                <div key={at}>
                  <Time at={at} />
                </div>
              ))}
              {schedule.nextTimes.length === 0 && <span class="quiet">never</span>}
            </td>
            <td>
              {schedule.recentActions.slice(0, SHOWN_TIMES).map(({ executionId, takenAt }) => (
                <div key={executionId}>
                  <a href={`/executions/${executionId}`}>
                    <Time at={takenAt} />
                  </a>
                </div>
              ))}
            </td>
          </tr>
        );
      })}
    </Table>
  );
}
