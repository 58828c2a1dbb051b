import { type Execution, ExecutionKind, ExecutionStatus, type ListExecutionsResponse } from "../gen/proto/executions";
import { type BulkResult, confirmed, forEachInBulk } from "./bulk";
import { type ClientSession, withSession } from "./client-session";
import type { Connection } from "./connection";
import { parseEnumOption } from "./enum-option";
import type { CancelExecutionOptions } from "./execution-command";
import { EXIT_CODES, usageError } from "./exit-codes";
import { executionView, idView, recordView } from "./records-view";
import { isServiceError, STATUS } from "./rpc-errors";
import { harmlessLine } from "./terminal-text";

/** The largest page there is. */
const PAGE_SIZE = 1_000;
/** Failures that are told by name; `--format json` tells all. */
const MAX_SHOWN_FAILURES = 10;

export async function cancelExecutions(id: string | undefined, options: CancelExecutionOptions): Promise<void> {
  const { reason, all, of } = options;
  const isBulk = options.kind !== undefined || of !== undefined || all === true;
  if ((id === undefined) !== isBulk)
    throw usageError("give an execution's id, or which ones: --kind, --of or --all, and not both");
  const kind = parseEnumOption<ExecutionKind>("--kind", options.kind, ExecutionKind, "EXECUTION_KIND_");
  await withSession(options, async (session) => {
    const { connection, print } = session;
    if (id !== undefined) {
      const execution = await cancelOne(connection, id, reason);
      print(idView(execution.id, executionView(execution)));
      return;
    }
    const ids = await runningIds(connection, { kind, subjectId: of });
    if (ids.length > 0 && !(await confirmed(`Cancel ${countText(ids.length)}?`, options.yes === true))) {
      process.stderr.write("nothing was cancelled\n");
      process.exitCode = EXIT_CODES.failed;
      return;
    }
    report(
      session,
      await forEachInBulk(ids, "cancelling", async (one) => {
        try {
          await cancelOne(connection, one, reason);
          return "done";
        } catch (error) {
          // It ended by itself since it was listed.
          if (isServiceError(error) && (error.code === STATUS.failedPrecondition || error.code === STATUS.notFound))
            return "passed over";
          throw error;
        }
      }),
    );
  });
}

function cancelOne(connection: Connection, id: string, reason: string | undefined): Promise<Execution> {
  return connection.call<Execution>((...call) => connection.executions.cancelExecution({ id, reason }, ...call));
}

/** All that run now. They are listed before the first is cancelled: pages shift as executions end. */
async function runningIds(
  connection: Connection,
  filter: { readonly kind?: ExecutionKind | undefined; readonly subjectId?: string | undefined },
): Promise<readonly string[]> {
  const status = ExecutionStatus.EXECUTION_STATUS_RUNNING;
  // Executions that start meanwhile move others to the next page, where they come again.
  const ids = new Set<string>();
  for (let offset = 0; ; offset += PAGE_SIZE) {
    const { executions } = await connection.call<ListExecutionsResponse>((...call) =>
      connection.executions.listExecutions({ ...filter, status, limit: PAGE_SIZE, offset }, ...call),
    );
    for (const { id } of executions) ids.add(id);
    if (executions.length < PAGE_SIZE) return [...ids];
  }
}

function countText(count: number): string {
  return count === 1 ? "1 running execution" : `${count} running executions`;
}

function report({ print }: ClientSession, { total, done, passedOver, failures }: BulkResult): void {
  const shown = failures.slice(0, MAX_SHOWN_FAILURES).map(({ id, message }) => `${id}: ${harmlessLine(message)}`);
  const more = failures.length > shown.length ? [`and ${failures.length - shown.length} more`] : [];
  const fields = [
    ["matched", String(total)] as const,
    ["cancelled", String(done)] as const,
    ["had ended", String(passedOver)] as const,
    ["failed", String(failures.length)] as const,
    ["failures", [...shown, ...more].join("\n")] as const,
  ];
  const json = { matched: total, cancelled: done, had_ended: passedOver, failed: failures.length, failures };
  print(recordView(fields, json));
  if (failures.length > 0) process.exitCode = EXIT_CODES.failed;
}
