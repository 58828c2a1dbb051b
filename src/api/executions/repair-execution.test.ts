import { parseExecutionId } from "../../core/ids";
import { silentLogger } from "../../core/logger";
import type { ExecutionRecord } from "../../store/records";
import type { EndedExecution } from "../../store/store-port";
import type { RunState } from "../../temporal/runs-port";
import type { ApiContext } from "../api-context";
import { repairExecution } from "./repair-execution";

const RUNNING = {
  id: parseExecutionId("0190a000-0000-7000-8000-000000000001"),
  status: "RUNNING",
  temporalWorkflowId: "task/x",
  temporalRunId: "run",
} as ExecutionRecord;

/** What is recorded when Temporal says this about the run, one answer a question. */
async function repair(...answers: (RunState | null)[]): Promise<readonly EndedExecution[]> {
  const recorded: EndedExecution[] = [];
  const runs = { state: async () => answers.shift() ?? null } as Partial<ApiContext["runs"]> as ApiContext["runs"];
  const recordEnded = async (ended: EndedExecution) => recorded.push(ended);
  const store = { recordEnded } as Partial<ApiContext["store"]> as ApiContext["store"];
  const repaired = await repairExecution({ store, runs, logger: silentLogger }, RUNNING, 1);
  expect(repaired).toBe(recorded.length > 0);
  return recorded;
}

test("a run that Temporal does not know for a moment goes on", async () => {
  expect(await repair(null, { status: "RUNNING" })).toEqual([]);
});

test("a run that Temporal still does not know when asked again is recorded as lost", async () => {
  expect(await repair(null, null)).toMatchObject([{ status: "FAILED", failure: { code: "TERMINATED" } }]);
});

test("a run that is under way is left alone, and one that has closed gets its end", async () => {
  expect(await repair({ status: "RUNNING" })).toEqual([]);
  const closedAt = new Date(0);
  expect(await repair({ status: "CANCELLED", closedAt })).toEqual([
    { id: RUNNING.id, status: "CANCELLED", completedAt: closedAt },
  ]);
});
