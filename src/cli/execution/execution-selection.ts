import { parseDuration } from "../../core/duration";
import {
  type Execution,
  ExecutionKind,
  ExecutionOrder,
  ExecutionStatus,
  ExecutionWait,
  ListExecutionsRequest,
  type ListExecutionsResponse,
} from "../../gen/proto/executions";
import type { Connection } from "../connection/connection";
import { usageError } from "../exit-codes";
import { parseEnumList, parseEnumOption } from "../options/enum-option";
import { parseLabel } from "./execution-names";
import type { SelectionOptions } from "./execution-selection-options";

/** The filters of a request, without the page. */
export type Selection = Omit<
  ListExecutionsRequest,
  "limit" | "offset" | "pageToken" | "skipTotal" | "order" | "status"
>;

/** The largest page there is: pages then cost the least. */
const PAGE_SIZE = 1_000;

/** Throws a usage error. */
export function readSelection(options: SelectionOptions): Selection {
  const { filter, ...given } = options;
  const all = filter === undefined ? given : merged(given, parseFilter(filter));
  const {
    status,
    kind,
    of,
    schedule,
    label = [],
    startedAfter,
    startedBefore,
    endedAfter,
    endedBefore,
    error,
    name,
  } = all;
  return ListExecutionsRequest.fromPartial({
    statuses: parseStatuses(status),
    kind: parseEnumOption<ExecutionKind>("--kind", kind, ExecutionKind, "EXECUTION_KIND_"),
    subjectId: of,
    scheduleId: schedule,
    labels: Object.fromEntries(label.map(parseLabel)),
    startedAfter: parseTime("--started-after", startedAfter),
    startedBefore: parseTime("--started-before", startedBefore),
    completedAfter: parseTime("--ended-after", endedAfter),
    completedBefore: parseTime("--ended-before", endedBefore),
    errorText: error,
    nameText: name,
    waitingFor: parseEnumList<ExecutionWait>("--waiting-for", all.waitingFor, ExecutionWait, "EXECUTION_WAIT_"),
  });
}

const ORDERS: Readonly<Record<string, ExecutionOrder>> = {
  newest: ExecutionOrder.EXECUTION_ORDER_CREATED_DESC,
  oldest: ExecutionOrder.EXECUTION_ORDER_CREATED_ASC,
  "last-ended": ExecutionOrder.EXECUTION_ORDER_COMPLETED_DESC,
  "first-ended": ExecutionOrder.EXECUTION_ORDER_COMPLETED_ASC,
};

export function parseOrder(given: string | undefined): ExecutionOrder | undefined {
  if (given === undefined) return undefined;
  const order = Object.hasOwn(ORDERS, given) ? ORDERS[given] : undefined;
  if (order !== undefined) return order;
  throw usageError(`--order must be one of ${Object.keys(ORDERS).join(", ")}; got ${JSON.stringify(given)}`);
}

/** Every execution that is selected, page by page. Starts and ends that happen meanwhile move nothing. */
export async function* selectAll(
  connection: Connection,
  selection: Selection,
  order?: ExecutionOrder,
): AsyncGenerator<readonly Execution[]> {
  let pageToken: string | undefined;
  do {
    const request = ListExecutionsRequest.fromPartial({
      ...selection,
      order,
      limit: PAGE_SIZE,
      skipTotal: true,
      pageToken,
    });
    const page = await connection.call<ListExecutionsResponse>((...call) =>
      connection.executions.listExecutions(request, ...call),
    );
    yield page.executions;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

/** `name`, how it is compared, and a value, which may stand in quotes. */
const TERM = /^\s*([A-Za-z]+(?:\.[A-Za-z0-9._/-]+)?)\s*(=|<|>)\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))(?=\s|$)/;

const TERMS: Readonly<Record<string, keyof SelectionOptions>> = {
  "status=": "status",
  "kind=": "kind",
  "of=": "of",
  "schedule=": "schedule",
  "error=": "error",
  "name=": "name",
  "waiting=": "waitingFor",
  "started>": "startedAfter",
  "started<": "startedBefore",
  "ended>": "endedAfter",
  "ended<": "endedBefore",
};

/** `status=failed label.team=web started>7d error="no such host"`. A time that is a duration is how long ago it was. */
export function parseFilter(text: string): SelectionOptions {
  const options: { -readonly [Key in keyof SelectionOptions]: SelectionOptions[Key] } = {};
  const labels: string[] = [];
  for (let rest = text; rest.trim() !== ""; ) {
    const [term, name = "", comparison = "", ...values] = TERM.exec(rest) ?? [];
    if (term === undefined) throw wrongFilter(`cannot be read from ${JSON.stringify(rest.trim().slice(0, 60))} on`);
    rest = rest.slice(term.length);
    const value = values.find((each) => each !== undefined) ?? "";
    const label = /^label\.(.+)$/.exec(name)?.[1];
    const key = `${name}${comparison}`;
    const option = Object.hasOwn(TERMS, key) ? TERMS[key] : undefined;
    if (label !== undefined && comparison === "=") labels.push(`${label}=${value}`);
    else if (option === undefined) throw wrongFilter(`does not know ${JSON.stringify(key)}`);
    else if (options[option] !== undefined) throw wrongFilter(`has ${key} twice`);
    else Object.assign(options, { [option]: value });
  }
  if (Object.keys(options).length === 0 && labels.length === 0) throw wrongFilter("is empty");
  return labels.length === 0 ? options : { ...options, label: labels };
}

function wrongFilter(reason: string) {
  const known = [...Object.keys(TERMS), "label.KEY="].join("  ");
  return usageError(`--filter ${reason}`, `It is made of terms with spaces between them: ${known}`);
}

function merged(options: SelectionOptions, filter: SelectionOptions): SelectionOptions {
  const both = Object.keys(filter).find(
    (key) => key !== "label" && options[key as keyof SelectionOptions] !== undefined,
  );
  if (both !== undefined) throw usageError(`--filter and an option of its own both give "${both}"`);
  const label = [...(options.label ?? []), ...(filter.label ?? [])];
  return { ...options, ...filter, ...(label.length === 0 ? {} : { label }) };
}

/** Several with commas; none where absent. Throws a usage error. */
export function parseStatuses(given: string | undefined): ExecutionStatus[] {
  return parseEnumList<ExecutionStatus>("--status", given, ExecutionStatus, "EXECUTION_STATUS_");
}

/** A date or a time, local where it names no zone, or how long ago it was. Gives RFC 3339. */
function parseTime(option: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const ago = parseDuration(text);
  if (ago.ok) return new Date(Date.now() - ago.value).toISOString();
  const isTime = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/i.test(text);
  const time = new Date(!isTime ? Number.NaN : text.length === 10 ? `${text}T00:00` : text.replace(" ", "T"));
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw usageError(
    `${option} must be a time such as 2026-11-01 or 2026-11-01T12:00:00Z, or how long ago, such as 2h or 7d; got ${JSON.stringify(text)}`,
  );
}
