import type { Client } from "@temporalio/client";
import { defaultPayloadConverter } from "@temporalio/common";
import { createSignalSender, pause } from "./send-signal";

interface Request {
  readonly requestId: string;
  readonly workflowExecution: object;
}

/** A client whose service answers with these gRPC statuses or messages, one a call; 0 is success and the last one stays. */
function clientThatAnswers(...answers: readonly (number | { readonly code: number; readonly message: string })[]) {
  const requests: Request[] = [];
  const signalWorkflowExecution = async (request: Request) => {
    const answer = answers[Math.min(requests.length, answers.length - 1)];
    requests.push(request);
    const { code, message } = typeof answer === "object" ? answer : { code: answer, message: `status ${answer}` };
    if (code !== 0) throw Object.assign(new Error(message), { code });
    return {};
  };
  const client = {
    options: {
      namespace: "default",
      identity: "test",
      loadedDataConverter: { payloadConverter: defaultPayloadConverter, payloadCodecs: [] },
    },
    withDeadline: (_: number, call: () => Promise<unknown>) => call(),
    workflowService: { signalWorkflowExecution },
  };
  return { client: client as unknown as Client, requests };
}

const batch = { activityId: "task", attempt: 1, events: [] };
const target = { workflowId: "w", runId: "r" };
const never = new AbortController().signal;

test("a call that fails for the moment is made again under the same request id, to the same run", async () => {
  const { client, requests } = clientThatAnswers(14, 4, 8, 0);
  expect(await createSignalSender(client, target)(batch, never)).toEqual({ status: "sent" });
  expect(requests).toHaveLength(4);
  expect(new Set(requests.map(({ requestId }) => requestId)).size).toBe(1);
  expect(requests[0]?.workflowExecution).toEqual(target);
});

test("every batch has a request id of its own", async () => {
  const { client, requests } = clientThatAnswers(0);
  const send = createSignalSender(client, target);
  await send(batch, never);
  await send(batch, never);
  expect(requests[0]?.requestId).not.toBe(requests[1]?.requestId);
});

test("a run that has closed, and a refusal, end the tries at once", async () => {
  const closed = clientThatAnswers(5);
  expect(await createSignalSender(closed.client, target)(batch, never)).toEqual({ status: "closed" });
  const refused = clientThatAnswers(3);
  expect(await createSignalSender(refused.client, target)(batch, never)).toMatchObject({ status: "refused" });
  expect([closed.requests.length, refused.requests.length]).toEqual([1, 1]);
});

test("a namespace that Temporal denies for a moment does not count as the end of the run", async () => {
  const { client, requests } = clientThatAnswers({ code: 5, message: "Namespace default is not found." }, 0);
  expect(await createSignalSender(client, target)(batch, never)).toEqual({ status: "sent" });
  expect(requests).toHaveLength(2);
});

test("an abort ends the tries", async () => {
  const { client, requests } = clientThatAnswers(14);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 250);
  expect(await createSignalSender(client, target)(batch, controller.signal)).toMatchObject({ status: "gave_up" });
  expect(requests.length).toBeLessThanOrEqual(3);
});

test("a pause ends early on an abort, and at once after one", async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 10);
  // Either of them would outlast the test.
  await pause(3_600_000, controller.signal);
  await pause(3_600_000, controller.signal);
});
