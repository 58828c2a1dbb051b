import { useState } from "preact/hooks";
import type { ListExecutionsResponse } from "../../src/gen/connect/executions_pb";
import { ExecutionKind, ExecutionOrder, ExecutionStatus } from "../../src/gen/connect/executions_pb";
import { CALL, executions } from "../api/clients";
import { askNames } from "../feed/names";
import { ExecutionFilters } from "../parts/execution-filters";
import { ExecutionTable } from "../parts/execution-table";
import { Problem } from "../parts/notices";
import { useLoaded } from "../parts/use-polling";
import { route, setQuery } from "../route";

const PAGE_SIZE = 50;
const EVERY_MS = 2_500;

/** The list: filtered as the address says, so that a link to it shows the same. */
export function ExecutionsView() {
  const { query } = route.value;
  const filters = query.toString();
  // Tokens of the pages before this one; the first page has none. They belong to the filters that they came with.
  const [pages, setPages] = useState<{ readonly filters: string; readonly tokens: readonly string[] }>({
    filters,
    tokens: [],
  });
  const tokens = pages.filters === filters ? pages.tokens : [];
  const token = tokens.at(-1);
  const list = useLoaded(`${filters} ${token}`, () => listExecutions(query, token), EVERY_MS);
  const { value } = list;
  const from = tokens.length * PAGE_SIZE;
  return (
    <section aria-labelledby="title">
      <div class="heading">
        <h1 id="title">Executions</h1>
        {value !== null && (
          <span class="quiet" role="status">
            {value.total === 0
              ? "none"
              : `${from + 1}–${from + value.executions.length} of ${value.total.toLocaleString()}`}
          </span>
        )}
      </div>
      <ExecutionFilters query={query} change={setQuery} />
      <Problem text={list.error} retry={() => void list.reload()} />
      {value !== null && <ExecutionTable executions={value.executions} isFiltered={filters !== ""} />}
      {value !== null && (tokens.length > 0 || value.nextPageToken !== undefined) && (
        <nav class="pages" aria-label="Pages">
          <button
            type="button"
            disabled={tokens.length === 0}
            onClick={() => setPages({ filters, tokens: tokens.slice(0, -1) })}
          >
            ← Newer
          </button>
          <span>Page {tokens.length + 1}</span>
          <button
            type="button"
            disabled={value.nextPageToken === undefined}
            onClick={() => setPages({ filters, tokens: [...tokens, value.nextPageToken ?? ""] })}
          >
            Older →
          </button>
        </nav>
      )}
    </section>
  );
}

async function listExecutions(query: URLSearchParams, pageToken: string | undefined): Promise<ListExecutionsResponse> {
  const get = (name: string) => query.get(name) ?? "";
  const labels = [...labelsIn(get("labels"))];
  const response = await executions.listExecutions(
    {
      limit: PAGE_SIZE,
      statuses: query.getAll("status").flatMap((name) => namedStatus(name)),
      order: ExecutionOrder.CREATED_DESC,
      labels: Object.fromEntries(labels),
      ...(pageToken === undefined ? {} : { pageToken }),
      ...(get("kind") === "" ? {} : { kind: get("kind") === "task" ? ExecutionKind.TASK : ExecutionKind.WORKFLOW }),
      ...(get("subject") === "" ? {} : { subjectId: get("subject") }),
      ...(get("error") === "" ? {} : { errorText: get("error") }),
      ...(get("name") === "" ? {} : { nameText: get("name") }),
    },
    CALL,
  );
  askNames(response.executions);
  return response;
}

function namedStatus(name: string): readonly ExecutionStatus[] {
  const status = ExecutionStatus[name.toUpperCase() as keyof typeof ExecutionStatus];
  return status === undefined ? [] : [status];
}

/** `team=a, env=prod`; a name alone, which is being typed, counts for nothing yet. */
function* labelsIn(text: string): Iterable<readonly [string, string]> {
  for (const pair of text.split(",")) {
    const at = pair.indexOf("=");
    if (at > 0) yield [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  }
}
