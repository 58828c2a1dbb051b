import { type Execution, ListExecutionsRequest, type ListExecutionsResponse } from "../../gen/proto/executions";
import { withSession } from "../connection/client-session";
import { followToEnd } from "../follow/follow-to-end";
import { withInterruption } from "../interrupt";
import { canWatchLive } from "../live/can-watch-live";
import type { ClientOptions } from "../options/command-options";
import { executionsView, executionView } from "../record/records-view";
import type { ListExecutionsOptions, WatchExecutionOptions } from "./execution-command";
import { knownPlaces } from "./execution-links";
import { parseOrder, readSelection, selectAll } from "./execution-selection";

export async function getExecution(id: string, options: ClientOptions): Promise<void> {
  await withSession(options, async ({ config, connection, print }) => {
    // Asked at the same time; a record is worth showing where nothing says what the links are.
    const places = config.format === "json" ? {} : knownPlaces(connection).catch(() => ({}));
    const execution = await connection.call<Execution>((...call) =>
      connection.executions.getExecution({ id }, ...call),
    );
    print(executionView(execution, await places));
  });
}

export async function listExecutions(options: ListExecutionsOptions): Promise<void> {
  const { limit, offset, pageToken, total } = options;
  const selection = readSelection(options);
  const order = parseOrder(options.order);
  await withSession(options, async ({ connection, print }) => {
    if (options.all === true) {
      const executions: Execution[] = [];
      for await (const page of selectAll(connection, selection, order)) executions.push(...page);
      print(executionsView({ executions, total: executions.length }));
      return;
    }
    const skipTotal = !total;
    const request = ListExecutionsRequest.fromPartial({ ...selection, order, limit, offset, pageToken, skipTotal });
    const page = await connection.call<ListExecutionsResponse>((...call) =>
      connection.executions.listExecutions(request, ...call),
    );
    print(executionsView(page, total));
  });
}

export async function watchExecution(id: string, options: WatchExecutionOptions): Promise<void> {
  await withSession(options, async (session) => {
    const reconnectForMs = options.reconnectFor * 1_000;
    process.exitCode = await withInterruption(async (signal) => {
      if (options.after === undefined && canWatchLive(options)) {
        return await liveViews().watchLive(session, { executionId: id, reconnectForMs, signal });
      }
      return await followToEnd(session, {
        executionId: id,
        label: "execution",
        reconnectForMs,
        isReached: false,
        signal,
        ...(options.after === undefined ? {} : { after: options.after }),
      });
    });
  });
}

/** Loaded for who sees them: scripts start no later for it. */
function liveViews(): typeof import("../live/watch-live-actions") {
  return require("../live/watch-live-actions") as typeof import("../live/watch-live-actions");
}
