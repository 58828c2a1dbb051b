/** A run that writes what the driver of a graph writes, and continues as new every few steps: a chain made to measure. */
import { continueAsNew, proxyActivities, sleep, upsertMemo } from "@temporalio/workflow";
import { type Journal, MEMO_JOURNAL, type RunnerInput } from "../../src/workflows/history-contract";

export interface ChainInput {
  readonly executionId: string;
  readonly snapshot: { readonly hash: string };
  readonly input: null;
  /** Steps in all, steps of one run, and how many were done in the runs before. */
  readonly steps: number;
  readonly stepsPerRun: number;
  readonly done: number;
  readonly resumed?: { readonly run: number };
  /** Between two steps. */
  readonly pauseMs: number;
  /** The step whose task waits for the gate `held`. */
  readonly heldAt?: number;
}

type Runner = (input: RunnerInput) => Promise<unknown>;

function journal(...entries: Journal): void {
  upsertMemo({ [MEMO_JOURNAL]: entries });
}

/** Each step is a wait `w#N` and a task `t#N`; an approval `ask` goes on from the first step to the last. */
export async function executeWorkflow(input: ChainInput): Promise<number> {
  const { steps, stepsPerRun, executionId, pauseMs } = input;
  if (input.done === 0) journal({ kind: "entered", nodeId: "ask", nodeType: "approval", input: { message: "Well?" } });
  for (let step = input.done + 1; step <= steps; step += 1) {
    const wait = { nodeId: `w#${step}`, nodeType: "wait" };
    journal({ kind: "entered", ...wait });
    await sleep(pauseMs);
    const options = { activityId: `t#${step}`, startToCloseTimeout: 60_000 };
    const { shell } = proxyActivities<{ shell: Runner }>(options);
    await shell({
      executionId,
      nodeId: "t",
      config: { command: `${step === input.heldAt ? "wait held; " : ""}say ${step}` },
      options: OPTIONS,
      signalBudget: 1,
    });
    const isLast = step === steps;
    const ends: Journal = [{ kind: "completed", ...wait, status: "completed" }];
    const answered: Journal = [{ kind: "completed", nodeId: "ask", nodeType: "approval", status: "completed" }];
    journal(...ends, ...(isLast ? answered : []));
    if (!isLast && step % stepsPerRun === 0) {
      const run = (input.resumed?.run ?? 0) + 1;
      await continueAsNew<typeof executeWorkflow>({ ...input, done: step, resumed: { run } });
    }
  }
  return steps;
}

const OPTIONS: RunnerInput["options"] = {
  maxAttempts: 1,
  initialIntervalMs: 1,
  maxIntervalMs: 1,
  backoff: 1,
  nonRetryable: [],
  attemptTimeoutMs: 10_000,
  heartbeatTimeoutMs: 10_000,
};
