import { sweepRecords } from "../../src/api/executions/retention-sweep";
import { ExecutionOrder, ExecutionStatus, type ListExecutionsRequest } from "../../src/gen/proto/executions";
import { refusal, refusedFields } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";
import { aWorkflowStart, newWorkflowId } from "./store-records";

const { EXECUTION_STATUS_FAILED: FAILED, EXECUTION_STATUS_RUNNING: RUNNING } = ExecutionStatus;
const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

let test: TestApi;
const workflowId = newWorkflowId();
const ids: string[] = [];
beforeAll(async () => {
  test = await startTestApi(temporalIsDown);
  for (let n = 0; n < 10; n += 1) {
    const start = aWorkflowStart(workflowId, {
      startedAt: at(n),
      labels: { team: n < 4 ? "web" : "ops" },
      displayName: `run ${n}`,
    });
    ids.push(start.id);
    await test.store.recordStarted(start);
    const failure = { code: "TIMEOUT", message: "no answer" };
    if (n < 8) {
      const end = { id: start.id, completedAt: at(60 - n) };
      await test.store.recordEnded(
        n % 2 === 0 ? { ...end, status: "COMPLETED" } : { ...end, status: "FAILED", failure },
      );
    }
  }
});
afterAll(() => test.close());

const list = async (request: Partial<ListExecutionsRequest>) => {
  const page = await test.client.listExecutions(request);
  return { ...page, found: page.executions.map(({ id }) => ids.indexOf(id)) };
};

describe("ListExecutions", () => {
  it("finds by labels, statuses, times and the text of errors, all of which must match", async () => {
    expect((await list({ labels: { team: "web" } })).found).toEqual([3, 2, 1, 0]);
    expect((await list({ labels: { team: "web" }, statuses: [FAILED] })).found).toEqual([3, 1]);
    expect((await list({ statuses: [RUNNING], status: FAILED })).found).toEqual([9, 8, 7, 5, 3, 1]);
    expect(
      (await list({ startedAfter: at(2).toISOString(), startedBefore: "2026-01-01T01:00:04+01:00" })).found,
    ).toEqual([3, 2]);
    expect((await list({ completedBefore: at(54).toISOString() })).found).toEqual([7]);
    expect((await list({ errorText: "NO ANS", completedAfter: at(57).toISOString() })).found).toEqual([3, 1]);
    expect((await list({ nameText: "RUN 3" })).found).toEqual([3]);
    expect((await list({ nameText: "run", statuses: [FAILED] })).found).toEqual([7, 5, 3, 1]);
    expect((await list({ labels: { team: "web" }, limit: 1 })).executions[0]).toMatchObject({
      labels: { team: "web" },
    });
  });

  it("gives pages by tokens, in each order, with and without the total", async () => {
    const order = ExecutionOrder.EXECUTION_ORDER_COMPLETED_ASC;
    const first = await list({ order, limit: 3 });
    expect([first.found, first.total]).toEqual([[7, 6, 5], 8]);
    const second = await list({ order, limit: 3, pageToken: first.nextPageToken, skipTotal: true });
    expect([second.found, second.total]).toEqual([[4, 3, 2], 0]);
    const third = await list({ order, limit: 3, pageToken: second.nextPageToken });
    expect([third.found, third.total, third.nextPageToken]).toEqual([[1, 0], 8, undefined]);
    const all = await list({ order: ExecutionOrder.EXECUTION_ORDER_CREATED_ASC, limit: 10 });
    expect([all.found.length, all.nextPageToken]).toEqual([10, undefined]);
    expect((await list({ limit: 0 })).nextPageToken).toBeUndefined();
    expect((await list({ limit: 2, offset: 8 })).found).toEqual([1, 0]);
  });

  it("names each field that is no filter", async () => {
    const wrong = {
      statuses: [FAILED, 77 as ExecutionStatus],
      labels: { "": "x", k: "v".repeat(257) },
      startedAfter: "2026-01-01",
      startedBefore: "2026-02-30T99:00:00Z",
      completedAfter: at(2).toISOString(),
      completedBefore: at(2).toISOString(),
      errorText: " ",
      nameText: "x".repeat(10_000),
      order: 9 as ExecutionOrder,
      pageToken: "nonsense",
    };
    expect(await refusedFields(test.client.listExecutions(wrong))).toEqual([
      ...[
        "statuses/1",
        "error_text",
        "name_text",
        "labels",
        "labels/k",
        "started_after",
        "started_before",
        "completed_before",
      ],
      ...["order", "page_token"],
    ]);
  });

  it("refuses a token that belongs to other filters, or that stands beside an offset", async () => {
    const { nextPageToken } = await list({ limit: 1 });
    const { code, message } = await refusal(list({ pageToken: nextPageToken, statuses: [FAILED] }));
    expect([code, message]).toEqual(["INVALID_ARGUMENT", expect.stringContaining("belongs to other filters")]);
    expect(await refusedFields(list({ pageToken: nextPageToken, offset: 1 }))).toEqual(["offset"]);
    const forged = Buffer.from('[1,"x","y","z"]').toString("base64url");
    expect(await refusedFields(list({ pageToken: forged }))).toEqual(["page_token"]);
    expect(await refusedFields(list({ pageToken: "x".repeat(2_000) }))).toEqual(["page_token"]);
  });
});

describe("PruneExecutions", () => {
  it("names what is wrong with a request", async () => {
    expect(await refusedFields(test.client.pruneExecutions({}))).toEqual(["older_than"]);
    const wrong = { olderThan: "a month", keepLast: -1, statuses: [RUNNING, 99 as ExecutionStatus], limit: 0 };
    expect(await refusedFields(test.client.pruneExecutions(wrong))).toEqual([
      ...["keep_last", "older_than", "statuses/0", "statuses/1", "limit"],
    ]);
  });

  it("says what would go, deletes it in parts, and never what runs", async () => {
    const rule = { keepLast: 2, statuses: [FAILED] };
    expect(await test.client.pruneExecutions({ ...rule, dryRun: true, limit: 1 })).toEqual({ count: 2, more: false });
    expect(await test.client.pruneExecutions({ ...rule, limit: 1 })).toEqual({ count: 1, more: true });
    expect(await test.client.pruneExecutions({ ...rule, limit: 2 })).toEqual({ count: 1, more: false });
    expect((await list({})).found).toEqual([9, 8, 7, 6, 5, 4, 2, 0]);
    expect(await test.client.pruneExecutions({ olderThan: "3650d" })).toEqual({ count: 0, more: false });
    expect((await refusal(test.client.getExecution(ids[1] ?? ""))).code).toBe("NOT_FOUND");
  });

  it("is done by the sweep as well, where the settings ask for it", async () => {
    const logger = { store: test.store };
    expect(await sweepRecords(logger, { forMs: 3_650 * 86_400_000, last: null })).toBe(0);
    expect(await sweepRecords(logger, { forMs: 60_000, last: 3 })).toBe(3);
    expect((await list({})).found).toEqual([9, 8, 7, 6, 5]);
    expect(await test.client.pruneExecutions({ keepLast: 0 })).toEqual({ count: 3, more: false });
    expect((await list({})).found).toEqual([9, 8]);
  });
});
