import { parseTime } from "../../core/rfc3339";
import { MAX_LABEL_LENGTH, MAX_LABEL_NAME_LENGTH, MAX_LABELS } from "../../definition/limits";
import type { ListExecutionsRequest } from "../../gen/proto/executions";
import type { ExecutionStatus } from "../../store/records";
import type { ExecutionFilter } from "../../store/store-port";
import type { WaitKind } from "../../workflows/history-contract";
import { executionKindCodec, executionStatusCodec, executionWaitCodec } from "../convert/execution";
import { MAX_SEARCH_TEXT_LENGTH, MAX_TITLE_LENGTH } from "../limits";
import type { RequestCheck } from "../requests/request-check";

/** What the records do not know of: Temporal is asked for it. */
export type WaitingFor = { readonly waitingFor?: readonly WaitKind[] };

type FilterFields = Pick<
  ListExecutionsRequest,
  | "kind"
  | "subjectId"
  | "scheduleId"
  | "status"
  | "statuses"
  | "labels"
  | "startedAfter"
  | "startedBefore"
  | "completedAfter"
  | "completedBefore"
  | "errorText"
  | "nameText"
  | "waitingFor"
>;

/** Notes a violation at each field that is wrong. */
export function decodeExecutionFilter(check: RequestCheck, request: FilterFields): ExecutionFilter & WaitingFor {
  const kind = executionKindCodec.check(check, "kind", request.kind);
  const statuses = decodeStatuses(check, request);
  const subjectId =
    request.subjectId === undefined
      ? undefined
      : check.requiredText("subject_id", request.subjectId, MAX_TITLE_LENGTH).toLowerCase();
  const scheduleId =
    request.scheduleId === undefined
      ? undefined
      : check.requiredText("schedule_id", request.scheduleId, MAX_TITLE_LENGTH);
  const errorText =
    request.errorText === undefined
      ? undefined
      : check.requiredText("error_text", request.errorText, MAX_SEARCH_TEXT_LENGTH);
  const nameText =
    request.nameText === undefined
      ? undefined
      : check.requiredText("name_text", request.nameText, MAX_SEARCH_TEXT_LENGTH);
  const labels = decodeLabels(check, request.labels);
  const startedAfter = decodeTime(check, "started_after", request.startedAfter);
  const startedBefore = decodeTime(check, "started_before", request.startedBefore);
  const completedAfter = decodeTime(check, "completed_after", request.completedAfter);
  const completedBefore = decodeTime(check, "completed_before", request.completedBefore);
  const waits = request.waitingFor.map((wire, index) => executionWaitCodec.check(check, `waiting_for/${index}`, wire));
  const waitingFor = [...new Set(waits.filter((kind) => kind !== undefined))].sort();
  checkRange(check, "started", startedAfter, startedBefore);
  checkRange(check, "completed", completedAfter, completedBefore);
  return {
    ...(kind === undefined ? {} : { kind }),
    ...(statuses === undefined ? {} : { statuses }),
    ...(subjectId === undefined ? {} : { subjectId }),
    ...(scheduleId === undefined ? {} : { scheduleId }),
    ...(labels === undefined ? {} : { labels }),
    ...(startedAfter === undefined ? {} : { startedAfter }),
    ...(startedBefore === undefined ? {} : { startedBefore }),
    ...(completedAfter === undefined ? {} : { completedAfter }),
    ...(completedBefore === undefined ? {} : { completedBefore }),
    ...(errorText === undefined ? {} : { errorText }),
    ...(nameText === undefined ? {} : { nameText }),
    ...(waitingFor.length === 0 ? {} : { waitingFor }),
  };
}

function decodeStatuses(check: RequestCheck, request: FilterFields): readonly ExecutionStatus[] | undefined {
  const one = executionStatusCodec.check(check, "status", request.status);
  const several = request.statuses.map((wire, index) => executionStatusCodec.check(check, `statuses/${index}`, wire));
  const statuses = [one, ...several].filter((status) => status !== undefined);
  return statuses.length === 0 ? undefined : [...new Set(statuses)];
}

function decodeLabels(check: RequestCheck, labels: FilterFields["labels"]): FilterFields["labels"] | undefined {
  const entries = Object.entries(labels);
  if (entries.length === 0) return undefined;
  if (entries.length > MAX_LABELS) check.add("labels", `must be at most ${MAX_LABELS}; there are ${entries.length}`);
  for (const [key, value] of entries) {
    if (key === "") check.add("labels", "must not have an empty name");
    check.text(`labels/${key.slice(0, MAX_LABEL_NAME_LENGTH)}`, key, MAX_LABEL_NAME_LENGTH);
    check.text(`labels/${key.slice(0, MAX_LABEL_NAME_LENGTH)}`, value, MAX_LABEL_LENGTH);
  }
  return labels;
}

function decodeTime(check: RequestCheck, field: string, text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const ms = parseTime(text);
  if (ms !== undefined) return new Date(ms);
  const example = "a time in RFC 3339 with its zone, such as 2026-01-31T12:00:00Z";
  check.add(field, `must be ${example}; got ${JSON.stringify(text.slice(0, 100))}`);
  return undefined;
}

/** A range that is empty by mistake would look like a search that found nothing. */
function checkRange(check: RequestCheck, what: string, after: Date | undefined, before: Date | undefined): void {
  if (after === undefined || before === undefined || after < before) return;
  check.add(`${what}_before`, `must be later than \`${what}_after\`, or nothing can match`);
}
