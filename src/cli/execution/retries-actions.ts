import { durationText } from "../../core/duration-text";
import type { ListRetriesResponse, Retry } from "../../gen/proto/executions";
import { withSession } from "../connection/client-session";
import type { ClientOptions } from "../options/command-options";
import type { View } from "../output/output";
import { type Table, tabLines, tableLines } from "../output/table";

export async function listRetries(executionId: string, options: ClientOptions): Promise<void> {
  await withSession(options, async ({ connection, print }) => {
    const response = await connection.call<ListRetriesResponse>((...call) =>
      connection.executions.listRetries({ executionId }, ...call),
    );
    print(retriesView(response, Date.now()));
  });
}

function retriesView({ retries, total }: ListRetriesResponse, nowMs: number): View {
  const tableOf = (next: (retry: Retry) => string): Table => ({
    headings: ["NODE", "ATTEMPT", "OF", "NEXT", "CODE", "LAST ERROR"],
    rows: retries.map((retry) => [
      retry.nodeId,
      String(retry.attempt),
      retry.maxAttempts === undefined ? "" : String(retry.maxAttempts),
      next(retry),
      retry.lastErrorCode ?? "",
      retry.lastError ?? "",
    ]),
    flexible: 5,
    dispensable: [4, 2],
  });
  const inText = ({ nextAttemptAt }: Retry) =>
    nextAttemptAt === undefined ? "runs" : `in ${durationText(Date.parse(nextAttemptAt) - nowMs)}`;
  const rest = retries.length < total ? [`${retries.length} of ${total} retries`] : [];
  return {
    table: (width) => (total === 0 ? ["nothing is tried again"] : [...tableLines(tableOf(inText), width), ...rest]),
    plain: () => tabLines(tableOf(({ nextAttemptAt }) => nextAttemptAt ?? "")),
    json: () => ({ retries: retries.map(retryJson), total }),
  };
}

/** What is absent on the wire is left out by JSON. */
function retryJson(retry: Retry): Record<string, unknown> {
  return {
    node_id: retry.nodeId,
    attempt: retry.attempt,
    max_attempts: retry.maxAttempts,
    next_attempt_at: retry.nextAttemptAt,
    last_error: retry.lastError,
    last_error_code: retry.lastErrorCode,
  };
}
