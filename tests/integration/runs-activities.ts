import { setTimeout as sleep } from "node:timers/promises";
import { ApplicationFailure, activityInfo, cancellationSignal, cancelled, heartbeat } from "@temporalio/activity";
import type { Client } from "@temporalio/client";
import type { JsonValue } from "../../src/core/json";
import { ACTIVITY_EVENTS_SIGNAL, type RunnerEventBatch, type RunnerInput } from "../../src/workflows/history-contract";

/** Gates that tests open: a task that says `wait NAME` goes on when its gate is open. */
const gates = new Map<string, { readonly opened: Promise<void>; open(): void }>();

export function gate(name: string) {
  const known = gates.get(name);
  if (known !== undefined) return known;
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const made = { opened, open };
  gates.set(name, made);
  return made;
}

/**
 * The task type `shell`, played by script so that a test knows to the millisecond what happens: a command is a list of
 * steps divided by `;`. `say TEXT [TIMES]` sends OUTPUT, `wait GATE`, `sleep MS`, `fail CODE [UNTIL_ATTEMPT]`, `big BYTES`
 * makes the output that large. The real runner has its own tests.
 */
export function scriptedActivities(client: Client) {
  return { shell: (input: RunnerInput): Promise<JsonValue> => play(client, input) };
}

async function play(client: Client, { config, nodeId }: RunnerInput): Promise<JsonValue> {
  const { attempt, activityId, workflowExecution } = activityInfo();
  const beating = setInterval(() => heartbeat(), 500);
  let sequence = 0;
  let output: JsonValue = { attempt };
  const say = async (text: string) => {
    sequence += 1;
    const event = {
      type: "OUTPUT" as const,
      sequence,
      timestamp: new Date().toISOString(),
      data: { stream: "stdout", text },
    };
    const batch: RunnerEventBatch = {
      activityId,
      attempt,
      events: [event],
      ...(nodeId === undefined ? {} : { nodeId }),
    };
    const { workflowId, runId } = workflowExecution ?? { workflowId: "", runId: "" };
    await client.workflow.getHandle(workflowId, runId).signal(ACTIVITY_EVENTS_SIGNAL, batch);
  };
  try {
    for (const step of String(config["command"]).split(";")) {
      const [verb, first = "", second = ""] = step.trim().split(" ");
      if (verb === "say") for (let time = 0; time < Number(second || 1); time++) await say(first);
      if (verb === "sleep") await sleep(Number(first), undefined, { signal: cancellationSignal() });
      if (verb === "wait") await Promise.race([gate(first).opened, cancelled()]);
      if (verb === "big") output = "x".repeat(Number(first));
      if (verb === "fail" && attempt <= Number(second || 1_000))
        throw ApplicationFailure.create({
          type: first,
          message: `failed as asked`,
          details: [{ attempt }],
          nonRetryable: second === "",
        });
    }
    return output;
  } catch (error) {
    // What `sleep` throws for an aborted signal is not what Temporal takes for a cancel.
    if (cancellationSignal().aborted) await cancelled();
    throw error;
  } finally {
    clearInterval(beating);
  }
}
