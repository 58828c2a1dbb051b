import { ExecutionStatus, ExecutionWait } from "../../gen/proto/executions";
import { parseFilter, parseOrder, readSelection } from "./execution-selection";

test("reads a filter's terms, with and without quotes", () => {
  expect(
    parseFilter(`status=failed,cancelled kind=workflow label.team=web label.a/b='x y' started>7d ended<2026-11-01`),
  ).toEqual({
    status: "failed,cancelled",
    kind: "workflow",
    label: ["team=web", "a/b=x y"],
    startedAfter: "7d",
    endedBefore: "2026-11-01",
  });
  expect(parseFilter(`error="it's = <gone>"  of = 7`)).toEqual({ error: "it's = <gone>", of: "7" });
});

test.each([
  ["", "--filter is empty"],
  ["nonsense", '--filter cannot be read from "nonsense" on'],
  ["status=failed colour=red", '--filter does not know "colour="'],
  ["status>failed", '--filter does not know "status>"'],
  ["status=failed status=running", "--filter has status= twice"],
  ["error='open", "--filter cannot be read from"],
  ["constructor=1", '--filter does not know "constructor="'],
])("refuses the filter %j", (text, message) => {
  expect(() => parseFilter(text)).toThrow(message);
});

test("makes a request of options and filter together", () => {
  const selection = readSelection({
    status: "failed, Cancelled",
    label: ["team=web"],
    filter: "label.tier=1 started>2026-11-01T12:00:00+01:00",
    endedBefore: "2026-11-02 00:00Z",
    error: "x",
    name: "nightly",
    waitingFor: "approval, TURN",
  });
  expect(selection).toMatchObject({
    statuses: [ExecutionStatus.EXECUTION_STATUS_FAILED, ExecutionStatus.EXECUTION_STATUS_CANCELLED],
    labels: { team: "web", tier: "1" },
    startedAfter: "2026-11-01T11:00:00.000Z",
    completedBefore: "2026-11-02T00:00:00.000Z",
    errorText: "x",
    nameText: "nightly",
    waitingFor: [ExecutionWait.EXECUTION_WAIT_APPROVAL, ExecutionWait.EXECUTION_WAIT_TURN],
  });
});

test("takes a duration as how long ago, and a date as this morning's midnight here", () => {
  const { startedAfter = "", startedBefore = "" } = readSelection({ startedAfter: "2h", startedBefore: "2026-11-22" });
  expect(Math.abs(Date.now() - 2 * 3_600_000 - Date.parse(startedAfter))).toBeLessThan(5_000);
  expect(startedBefore).toBe(new Date(2026, 10, 22).toISOString());
});

test.each([
  [{ startedAfter: "yesterday" }, "--started-after must be a time such as"],
  [{ endedBefore: "2026-13-01" }, "--ended-before must be a time such as"],
  [{ label: ["team"] }, "--label must be KEY=VALUE"],
  [{ waitingFor: "rain" }, "--waiting-for must be one of approval, signal, timer, pause, turn"],
  [{ status: "failed,done" }, "--status must be one of"],
  [{ status: "failed", filter: "status=running" }, '--filter and an option of its own both give "status"'],
])("refuses %j", (options, message) => {
  expect(() => readSelection(options)).toThrow(message);
});

test("knows the orders by name", () => {
  expect(parseOrder(undefined)).toBeUndefined();
  expect(parseOrder("last-ended")).toBe(3);
  expect(() => parseOrder("toString")).toThrow("--order must be one of newest, oldest, last-ended, first-ended");
});
