import type { ExecutionState, NodeInstance } from "../../gen/proto/executions";
import { NodeStatus } from "../../gen/proto/executions";
import { withSession } from "../connection/client-session";
import type { Connection } from "../connection/connection";
import { EXIT_CODES, usageError } from "../exit-codes";
import { parseEnumOption } from "../options/enum-option";
import type { DiffOptions, ShowOptions } from "./execution-state-command";
import { diffStates, diffView } from "./state-diff";
import { stateView } from "./state-view";

/** The largest page there is: the server reads the whole history for each. */
const PAGE_SIZE = 1_000;

export async function showExecution(id: string, { at, node, ...options }: ShowOptions): Promise<void> {
  const status = parseEnumOption<NodeStatus>("--status", options.status, NodeStatus, "NODE_STATUS_");
  await withSession(options, async ({ connection, print }) => {
    const state = await wholeState(connection, { executionId: id, at, nodeId: node, status });
    print(stateView(state, node));
  });
}

export async function diffExecutions(id: string, other: string | undefined, options: DiffOptions): Promise<void> {
  const { from, to } = options;
  if (other === undefined && from === undefined && to === undefined)
    throw usageError("nothing to compare with", "Give another execution's id, or --from OFFSET.");
  await withSession(options, async ({ connection, print }) => {
    const isFromStart = other === undefined && from === undefined;
    const before = isFromStart ? emptyState(id) : await wholeState(connection, { executionId: id, at: from });
    const after = await wholeState(connection, { executionId: other ?? id, at: to });
    const differences = diffStates(before, after);
    print(diffView(before, after, differences));
    if (differences.length > 0) process.exitCode = EXIT_CODES.failed;
  });
}

function emptyState(executionId: string): ExecutionState {
  return { executionId, status: 1, nodes: [], total: 0, counts: [] };
}

/** All pages of one state. */
async function wholeState(
  connection: Connection,
  request: {
    executionId: string;
    at?: string | undefined;
    nodeId?: string | undefined;
    status?: NodeStatus | undefined;
  },
): Promise<ExecutionState> {
  const nodes: NodeInstance[] = [];
  let pageToken: string | undefined;
  for (;;) {
    const { at, ...rest } = request;
    const page = await connection.call<ExecutionState>((...call) =>
      connection.executions.getExecutionState(
        { ...rest, at: pageToken === undefined ? at : undefined, limit: PAGE_SIZE, pageToken },
        ...call,
      ),
    );
    nodes.push(...page.nodes);
    pageToken = page.nextPageToken;
    if (pageToken === undefined) return { ...page, nodes };
  }
}
