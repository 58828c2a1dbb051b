import { type Execution, ExecutionStatus } from "../gen/proto/executions";
import { type BulkResult, confirmed, forEachInBulk } from "./bulk";
import { type ClientSession, withSession } from "./client-session";
import type { Connection } from "./connection";
import type { CancelExecutionOptions } from "./execution-command";
import { readSelection, type Selection, selectAll } from "./execution-selection";
import { EXIT_CODES, usageError } from "./exit-codes";
import type { View } from "./output";
import { executionView, idView, recordView } from "./records-view";
import { isServiceError, STATUS } from "./rpc-errors";
import { harmlessLine } from "./terminal-text";

const RUNNING = [ExecutionStatus.EXECUTION_STATUS_RUNNING];
/** Failures that are told by name; `--format json` tells all. */
const MAX_SHOWN_FAILURES = 10;

export async function cancelExecutions(id: string | undefined, options: CancelExecutionOptions): Promise<void> {
  const { reason, all, kind, of, filter } = options;
  const isBulk = kind !== undefined || of !== undefined || filter !== undefined || all === true;
  if ((id === undefined) !== isBulk)
    throw usageError("give an execution's id, or which ones: --kind, --of, --filter or --all, and not both");
  const given = readSelection({ kind, of, filter });
  // What has ended cannot be cancelled, whatever the filter says.
  const selection = { ...given, statuses: given.statuses.length === 0 ? RUNNING : given.statuses };
  await withSession(options, async (session) => {
    const { connection, print } = session;
    if (id !== undefined) {
      const execution = await cancelOne(connection, id, reason);
      print(idView(execution.id, executionView(execution)));
      return;
    }
    const ids = await runningIds(connection, selection);
    if (options.dryRun === true) {
      print(countView(ids.length));
      return;
    }
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

/** All that run now and match. They are listed before the first is cancelled: somebody is asked about this many. */
async function runningIds(connection: Connection, selection: Selection): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const page of selectAll(connection, selection)) {
    const running = page.filter(({ status }) => status === ExecutionStatus.EXECUTION_STATUS_RUNNING);
    ids.push(...running.map(({ id }) => id));
  }
  return ids;
}

function countView(count: number): View {
  return {
    table: () => [`${countText(count)} would be cancelled`],
    plain: () => [String(count)],
    json: () => ({ matched: count, dry_run: true }),
  };
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
