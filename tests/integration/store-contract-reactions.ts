import { randomUUID } from "node:crypto";
import type { NewReaction } from "../../src/store/reaction-records";
import type { NewWebhook } from "../../src/store/webhook-records";
import type { StoreOfTest } from "./store-contract";
import { aTask, aTaskStart, aWorkflow, aWorkflowStart, newExecutionId } from "./store-records";

const LATER = new Date(Date.now() + 3_600_000);

function aReaction(scope: NewReaction["scope"], scopeId: string, changes: Partial<NewReaction> = {}): NewReaction {
  return {
    ...{ id: randomUUID(), scope, scopeId, kind: "callback", enabled: true, statuses: ["COMPLETED", "FAILED"] },
    ...{ target: "https://example.com/", condition: null, url: "https://example.com/", secret: "s", input: null },
    ...changes,
  };
}

export function reactionContract(store: StoreOfTest): void {
  /** A workflow and a running execution of it. */
  const running = async () => {
    const workflow = await store().createWorkflow(aWorkflow());
    const start = aWorkflowStart(workflow.id, { startedAt: new Date() });
    await store().recordStarted(start);
    return { workflowId: workflow.id, start };
  };
  const end = (id: ReturnType<typeof newExecutionId>, status: "COMPLETED" | "FAILED" | "CANCELLED" = "COMPLETED") =>
    store().recordEnded({ id, status, completedAt: LATER, output: 1 });

  test("an end makes the deliveries that it is to have, once", async () => {
    const { workflowId, start } = await running();
    const wanted = await store().createReaction(aReaction("workflow", workflowId));
    await store().createReaction(aReaction("workflow", workflowId, { enabled: false }));
    await store().createReaction(aReaction("workflow", workflowId, { statuses: ["FAILED"] }));
    await store().createReaction(aReaction("workflow", randomUUID()));
    const own = aReaction("execution", start.id, { kind: "start", target: "w" });
    expect(await store().addExecutionReactions(start.id, [own])).toBe(false);
    expect((await store().listReactionsTo(start)).map(({ id }) => id)).toEqual(
      expect.arrayContaining([wanted.id, own.id]),
    );
    expect(await end(start.id)).toBe(2);
    expect(await end(start.id)).toBe(0);
    const deliveries = await store().listDeliveries(start.id);
    expect(deliveries.map(({ reactionId }) => reactionId).sort()).toEqual([wanted.id, own.id].sort());
    expect(deliveries.find(({ reactionId }) => reactionId === own.id)).toEqual({
      ...{ executionId: start.id, reactionId: own.id, status: "PENDING", kind: "start", target: "w", attempts: 0 },
      ...{ createdAt: LATER, nextAttemptAt: LATER, lastAttemptAt: null, completedAt: null },
      ...{ responseStatus: null, startedExecutionId: null, error: null },
    });
  });

  test("the end of a task makes them too, also where the start was never recorded", async () => {
    const { id: taskId } = await store().createTask(aTask());
    await store().createReaction(aReaction("task", taskId));
    const start = aTaskStart(taskId, { startedAt: new Date() });
    const ended = { id: start.id, status: "FAILED", completedAt: LATER, started: start } as const;
    expect(await store().recordEnded(ended)).toBe(1);
    expect(await store().recordEnded(ended)).toBe(0);
  });

  test("a run that ended before its start was recorded makes them as well", async () => {
    const { id: taskId } = await store().createTask(aTask());
    await store().createReaction(aReaction("task", taskId));
    const startedAt = new Date(LATER.getTime() - 40);
    const start = aTaskStart(taskId, { startedAt });
    const ended = { id: start.id, status: "COMPLETED", completedAt: LATER, started: start } as const;
    expect(await store().recordEnded(ended)).toBe(1);
    expect(await store().recordEnded(ended)).toBe(0);
    expect(await store().getExecution(start.id)).toMatchObject({ status: "COMPLETED", startedAt });
    expect(await store().getTask(taskId)).toMatchObject({ status: "COMPLETED", lastExecutionId: start.id });
  });

  test("a reaction that was made after the end does not count, one of the execution itself does", async () => {
    const { workflowId, start } = await running();
    await store().recordEnded({
      id: start.id,
      status: "COMPLETED",
      completedAt: new Date(Date.now() - 1_000),
      output: 1,
    });
    await store().createReaction(aReaction("workflow", workflowId));
    const late = aReaction("execution", start.id);
    expect(await store().addExecutionReactions(start.id, [late])).toBe(true);
    expect(await store().addExecutionReactions(start.id, [late])).toBe(false);
    expect(await store().listDeliveries(start.id)).toMatchObject([{ reactionId: late.id }]);
  });

  test("an end and a request that come together leave exactly one delivery", async () => {
    for (let round = 0; round < 20; round++) {
      const { start } = await running();
      const own = aReaction("execution", start.id);
      const [made, late] = await Promise.all([end(start.id), store().addExecutionReactions(start.id, [own])]);
      expect(made + Number(late)).toBe(1);
      expect(await store().listDeliveries(start.id)).toHaveLength(1);
    }
  });

  test("attempts are counted, and what is over is no longer due", async () => {
    const { workflowId, start } = await running();
    const { id: reactionId } = await store().createReaction(aReaction("workflow", workflowId));
    await end(start.id);
    const key = { executionId: start.id, reactionId };
    const isDue = async (before: Date) =>
      (await store().listDueDeliveries(before, 1_000)).some((due) => due.reactionId === reactionId);
    const after = (ms: number) => new Date(LATER.getTime() + ms);
    expect([await isDue(LATER), await isDue(after(1))]).toEqual([false, true]);
    await store().postponeDelivery(key, after(10));
    expect(await isDue(after(10))).toBe(false);
    const failed = {
      status: "PENDING",
      at: LATER,
      nextAttemptAt: after(5_000),
      responseStatus: 500,
      error: "no\0",
    } as const;
    expect(await store().recordAttempt(key, failed)).toMatchObject({
      ...{ status: "PENDING", attempts: 1, lastAttemptAt: LATER, nextAttemptAt: after(5_000), responseStatus: 500 },
      error: "no\uFFFD",
    });
    const first = newExecutionId();
    expect(await store().claimStart(key, first)).toBe(first);
    expect(await store().claimStart(key, newExecutionId())).toBe(first);
    const done = await store().recordAttempt(key, { status: "DONE", at: after(1), nextAttemptAt: null });
    expect(done).toMatchObject({
      status: "DONE",
      attempts: 2,
      completedAt: after(1),
      error: null,
      startedExecutionId: first,
    });
    await store().postponeDelivery(key, after(1));
    expect(await isDue(after(1e9))).toBe(false);
    expect(await store().restartDelivery(key, LATER)).toMatchObject({
      status: "PENDING",
      attempts: 0,
      completedAt: null,
    });
    await store().removeDelivery(key);
    expect(await store().getDelivery(key)).toBeNull();
    expect(await store().recordAttempt(key, failed)).toBeNull();
    expect(await store().claimStart(key, first)).toBeNull();
  });

  test("reactions are changed, listed and deleted, and go with what they are of", async () => {
    const { workflowId, start } = await running();
    const made = await store().createReaction(aReaction("workflow", workflowId, { condition: "true" }));
    await store().addExecutionReactions(start.id, [aReaction("execution", start.id)]);
    const changed = await store().updateReaction(made.id, { enabled: false, statuses: ["CANCELLED"], condition: null });
    expect(changed).toEqual({
      ...{ ...made, enabled: false, statuses: ["CANCELLED"], condition: null },
      updatedAt: expect.any(Date),
    });
    expect(await store().getReaction(made.id)).toEqual(changed);
    expect(await store().listReactions({ scopeId: workflowId }, { limit: 10, offset: 0 })).toEqual({
      items: [changed],
      total: 1,
    });
    await end(start.id, "CANCELLED");
    expect(await store().listDeliveries(start.id)).toEqual([]);
    expect(await store().deleteWorkflow(workflowId)).toBe("deleted");
    expect(await store().getReaction(made.id)).toBeNull();
    expect(await store().deleteReaction(made.id)).toBe(false);
  });

  test("a record stays until its deliveries are over, and takes them along", async () => {
    const { start } = await running();
    const own = aReaction("execution", start.id);
    await store().addExecutionReactions(start.id, [own]);
    await end(start.id);
    const rule = { statuses: ["COMPLETED"], completedBefore: new Date(LATER.getTime() + 1) } as const;
    await store().pruneExecutions(rule, 1_000);
    expect(await store().getExecution(start.id)).not.toBeNull();
    const key = { executionId: start.id, reactionId: own.id };
    await store().recordAttempt(key, { status: "FAILED", at: LATER, nextAttemptAt: null, error: "gone" });
    await store().pruneExecutions(rule, 1_000);
    expect(await store().getExecution(start.id)).toBeNull();
    expect([await store().getDelivery(key), await store().getReaction(own.id)]).toEqual([null, null]);
  });

  test("reactions of executions that never came to be are removed", async () => {
    const { start } = await running();
    const [lost, kept] = [aReaction("execution", newExecutionId()), aReaction("execution", start.id)];
    await store().addExecutionReactions(newExecutionId(), [lost]);
    await store().addExecutionReactions(start.id, [kept]);
    expect(await store().pruneOrphanReactions(new Date(0))).toBe(0);
    expect(await store().pruneOrphanReactions(new Date(Date.now() + 1_000))).toBeGreaterThan(0);
    expect([await store().getReaction(lost.id), (await store().getReaction(kept.id))?.id]).toEqual([null, kept.id]);
    await store().removeExecutionReactions(start.id);
    expect(await store().getReaction(kept.id)).toBeNull();
  });

  test("webhooks are created once by a name, changed, listed and deleted", async () => {
    const webhook: NewWebhook = {
      ...{ name: `hook-${randomUUID()}`, description: "", kind: "workflow", subjectId: randomUUID(), enabled: true },
      ...{ signature: "github", secret: "s", toleranceSeconds: 300, maxBodyBytes: 1_024, idempotencyHeader: "x-id" },
      input: '{"a":1}',
    };
    const made = await store().createWebhook(webhook);
    expect(made).toEqual({ ...webhook, createdAt: expect.any(Date), updatedAt: expect.any(Date) });
    expect(await store().createWebhook(webhook)).toBeNull();
    const changed = await store().updateWebhook(webhook.name, { enabled: false, input: null, description: "x" });
    expect(changed).toMatchObject({ enabled: false, input: null, description: "x", secret: "s" });
    expect(await store().getWebhook(webhook.name)).toEqual(changed);
    expect(await store().listWebhooks({ subjectId: webhook.subjectId }, { limit: 5, offset: 0 })).toEqual({
      items: [changed],
      total: 1,
    });
    expect([await store().deleteWebhook(webhook.name), await store().deleteWebhook(webhook.name)]).toEqual([
      true,
      false,
    ]);
    expect([await store().getWebhook(webhook.name), await store().updateWebhook(webhook.name, {})]).toEqual([
      null,
      null,
    ]);
  });

  test("executions tell what started them, and are found by their schedule", async () => {
    const cause = newExecutionId();
    const origin = { scheduleId: `s-${randomUUID()}`, webhookName: "hook", causedById: cause, chainDepth: 2 };
    const { id: taskId } = await store().createTask(aTask());
    const start = aTaskStart(taskId, { origin });
    await store().recordStarted(start);
    expect(await store().getExecution(start.id)).toMatchObject(origin);
    const { items } = await store().listExecutions({ scheduleId: origin.scheduleId }, { limit: 10, offset: 0 });
    expect(items.map(({ id }) => id)).toEqual([start.id]);
  });
}
