import { useMemo, useState } from "preact/hooks";
import { allNodesIn, type Drawing } from "../../src/drawing/drawing";
import { NODE_STATUSES, type NodeState, type NodeStatus, stateText } from "../../src/drawing/node-state";
import { StatusBadge } from "./status-badge";
import { Table } from "./table";

/** More rows are shown on demand: thousands of them take seconds to lay out. */
const FIRST_ROWS = 300;

/** Every node of the definition in words: what the picture shows, for who reads or hears it. */
export function NodeList({
  drawing,
  states,
  selected,
  select,
}: {
  readonly drawing: Drawing;
  readonly states: ReadonlyMap<string, NodeState>;
  readonly selected: string;
  readonly select: (nodeId: string) => void;
}) {
  const [text, setText] = useState("");
  const [status, setStatus] = useState<NodeStatus | "">("");
  const [limit, setLimit] = useState(FIRST_ROWS);
  // The list is drawn again with every second of a run; the definition stays what it is.
  const nodes = useMemo(() => allNodesIn(drawing), [drawing]);
  const targets = useMemo(() => targetsIn(drawing), [drawing]);
  const wanted = text.trim().toLowerCase();
  const found = nodes.filter(({ id, title, kind }) => {
    if (status !== "" && (states.get(id)?.status ?? "pending") !== status) return false;
    return wanted === "" || [id, title, kind].some((one) => one.toLowerCase().includes(wanted));
  });
  return (
    <div class="node-list">
      <div class="filters">
        <label class="grows">
          Node
          <input
            type="search"
            value={text}
            placeholder="id, name or kind"
            onInput={(e) => setText(e.currentTarget.value)}
          />
        </label>
        <label>
          State
          <select value={status} onChange={(e) => setStatus(e.currentTarget.value as NodeStatus | "")}>
            <option value="">any</option>
            {NODE_STATUSES.map((one) => (
              <option key={one} value={one}>
                {one === "pending" ? "not run" : one}
              </option>
            ))}
          </select>
        </label>
        <span class="quiet" role="status">
          {found.length} of {nodes.length}
        </span>
      </div>
      <Table label="List of nodes" columns={["State", "Node", "Kind", "Leads to"]}>
        {found.slice(0, limit).map(({ id, title, kind, details }) => {
          const state = states.get(id) ?? { status: "pending" as const };
          return (
            <tr key={id} aria-selected={id === selected}>
              <td>
                <StatusBadge status={state.status} text={stateText(state)} />
              </td>
              <td>
                <button type="button" class="link" aria-pressed={id === selected} onClick={() => select(id)}>
                  {title}
                </button>
                {title !== id && <span class="quiet"> {id}</span>}
              </td>
              <td>
                {kind} <span class="quiet">{details[0]}</span>
              </td>
              <td class="quiet">{(targets.get(id) ?? []).join(", ")}</td>
            </tr>
          );
        })}
      </Table>
      {found.length > limit && (
        <button type="button" onClick={() => setLimit(limit + 1_000)}>
          Show {Math.min(1_000, found.length - limit)} more
        </button>
      )}
    </div>
  );
}

function targetsIn(drawing: Drawing): ReadonlyMap<string, readonly string[]> {
  const targets = new Map<string, string[]>();
  const graphs = [drawing.main, ...drawing.sections.map(({ graph }) => graph)];
  for (let graph = graphs.pop(); graph !== undefined; graph = graphs.pop()) {
    for (const { source, target, label } of graph.edges) {
      const known = targets.get(source) ?? [];
      known.push(label === "" ? target : `${target} (${label})`);
      targets.set(source, known);
    }
    for (const { body } of graph.nodes) if (body !== undefined) graphs.push(body);
  }
  return targets;
}
