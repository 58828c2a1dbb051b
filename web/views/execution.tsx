import { useEffect, useMemo } from "preact/hooks";
import { allNodesIn } from "../../src/drawing/drawing";
import type { NodeState } from "../../src/drawing/node-state";
import { sumUp } from "../../src/drawing/sum-up";
import { parseInstance } from "../../src/events/instance";
import { type Execution, ExecutionKind } from "../../src/gen/connect/executions_pb";
import { ExecutionFeed } from "../feed/execution-feed";
import { WHOLE } from "../feed/node-log";
import { useGraph } from "../feed/use-graph";
import { GraphView } from "../graph/graph-view";
import { ExecutionData } from "../parts/execution-data";
import { ExecutionHeader } from "../parts/execution-header";
import { LogView } from "../parts/log-view";
import { NodeList } from "../parts/node-list";
import { NodePanel } from "../parts/node-panel";
import { Empty, Problem } from "../parts/notices";
import { Reactions } from "../parts/reactions";
import { Tabs } from "../parts/tabs";
import { Timeline } from "../parts/timeline";
import { now } from "../parts/times";
import { WaitingApprovals } from "../parts/waiting-approvals";
import { route, setQuery } from "../route";

const PENDING: NodeState = { status: "pending" };

/** One execution, live. The tab and the chosen node stand in the address. */
export function ExecutionView({ id }: { readonly id: string }) {
  const feed = useMemo(() => new ExecutionFeed(id), [id]);
  useEffect(() => () => feed.close(), [feed]);
  const record = feed.record.value;
  const problem = feed.recordError.value;
  if (record === null)
    return (
      <section>
        <h1>Execution</h1>
        {problem === null ? <Empty text="…" /> : <Problem text={problem} retry={() => void feed.refresh()} />}
        <p class="quiet">
          <code>{id}</code>
        </p>
      </section>
    );
  return (
    <section class="execution" aria-labelledby="title">
      <ExecutionHeader feed={feed} execution={record} />
      <WaitingApprovals feed={feed} />
      {record.kind === ExecutionKind.TASK ? (
        <TaskTabs feed={feed} execution={record} />
      ) : (
        <WorkflowTabs feed={feed} execution={record} />
      )}
      <Reactions key={id} execution={record} />
    </section>
  );
}

const TASK_TABS = [
  { id: "output", label: "Output" },
  { id: "data", label: "Input and output" },
] as const;

function TaskTabs({ feed, execution }: { readonly feed: ExecutionFeed; readonly execution: Execution }) {
  // Read for its value: the log is the same object while it grows.
  void feed.spoken.value;
  return (
    <Tabs tabs={TASK_TABS} chosen={route.value.query.get("tab") ?? ""} choose={(tab) => setQuery({ tab })}>
      {(tab) => (tab === "data" ? <ExecutionData execution={execution} /> : <LogView log={feed.logs.of(WHOLE)} />)}
    </Tabs>
  );
}

const WORKFLOW_TABS = [
  { id: "graph", label: "Graph" },
  { id: "timeline", label: "Timeline" },
  { id: "nodes", label: "Nodes" },
  { id: "data", label: "Input and output" },
] as const;

function WorkflowTabs({ feed, execution }: { readonly feed: ExecutionFeed; readonly execution: Execution }) {
  const { query } = route.value;
  const graph = useGraph(execution.subjectId, execution.workflowVersion);
  const folded = feed.folded.value;
  const drawing = graph?.ok === true ? graph.drawing : null;
  const nowMs = folded.end === null ? now.value : 0;
  const states = useMemo(
    () => (drawing === null ? new Map<string, NodeState>() : sumUp(drawing, folded, nowMs)),
    [drawing, folded, nowMs],
  );
  const chosen = query.get("node") ?? "";
  const nodeId = parseInstance(chosen)?.nodeId ?? "";
  const node = useMemo(
    () => (drawing === null ? undefined : allNodesIn(drawing).find((one) => one.id === nodeId)),
    [drawing, nodeId],
  );
  const choose = (node: string) => setQuery({ node });
  return (
    <div class={node === undefined ? "split" : "split open"}>
      <Tabs tabs={WORKFLOW_TABS} chosen={query.get("tab") ?? ""} choose={(tab) => setQuery({ tab })}>
        {(tab) => {
          if (tab === "data") return <ExecutionData execution={execution} />;
          if (tab === "timeline")
            return (
              <Timeline
                folded={folded}
                attemptsOf={(instance) => feed.logs.attemptsOf(instance)}
                selected={chosen}
                select={choose}
              />
            );
          if (graph === null) return <Empty text="The graph is being laid out…" />;
          if (!graph.ok) return <Problem text={graph.problem} />;
          if (tab === "nodes")
            return <NodeList drawing={graph.drawing} states={states} selected={nodeId} select={choose} />;
          return <GraphView {...graph} states={states} selected={nodeId} select={choose} />;
        }}
      </Tabs>
      {node !== undefined && (
        <NodePanel
          feed={feed}
          node={node}
          state={states.get(node.id) ?? PENDING}
          chosen={chosen}
          choose={choose}
          close={() => setQuery({ node: "" })}
        />
      )}
    </div>
  );
}
