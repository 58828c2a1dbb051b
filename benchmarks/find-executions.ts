import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import SqliteDriver from "libsql";
import {
  ExecutionOrder,
  ExecutionServiceClient,
  ExecutionStatus,
  ListExecutionsRequest,
  type ListExecutionsResponse,
} from "../src/gen/proto/executions";
import { percentile, timeEach } from "./measure";
import { start } from "./processes";
import type { Row } from "./report";

const EXECUTIONS = 100_000;
const SUBJECTS = 100;
const PAGE_SIZE = 100;
const CALLS = 20;
/** The first calls of a new process compile what they run. */
const WARM_UP_CALLS = 5;
/** Of the newest execution. */
const NEWEST_MS = Date.UTC(2026, 0, 31);
const STATUSES = ["COMPLETED", "COMPLETED", "COMPLETED", "COMPLETED", "FAILED", "CANCELLED"] as const;

type Search = Partial<ListExecutionsRequest>;

/** What is asked for: its first page, and then one at nine tenths of what it finds. */
const SEARCHES: Readonly<Record<string, Search>> = {
  "all executions": {},
  "all executions, with the count": { skipTotal: false },
  "the last to end": { order: ExecutionOrder.EXECUTION_ORDER_COMPLETED_DESC },
  "one workflow's": { subjectId: subjectId(7) },
  "those that failed or were cancelled": {
    statuses: [ExecutionStatus.EXECUTION_STATUS_FAILED, ExecutionStatus.EXECUTION_STATUS_CANCELLED],
  },
  "a label that half of them have": { labels: { tier: "0" } },
  "a label that a hundredth have": { labels: { team: "7" } },
  "both labels": { labels: { team: "8", tier: "0" } },
  "a text in errors": { errorText: "code_17 " },
  "a text that no error has": { errorText: "nothing_of_the_kind" },
  "a text in names": { nameText: "Import 17" },
  "a text that no name has": { nameText: "nothing_of_the_kind" },
};

type List = (request: ListExecutionsRequest) => Promise<ListExecutionsResponse>;

/**
 * ListExecutions among 100,000 executions on SQLite: milliseconds of a call, the median of 20. By an API of its own, which
 * needs no Temporal for it.
 */
export async function findExecutions(aco: string, dataDir: string): Promise<Row[]> {
  const file = join(dataDir, "find.db");
  const env = { TEMPORAL_ADDRESS: "127.0.0.1:1", DATABASE_URL: `file:${file}` };
  const flags = ["--listen", "127.0.0.1:0", "--data-dir", join(dataDir, "find"), "--format", "json"];
  const api = await start([aco, "server", "start", ...flags], env);
  const { grpc } = JSON.parse(api.line) as { grpc: string };
  const client = new ExecutionServiceClient(grpc, credentials.createInsecure());
  const list: List = (request) =>
    new Promise((resolve, reject) => {
      client.listExecutions(request, (error, page) => (error === null ? resolve(page) : reject(error)));
    });
  try {
    fill(file);
    return await searches(list);
  } finally {
    client.close();
    await api.stop();
  }
}

async function searches(list: List): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [name, search] of Object.entries(SEARCHES)) {
    const request = ListExecutionsRequest.fromPartial({ limit: PAGE_SIZE, skipTotal: true, ...search });
    rows.push(await measure(`find ${name}: first page`, list, request));
    const { total } = await list({ ...request, limit: 0, skipTotal: false });
    if (total < 3 * PAGE_SIZE) continue;
    const { nextPageToken } = await list({ ...request, offset: Math.floor(total * 0.9), limit: 1 });
    rows.push(await measure(`find ${name}: deep page`, list, { ...request, pageToken: nextPageToken }));
  }
  const last = ListExecutionsRequest.fromPartial({ limit: PAGE_SIZE, offset: EXECUTIONS - PAGE_SIZE, skipTotal: true });
  rows.push(await measure("find all executions: last page by offset", list, last));
  return rows;
}

async function measure(name: string, list: List, request: ListExecutionsRequest): Promise<Row> {
  await timeEach(WARM_UP_CALLS, () => list(request));
  const times = await timeEach(CALLS, () => list(request));
  return { name, unit: "ms", ours: percentile(times, 0.5) };
}

function subjectId(index: number): string {
  return `00000000-0000-7000-8000-${index.toString(16).padStart(12, "0")}`;
}

/** A UUIDv7 of that time. */
function executionId(ms: number, index: number): string {
  const time = ms.toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${index.toString(16).padStart(12, "0")}`;
}

/** As the store writes them; by hand, since one by one they would take minutes. */
function fill(file: string): void {
  const driver = new SqliteDriver(file);
  const execution = driver.prepare(
    `INSERT INTO executions (id, kind, subject_id, status, temporal_workflow_id, temporal_run_id, created_at, started_at,
      completed_at, output_bytes, labels, display_name, error, error_code, input, output)
     VALUES (?, 'workflow', ?, ?, 'w', 'r', ?, ?, ?, 2048, ?, ?, ?, ?, ?, ?)`,
  );
  const mistake = driver.prepare(`INSERT INTO execution_errors (execution_id, created_at, text) VALUES (?, ?, ?)`);
  const label = driver.prepare(`INSERT INTO execution_labels VALUES (?, ?, ?, ?)`);
  const payload = JSON.stringify({ text: "x".repeat(2_000) });
  driver.exec("BEGIN");
  for (let index = 0; index < EXECUTIONS; index += 1) {
    const startedMs = NEWEST_MS - index * 20_000;
    const id = executionId(startedMs, index);
    const started = timeText(startedMs);
    const status = STATUSES[index % STATUSES.length] ?? "COMPLETED";
    const labels = { team: String(index % 100), tier: String(index % 2) };
    const message = status === "COMPLETED" ? null : `exit code_${index % 1_000} of the command`;
    const code = message === null ? null : "SHELL_EXIT_CODE";
    const text = message === null ? null : `${code}  ${message}`.toLowerCase();
    const subject = subjectId(index % SUBJECTS);
    const ended = timeText(startedMs + 5_000);
    const name = `nightly import ${index % 1_000}`;
    const row = [id, subject, status, started, started, ended, JSON.stringify(labels), name, message, code];
    execution.run([...row, payload, payload]);
    if (text !== null) mistake.run([id, started, text]);
    for (const [key, value] of Object.entries(labels)) label.run([id, key, value, started]);
  }
  driver.exec("COMMIT");
  driver.close();
}

/** As Prisma's adapter stores a time. */
function timeText(ms: number): string {
  return new Date(ms).toISOString().replace("Z", "+00:00");
}
