import { PruneExecutionsRequest, type PruneExecutionsResponse } from "../../gen/proto/executions";
import { withSession } from "../connection/client-session";
import { EXIT_CODES, usageError } from "../exit-codes";
import type { View } from "../output/output";
import { confirmed, openBar } from "./bulk";
import { parseStatuses } from "./execution-selection";
import type { PruneOptions } from "./prune-command";

/** Deletes in calls of the server's usual size, until there is nothing more to delete. */
export async function pruneExecutions(options: PruneOptions): Promise<void> {
  const { olderThan, keepLast, status } = options;
  if (olderThan === undefined && keepLast === undefined)
    throw usageError("nothing says what may go", "Give --older-than, --keep-last or both.");
  const request = { olderThan, keepLast, statuses: parseStatuses(status) };
  await withSession(options, async ({ connection, print }) => {
    const call = (dryRun: boolean) => {
      const message = PruneExecutionsRequest.fromPartial({ ...request, dryRun });
      return connection.call<PruneExecutionsResponse>((...rest) =>
        connection.executions.pruneExecutions(message, ...rest),
      );
    };
    const { count: prunable } = await call(true);
    if (options.dryRun === true || prunable === 0) {
      print(prunedView(prunable, options.dryRun === true));
      return;
    }
    if (!(await confirmed(`Delete ${recordsText(prunable)}?`, options.yes === true))) {
      process.stderr.write("nothing was deleted\n");
      process.exitCode = EXIT_CODES.failed;
      return;
    }
    let deleted = 0;
    const bar = openBar("pruning", prunable, () => Math.min(deleted, prunable));
    try {
      for (let more = true; more; ) {
        const response = await call(false);
        deleted += response.count;
        more = response.more;
      }
    } finally {
      bar.close();
    }
    print(prunedView(deleted, false));
  });
}

function recordsText(count: number): string {
  return `${count} ${count === 1 ? "record" : "records"}`;
}

function prunedView(count: number, isDryRun: boolean): View {
  const text = recordsText(count);
  return {
    table: () => [isDryRun ? `${text} would be deleted` : `${text} deleted`],
    plain: () => [String(count)],
    json: () => ({ count, dry_run: isDryRun }),
  };
}
