import { useEffect } from "preact/hooks";
import { type Execution, ExecutionKind } from "../../src/gen/connect/executions_pb";
import { temporalRunUrl } from "../api/settings";
import type { ExecutionFeed } from "../feed/execution-feed";
import type { FollowState } from "../feed/follow";
import { askNames, names } from "../feed/names";
import { route, setQuery } from "../route";
import { Actions } from "./actions";
import { Labels } from "./execution-table";
import { Problem } from "./notices";
import { ExecutionBadge } from "./status-badge";
import { Duration, Time } from "./times";

export function ExecutionHeader({ feed, execution }: { readonly feed: ExecutionFeed; readonly execution: Execution }) {
  const { id, kind, subjectId, displayName, status, paused, pausedBy, pausedBefore, labels } = execution;
  const { createdAt, startedAt, completedAt, workflowVersion, error, errorCode, errorNodeId } = execution;
  useEffect(() => askNames([{ kind, subjectId }]), [kind, subjectId]);
  const subject = names.value.get(subjectId) ?? subjectId;
  const name = displayName ?? subject;
  useEffect(() => {
    document.title = `${name} · aco`;
  }, [name]);
  const temporal = temporalRunUrl(execution.temporalWorkflowId, execution.temporalRunId);
  return (
    <header class="execution-header">
      <div class="heading">
        <h1 id="title">{name}</h1>
        <ExecutionBadge status={status} paused={paused} />
        <Connection state={feed.state.value} isOver={completedAt !== undefined} />
        <Actions execution={execution} done={() => feed.refresh()} />
      </div>
      <p class="quiet facts-line">
        <span>
          {kind === ExecutionKind.TASK ? "task" : "workflow"}{" "}
          <a href={`/executions?subject=${encodeURIComponent(subjectId)}`}>{subject}</a>
          {workflowVersion !== undefined && ` version ${workflowVersion}`}
        </span>
        <span>
          created <Time at={createdAt} />
        </span>
        {startedAt !== undefined && (
          <span>
            {completedAt === undefined ? "for" : "took"} <Duration from={startedAt} to={completedAt} />
          </span>
        )}
        <code>{id}</code>
        <Labels labels={labels} />
        {temporal !== null && (
          <a href={temporal} target="_blank" rel="noreferrer">
            Temporal Web UI ↗
          </a>
        )}
      </p>
      <Origins execution={execution} />
      {paused && (
        <p class="notice" role="status">
          Paused{pausedBy !== undefined && ` by ${pausedBy}`}
          {pausedBefore !== undefined && ` before ${pausedBefore}`}: no new node starts; what runs goes on to its end.
        </p>
      )}
      {feed.folded.value.queuedBehind !== undefined && (
        <p class="notice" role="status">
          Waits for its turn behind{" "}
          <a href={`/executions/${feed.folded.value.queuedBehind}`}>{feed.folded.value.queuedBehind}</a>.
        </p>
      )}
      {error !== undefined && (
        <p class="notice problem" role="status">
          {errorCode !== undefined && <strong>{errorCode} </strong>}
          {errorNodeId !== undefined && route.value.query.get("node") !== errorNodeId && (
            <>
              at{" "}
              <button type="button" class="link" onClick={() => setQuery({ node: errorNodeId })}>
                {errorNodeId}
              </button>
              :{" "}
            </>
          )}
          {error}
        </p>
      )}
      <Problem text={feed.recordError.value} />
    </header>
  );
}

/** Where it comes from and what came of it: redrives, schedules, webhooks, ends of other executions. */
function Origins({ execution }: { readonly execution: Execution }) {
  const { redrivenFrom, redrivenAs, causedByExecutionId, scheduleId, webhook } = execution;
  const link = (id: string) => (
    <a key={id} href={`/executions/${id}`}>
      <code>{id}</code>
    </a>
  );
  const parts = [
    ...(redrivenFrom === undefined ? [] : [<span key="from">redrive of {link(redrivenFrom)}</span>]),
    ...redrivenAs.map((id) => <span key={id}>redriven as {link(id)}</span>),
    ...(causedByExecutionId === undefined
      ? []
      : [<span key="cause">started by the end of {link(causedByExecutionId)}</span>]),
    ...(scheduleId === undefined ? [] : [<span key="schedule">started by the schedule {scheduleId}</span>]),
    ...(webhook === undefined ? [] : [<span key="webhook">started by the webhook {webhook}</span>]),
  ];
  return parts.length === 0 ? null : <p class="quiet facts-line">{parts}</p>;
}

/** Whether what is shown is what is. */
function Connection({ state, isOver }: { readonly state: FollowState; readonly isOver: boolean }) {
  switch (state.kind) {
    case "live":
      return isOver ? (
        <span class="quiet">reading its events…</span>
      ) : (
        <span class="live" role="status">
          <span class="dot" aria-hidden="true" /> live
        </span>
      );
    case "connecting":
    case "paused":
      return <span class="quiet">…</span>;
    case "reconnecting":
    case "lost":
      return (
        <span class="said failed" role="status" title={state.reason}>
          {state.kind === "lost" ? `not live: ${state.reason}` : "connection lost; trying again"}
        </span>
      );
    case "ended":
      return null;
  }
}
