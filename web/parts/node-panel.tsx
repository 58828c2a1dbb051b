import { durationText } from "../../src/core/duration-text";
import type { DrawnNode } from "../../src/drawing/drawing";
import { type NodeState, stateText } from "../../src/drawing/node-state";
import type { FoldedEvents, KeptValue } from "../../src/events/fold-events";
import { CALL, executions } from "../api/clients";
import type { ExecutionFeed } from "../feed/execution-feed";
import { JsonView } from "./json-view";
import { LogView } from "./log-view";
import { Problem } from "./notices";
import { StatusBadge } from "./status-badge";
import { now, Time } from "./times";
import { useLoadedOnce } from "./use-polling";

type Instance = FoldedEvents["instances"][number];

/** More of them are in the timeline. */
const MAX_CHOICES = 1_000;

/** One node: how it stands, what it was given, said and gave; of a node with several runs, each of them. */
export function NodePanel({
  feed,
  node,
  state,
  chosen,
  choose,
  close,
}: {
  readonly feed: ExecutionFeed;
  readonly node: DrawnNode;
  readonly state: NodeState;
  /** Instance id; that of the node where none is chosen. */
  readonly chosen: string;
  readonly choose: (instanceId: string) => void;
  readonly close: () => void;
}) {
  const runs = feed.folded.value.instances.filter(({ nodeId }) => nodeId === node.id);
  const run = runs.find(({ id }) => id === chosen) ?? mostInteresting(runs);
  return (
    <aside class="panel" aria-label={`Node ${node.id}`}>
      <div class="heading">
        <h2>{node.title}</h2>
        <button type="button" class="close" aria-label="Close" onClick={close}>
          ×
        </button>
      </div>
      <p class="quiet">
        {node.kind} <code>{node.id}</code>
        {node.details.length > 0 && ` · ${node.details.join(" · ")}`}
      </p>
      {runs.length > 1 && (
        <label>
          Run
          <select value={run?.id} onChange={(event) => choose(event.currentTarget.value)}>
            {runs.slice(0, MAX_CHOICES).map(({ id, status }) => (
              <option key={id} value={id}>
                {id} – {status}
              </option>
            ))}
          </select>
        </label>
      )}
      {run === undefined ? (
        <p>
          <StatusBadge status={state.status} text={stateText(state)} />
        </p>
      ) : (
        <Run key={run.id} feed={feed} run={run} />
      )}
    </aside>
  );
}

/** What failed, else what runs, else what came last. */
function mostInteresting(runs: readonly Instance[]): Instance | undefined {
  for (const status of ["failed", "running"]) {
    const found = runs.findLast((run) => run.status === status);
    if (found !== undefined) return found;
  }
  return runs.at(-1);
}

function Run({ feed, run }: { readonly feed: ExecutionFeed; readonly run: Instance }) {
  const { id, status, attempt, enteredAtMs, endedAtMs, durationMs, waitsFor, code, error } = run;
  // Read for its value: the log is the same object while it grows.
  void feed.spoken.value;
  const took = durationMs ?? (endedAtMs ?? now.value) - enteredAtMs;
  return (
    <>
      <dl class="facts">
        <dt>State</dt>
        <dd>
          <StatusBadge status={status} />
        </dd>
        {attempt !== undefined && (
          <>
            <dt>Attempt</dt>
            <dd>{attempt}</dd>
          </>
        )}
        <dt>Began</dt>
        <dd>
          <Time at={new Date(enteredAtMs).toISOString()} />
        </dd>
        <dt>{endedAtMs === undefined ? "For" : "Took"}</dt>
        <dd>{durationText(Math.max(0, took))}</dd>
        {waitsFor !== undefined && (
          <>
            <dt>Waits for</dt>
            <dd>{waitsFor}</dd>
          </>
        )}
      </dl>
      {error !== undefined && (
        <p class="notice problem">
          {code !== undefined && <strong>{code} </strong>}
          {error}
        </p>
      )}
      <h3>Says</h3>
      <LogView log={feed.logs.of(id)} />
      <Value feed={feed} id={id} title="Input" kept={run.input} atMs={run.enteredAtMs} />
      <Value feed={feed} id={id} title="Output" kept={run.output} atMs={endedAtMs} />
    </>
  );
}

function Value({
  feed,
  id,
  title,
  kept,
  atMs,
}: {
  readonly feed: ExecutionFeed;
  readonly id: string;
  readonly title: "Input" | "Output";
  readonly kept: KeptValue | undefined;
  /** When it came about: after a reset the same instance may have another. */
  readonly atMs: number | undefined;
}) {
  if (kept === undefined) return null;
  return (
    <>
      <h3>{title}</h3>
      {kept.json === undefined ? (
        <FetchedValue feed={feed} id={id} title={title} bytes={kept.bytes} atMs={atMs} />
      ) : (
        <JsonView json={JSON.stringify(kept.json)} label={`${title} of ${id}`} />
      )}
    </>
  );
}

/** Larger ones are asked for when they are looked at; over 64 KiB the stream has only their size. */
function FetchedValue({
  feed,
  id,
  title,
  bytes,
  atMs,
}: {
  readonly feed: ExecutionFeed;
  readonly id: string;
  readonly title: "Input" | "Output";
  readonly bytes: number;
  readonly atMs: number | undefined;
}) {
  const load = async () => {
    const state = await executions.getExecutionState({ executionId: feed.id, nodeId: id }, CALL);
    const instance = state.nodes.find((one) => one.id === id);
    return { json: (title === "Input" ? instance?.input : instance?.output)?.json };
  };
  const { value, error, reload } = useLoadedOnce(`${id} ${title} ${atMs}`, load);
  if (error !== null) return <Problem text={error} retry={() => void reload()} />;
  if (value === null) return <p class="quiet">…</p>;
  if (value.json === undefined)
    return <p class="quiet">{bytes.toLocaleString()} bytes, too large to be kept in the stream of events</p>;
  return <JsonView json={value.json} label={`${title} of ${id}`} />;
}
