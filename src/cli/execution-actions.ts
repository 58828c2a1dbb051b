import type { Execution, ListExecutionsResponse } from "../gen/proto/executions";
import { ExecutionKind, ExecutionStatus } from "../gen/proto/executions";
import { withSession } from "./client-session";
import type { ClientOptions } from "./command-options";
import { parseEnumOption } from "./enum-option";
import type { ListExecutionsOptions, WatchExecutionOptions } from "./execution-command";
import { followToEnd } from "./follow-to-end";
import { withInterruption } from "./interrupt";
import { executionsView, executionView } from "./records-view";

export async function getExecution(id: string, options: ClientOptions): Promise<void> {
  await withSession(options, async ({ connection, print }) => {
    const execution = await connection.call<Execution>((...call) =>
      connection.executions.getExecution({ id }, ...call),
    );
    print(executionView(execution));
  });
}

export async function listExecutions(options: ListExecutionsOptions): Promise<void> {
  const { limit, offset, of } = options;
  const status = parseEnumOption<ExecutionStatus>("--status", options.status, ExecutionStatus, "EXECUTION_STATUS_");
  const kind = parseEnumOption<ExecutionKind>("--kind", options.kind, ExecutionKind, "EXECUTION_KIND_");
  await withSession(options, async ({ connection, print }) => {
    const page = await connection.call<ListExecutionsResponse>((...call) =>
      connection.executions.listExecutions({ limit, offset, status, kind, subjectId: of }, ...call),
    );
    print(executionsView(page));
  });
}

export async function watchExecution(id: string, options: WatchExecutionOptions): Promise<void> {
  await withSession(options, async (session) => {
    process.exitCode = await withInterruption((signal) =>
      followToEnd(session, {
        executionId: id,
        label: "execution",
        reconnectForMs: options.reconnectFor * 1_000,
        isReached: false,
        signal,
        ...(options.after === undefined ? {} : { after: options.after }),
      }),
    );
  });
}
