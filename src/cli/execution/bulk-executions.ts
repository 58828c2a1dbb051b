import type { Execution, ExecutionStatus } from "../../gen/proto/executions";
import type { ClientSession } from "../connection/client-session";
import type { Connection } from "../connection/connection";
import { EXIT_CODES, usageError } from "../exit-codes";
import type { ClientOptions } from "../options/command-options";
import type { View } from "../output/output";
import { harmlessLine } from "../output/terminal-text";
import { recordView } from "../record/records-view";
import { type BulkResult, confirmed, forEachInBulk } from "./bulk";
import { readSelection, type Selection, selectAll } from "./execution-selection";
import type { SelectionOptions } from "./execution-selection-options";

/** Options of commands that do something to one execution, or to all that match. */
export interface BulkOptions extends ClientOptions, Pick<SelectionOptions, "kind" | "of" | "filter"> {
  readonly all?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** What is kept of each while all are listed: there may be very many. */
export type BulkExecution = Pick<Execution, "id" | "kind" | "subjectId">;

/** What is done to many executions. */
export interface BulkVerb {
  /** "Cancel", with which the question begins. */
  readonly command: string;
  /** "cancelling", beside the bar. */
  readonly doing: string;
  /** "cancelled": of how many it was done. */
  readonly done: string;
  /** "had ended": why it was not done to others that matched. */
  readonly passedOver: string;
  /** "running execution", of one of them. */
  readonly one: string;
  /** Those that are meant where nothing is said, and the only ones to which it can be done. */
  readonly statuses: readonly ExecutionStatus[];
  /** To which of those with such a status it can be done; absent: to all. */
  readonly fits?: (execution: Execution) => boolean;
  work(execution: BulkExecution): Promise<"done" | "passed over">;
}

/** Failures that are told by name; `--format json` tells all. */
const MAX_SHOWN_FAILURES = 10;

/** True where many are meant. Throws a usage error where neither or both are said. */
export function isOfMany(id: string | undefined, { all, kind, of, filter }: BulkOptions): id is undefined {
  const isBulk = kind !== undefined || of !== undefined || filter !== undefined || all === true;
  if ((id === undefined) !== isBulk)
    throw usageError("give an execution's id, or which ones: --kind, --of, --filter or --all, and not both");
  return isBulk;
}

/** Asks, and does it to all that match, some at a time; tells of how many. */
export async function actOnMany(session: ClientSession, options: BulkOptions, verb: BulkVerb): Promise<void> {
  const { kind, of, filter } = options;
  const given = readSelection({ kind, of, filter });
  // It cannot be done to others, whatever the filter says.
  const selection = { ...given, statuses: given.statuses.length === 0 ? [...verb.statuses] : given.statuses };
  const found = await matching(session.connection, selection, verb);
  const { length } = found;
  if (options.dryRun === true) {
    session.print(countView(length, verb));
    return;
  }
  if (length > 0 && !(await confirmed(`${verb.command} ${countText(length, verb)}?`, options.yes === true))) {
    process.stderr.write(`nothing was ${verb.done}\n`);
    process.exitCode = EXIT_CODES.failed;
    return;
  }
  report(session, verb, await forEachInBulk(found, verb.doing, (execution) => verb.work(execution)));
}

/** They are listed before anything is done to the first: somebody is asked about this many. */
async function matching(
  connection: Connection,
  selection: Selection,
  verb: BulkVerb,
): Promise<readonly BulkExecution[]> {
  const found: BulkExecution[] = [];
  for await (const page of selectAll(connection, selection)) {
    const fitting = page.filter((one) => verb.statuses.includes(one.status) && verb.fits?.(one) !== false);
    found.push(...fitting.map(({ id, kind, subjectId }) => ({ id, kind, subjectId })));
  }
  return found;
}

function countView(count: number, verb: BulkVerb): View {
  return {
    table: () => [`${countText(count, verb)} would be ${verb.done}`],
    plain: () => [String(count)],
    json: () => ({ matched: count, dry_run: true }),
  };
}

function countText(count: number, { one }: BulkVerb): string {
  return count === 1 ? `1 ${one}` : `${count} ${one}s`;
}

function report(
  { print }: ClientSession,
  { done: doneName, passedOver: passedOverName }: BulkVerb,
  { total, done, passedOver, failures }: BulkResult,
): void {
  const shown = failures.slice(0, MAX_SHOWN_FAILURES).map(({ id, message }) => `${id}: ${harmlessLine(message)}`);
  const more = failures.length > shown.length ? [`and ${failures.length - shown.length} more`] : [];
  const fields = [
    ["matched", String(total)] as const,
    [doneName, String(done)] as const,
    [passedOverName, String(passedOver)] as const,
    ["failed", String(failures.length)] as const,
    ["failures", [...shown, ...more].join("\n")] as const,
  ];
  const counts = { [doneName]: done, [passedOverName.replaceAll(" ", "_")]: passedOver };
  print(recordView(fields, { matched: total, ...counts, failed: failures.length, failures }));
  if (failures.length > 0) process.exitCode = EXIT_CODES.failed;
}
