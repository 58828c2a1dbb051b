import { type Execution, type ExecutionState, NodeStatus } from "../../../src/gen/proto/executions";
import { type ApiClient, readStream, refusal } from "../api-client";

/** What an execution shows of itself. */
export interface Shown {
  readonly execution: Execution;
  readonly state: ExecutionState;
}

interface Verb {
  ask(client: ApiClient, executionId: string): Promise<unknown>;
  /** What can be seen of it soon after it was taken; absent for what only reads, or changes what nothing shows. */
  shows?(seen: Shown): boolean;
}

/** What a person may ask of an execution, by the name of its command; the nodes are those of `GRAPH` in `states.ts`. */
export const VERBS = {
  get: { ask: (client, id) => client.getExecution(id) },
  show: { ask: (client, executionId) => client.getExecutionState({ executionId }) },
  watch: { ask: (client, id) => firstOf(client.executions.watchExecution({ id, afterOffset: undefined })) },
  export: { ask: (client, executionId) => wholeOf(client.executions.exportExecution({ executionId })) },
  pause: { ask: (client, executionId) => client.pauseExecution({ executionId }), shows: isPaused },
  resume: {
    ask: (client, executionId) => client.resumeExecution({ executionId }),
    shows: (seen) => !isPaused(seen),
  },
  "resume --step": {
    ask: (client, executionId) => client.resumeExecution({ executionId, step: true }),
    shows: (seen) => !isPaused(seen),
  },
  "signal go": {
    ask: (client, executionId) => client.signalExecution({ executionId, name: "go" }),
    shows: ended("go", "COMPLETED"),
  },
  "signal nothing": { ask: (client, executionId) => client.signalExecution({ executionId, name: "nothing" }) },
  "answer gate": {
    ask: (client, executionId) => client.answerApproval({ executionId, nodeId: "gate", approved: true }),
    shows: ended("gate", "COMPLETED"),
  },
  "answer work": {
    ask: (client, executionId) => client.answerApproval({ executionId, nodeId: "work", approved: true }),
  },
  "skip first": { ask: (client, executionId) => client.skipNode({ executionId, nodeId: "first" }) },
  "skip work": {
    ask: (client, executionId) => client.skipNode({ executionId, nodeId: "work" }),
    shows: ended("work", "SKIPPED"),
  },
  "skip later": { ask: (client, executionId) => client.skipNode({ executionId, nodeId: "later" }) },
  "skip latr": { ask: (client, executionId) => client.skipNode({ executionId, nodeId: "latr" }) },
  "set-output work": {
    ask: (client, executionId) => client.setNodeOutput({ executionId, nodeId: "work", output: "1" }),
    shows: ended("work", "COMPLETED"),
  },
  "set-output later": {
    ask: (client, executionId) => client.setNodeOutput({ executionId, nodeId: "later", output: "1" }),
  },
  "cancel-node work": {
    ask: (client, executionId) => client.cancelNode({ executionId, nodeId: "work" }),
    shows: ended("work", "CANCELLED"),
  },
  "cancel-node later": { ask: (client, executionId) => client.cancelNode({ executionId, nodeId: "later" }) },
  "retry work": {
    ask: (client, executionId) => client.retryNode({ executionId, nodeId: "work" }),
    shows: ({ state }) => state.nodes.some(({ id, attempt = 0 }) => id === "work" && attempt > 1),
  },
  "retry gate": { ask: (client, executionId) => client.retryNode({ executionId, nodeId: "gate" }) },
  "update --timeout": { ask: (client, executionId) => client.updateExecution({ executionId, timeout: "1h" }) },
  "update items=2": {
    ask: (client, executionId) => client.updateExecution({ executionId, concurrency: { items: 2 } }),
  },
  "update work=2": {
    ask: (client, executionId) => client.updateExecution({ executionId, concurrency: { work: 2 } }),
  },
  cancel: {
    ask: (client, id) => client.cancelExecution({ id }),
    shows: ({ execution }) => execution.errorCode === "CANCELLED" && execution.completedAt !== undefined,
  },
} satisfies Readonly<Record<string, Verb>>;

export type VerbName = keyof typeof VERBS;

/** `ok`, or the status that it was refused with and the reason. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  let isTaken = false;
  const watched = call.then(() => {
    isTaken = true;
  });
  const refused = await refusal(watched).catch((error: unknown) => {
    if (!isTaken) throw error;
  });
  if (!refused) return "ok";
  return `${refused.code}: ${refused.violations.map(({ description }) => description).join("; ") || refused.message}`;
}

function isPaused({ execution }: Shown): boolean {
  return execution.paused;
}

function ended(nodeId: string, status: "COMPLETED" | "SKIPPED" | "CANCELLED") {
  return ({ state }: Shown) =>
    state.nodes.some((node) => node.id === nodeId && node.status === NodeStatus[`NODE_STATUS_${status}`]);
}

type Call<Message> = Parameters<typeof readStream<Message>>[0];

/** Goes away after the first message, as a reader may. */
async function firstOf<Message>(call: Call<Message>): Promise<void> {
  const { messages, code, error } = await readStream(call, () => call.cancel());
  if (messages.length === 0) throw error ?? new Error(`the stream said nothing and ended ${code}`);
}

async function wholeOf<Message>(call: Call<Message>): Promise<void> {
  const { code, error } = await readStream(call);
  if (code !== "OK") throw error;
}
