import { Metadata } from "@grpc/grpc-js";
import { type Execution, ExecutionStatus, ReactionStatus } from "../../src/gen/proto/executions";
import { readStream, refusal, refusedFields } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";
import { type CallbackReceiver, SECRET, startReceiver } from "./callback-receiver";
import { connectReactions, type ReactionClient, until } from "./reaction-client";

let test: TestStack;
let reactions: ReactionClient;
const receivers: CallbackReceiver[] = [];
beforeAll(async () => {
  test = await startTestStack();
  reactions = connectReactions(test.api.address);
}, 120_000);
afterAll(async () => {
  reactions.close();
  for (const each of receivers) await each.close();
  await test.close();
}, 30_000);

async function receiver(port = 0): Promise<CallbackReceiver> {
  const started = await startReceiver(port);
  receivers.push(started);
  return started;
}

/** A workflow whose output is its input, and that fails where the input has `fail`. */
async function echo(name = "echo"): Promise<string> {
  const check = { task_type: "shell", config: { command: "exit ${{ has(input.fail) ? 1 : 0 }}" } };
  const definition = {
    version: 1,
    labels: { team: "web" },
    nodes: [
      { id: "check", type: "task", config: check },
      { id: "n", type: "transform", config: { output: "${{ input }}" } },
    ],
    edges: [{ source: "check", target: "n" }],
    output: "${{ input }}",
  };
  return (await test.client.createWorkflow({ name, definition: JSON.stringify(definition) })).id;
}

async function taskThat(command: string): Promise<string> {
  return (await test.client.createTask({ title: "t", taskType: "shell", config: JSON.stringify({ command }) })).id;
}

const asking = (...urls: readonly string[]): Metadata => {
  const metadata = new Metadata();
  for (const url of urls) metadata.add("aco-callback", url);
  metadata.set("aco-callback-secret", SECRET);
  return metadata;
};

async function execute(id: string, input: object, metadata = new Metadata()): Promise<string> {
  const call = test.client.workflows.executeWorkflow({ id, input: JSON.stringify(input) }, metadata);
  return (await readStream(call)).executionId;
}

const isOver = (all: readonly { status: ReactionStatus }[]) =>
  all.length > 0 && all.every(({ status }) => status > ReactionStatus.REACTION_STATUS_PENDING);

describe("callbacks of one execution", () => {
  it("tell of its end, signed, with what it ended with, and show no secret", async () => {
    const { url, atLeast } = await receiver();
    const another = await receiver();
    const executionId = await execute(await echo(), { n: 3 }, asking(`${url}/done?token=hush`, `${another.url}/a,b`));
    const [callback] = await atLeast(1);
    expect(await another.atLeast(1)).toMatchObject([{ path: "/a,b", signatureProblem: undefined }]);
    expect(callback).toMatchObject({
      path: "/done?token=hush",
      signatureProblem: undefined,
      body: {
        type: "execution.completed",
        data: { id: executionId, kind: "workflow", status: "COMPLETED", output: { n: 3 }, labels: { team: "web" } },
      },
    });
    const both = await until(() => reactions.ofExecution(executionId), isOver);
    const all = both.filter(({ target }) => target.startsWith(url));
    expect(all).toMatchObject([
      { status: ReactionStatus.REACTION_STATUS_DONE, target: `${url}/done?...`, attempts: 1, responseStatus: 204 },
    ]);
    expect(callback?.headers["webhook-id"]).toBe(all[0]?.webhookId);
    const shown = JSON.stringify([await test.client.getExecution(executionId), all]);
    expect(shown).not.toContain("hush");
    expect(shown).not.toContain(SECRET);
    const history = await test.connection.client.workflow
      .getHandle(`reaction/${executionId}/${all[0]?.reactionId}`)
      .fetchHistory();
    const recorded = Buffer.from(JSON.stringify(history)).toString();
    expect(recorded).not.toContain("hush");
  });

  it("tell of a failure, of a cancel, and of a run that was terminated behind our back", async () => {
    const { url, atLeast, received } = await receiver();
    await execute(await echo(), { fail: 1 }, asking(url));
    await atLeast(1);
    expect(received[0]?.body).toMatchObject({
      type: "execution.failed",
      data: { status: "FAILED", error_code: "SHELL_EXIT_CODE", error_node_id: "check" },
    });
    const call = test.client.tasks.executeTask({ id: await taskThat("sleep 60") }, asking(`${url}/terminated`));
    const executionId = await new Promise<string>((resolve) => {
      call.on("metadata", (metadata: Metadata) => resolve(String(metadata.get("execution-id")[0])));
      call.on("error", () => undefined);
    });
    call.cancel();
    expect(await reactions.ofExecution(executionId)).toMatchObject([
      { status: ReactionStatus.REACTION_STATUS_WAITING },
    ]);
    const { temporalWorkflowId } = await test.client.getExecution(executionId);
    await test.connection.client.workflow.getHandle(temporalWorkflowId).terminate("from outside");
    // Read as any client would; the sweep for missed ends does the same within a minute.
    await until(
      () => test.client.getExecution(executionId),
      ({ status }) => status === ExecutionStatus.EXECUTION_STATUS_FAILED,
    );
    await atLeast(2);
    expect(received[1]?.body).toMatchObject({ data: { id: executionId, error_code: "TERMINATED" } });
  }, 40_000);

  it("are tried again, with the same id, until the receiver is there", async () => {
    const gone = await receiver();
    await gone.close();
    const executionId = await execute(await echo(), {}, asking(gone.url));
    const [waiting] = await until(
      () => reactions.ofExecution(executionId),
      ([first]) => (first?.attempts ?? 0) > 0,
    );
    expect(waiting).toMatchObject({ status: ReactionStatus.REACTION_STATUS_PENDING });
    expect(waiting?.error).toContain("ECONNREFUSED");
    expect(waiting?.nextAttemptAt).toBeDefined();
    const back = await receiver(Number(new URL(gone.url).port));
    const [callback] = await back.atLeast(1);
    expect(callback?.headers["webhook-id"]).toBe(waiting?.webhookId);
    await until(() => reactions.ofExecution(executionId), isOver);
  }, 40_000);

  it("are given up where the receiver wants no more or redirects to elsewhere, and can be retried by hand", async () => {
    const { url, atLeast, answer, received } = await receiver();
    answer(410);
    const executionId = await execute(await echo(), {}, asking(url));
    const [given] = await until(() => reactions.ofExecution(executionId), isOver);
    expect(given).toMatchObject({ status: ReactionStatus.REACTION_STATUS_FAILED, responseStatus: 410 });
    answer(307, { location: `${url}/elsewhere` });
    const begun = await reactions.retry(executionId);
    expect(begun).toMatchObject({ status: ReactionStatus.REACTION_STATUS_PENDING, attempts: 0 });
    await atLeast(2);
    const [redirected] = await until(
      () => reactions.ofExecution(executionId),
      ([first]) => first?.responseStatus === 307,
    );
    expect(redirected?.error).toContain("redirects are not followed");
    answer(200);
    // While it waits for its next attempt.
    await reactions.retry(executionId, given?.reactionId);
    const [done] = await until(() => reactions.ofExecution(executionId), isOver);
    expect(done).toMatchObject({ status: ReactionStatus.REACTION_STATUS_DONE, responseStatus: 200 });
    expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(received.map(({ path }) => path)).toEqual(["/", "/", "/"]);
  }, 40_000);

  it("are added once, whoever asks again and whoever attaches", async () => {
    const { url, atLeast, received } = await receiver();
    const id = await taskThat("sleep 2");
    const metadata = asking(`${url}/first`);
    metadata.set("idempotency-key", "k");
    const first = readStream(test.client.tasks.executeTask({ id }, metadata));
    await new Promise((resolve) => setTimeout(resolve, 500));
    const again = readStream(test.client.tasks.executeTask({ id }, metadata));
    const attached = readStream(test.client.tasks.executeTask({ id }, asking(`${url}/second`)));
    const [{ executionId }, two, three] = await Promise.all([first, again, attached]);
    expect([two.executionId, three.executionId]).toEqual([executionId, executionId]);
    await atLeast(2);
    await until(() => reactions.ofExecution(executionId), isOver);
    expect(received.map(({ path }) => path).sort()).toEqual(["/first", "/second"]);
    // One that is asked for after the end is sent at once.
    const late = asking(`${url}/late`);
    late.set("idempotency-key", "k");
    await readStream(test.client.tasks.executeTask({ id }, late));
    await atLeast(3);
    expect(received[2]).toMatchObject({ path: "/late", body: { data: { id: executionId } } });
  }, 40_000);

  it("are refused where they lead to a private address, are not signed, or hold a password", async () => {
    const id = await echo();
    const refused = (metadata: Metadata) =>
      readStream(test.client.workflows.executeWorkflow({ id }, metadata)).then(({ error }) => error);
    expect(await refused(asking("http://10.0.0.1/"))).toMatchObject({
      code: "INVALID_ARGUMENT",
      violations: [{ field: "aco-callback" }],
    });
    for (const url of ["http://[::ffff:10.0.0.1]/", "http://169.254.169.254/", "http://0/", "ftp://example.com", "x"])
      expect((await refused(asking(url)))?.code).toBe("INVALID_ARGUMENT");
    expect((await refused(asking("https://user:pass@example.com/")))?.message).not.toContain("pass@");
    const six = ["a", "b", "c", "d", "e", "f"].map((name) => `https://example.com/${name}`);
    expect((await refused(asking(...six)))?.message).toContain("at most 5 URLs; there are 6");
    const unsigned = new Metadata();
    unsigned.set("aco-callback", "https://example.com/");
    expect((await refused(unsigned))?.violations).toMatchObject([{ field: "aco-callback-secret" }]);
    // `localhost` is a name: what it leads to is looked at when it is sent there.
    const executionId = await execute(id, {}, asking("http://localhost:1/"));
    const [sent] = await until(
      () => reactions.ofExecution(executionId),
      ([first]) => (first?.attempts ?? 0) > 0,
    );
    expect(sent?.status).not.toBe(ReactionStatus.REACTION_STATUS_DONE);
  });
});

describe("reactions of a workflow", () => {
  it("start another workflow with what the first one ended with, once, where the condition holds", async () => {
    const [first, second] = [await echo("first"), await echo("second")];
    const { reaction } = await reactions.create({
      workflowId: first,
      on: ["COMPLETED"],
      condition: "execution.output.n > 1",
      startWorkflowId: second,
      input: JSON.stringify({ from: "${{ execution.id }}", n: "${{ execution.output.n + 1 }}" }),
    });
    const [low, high] = [await execute(first, { n: 1 }), await execute(first, { n: 2 })];
    const skipped = await until(() => reactions.ofExecution(low), isOver);
    expect(skipped).toMatchObject([{ status: ReactionStatus.REACTION_STATUS_SKIPPED }]);
    const [done] = await until(() => reactions.ofExecution(high), isOver);
    expect(done).toMatchObject({ status: ReactionStatus.REACTION_STATUS_DONE, target: second });
    const started = await until<Execution>(
      () => test.client.getExecution(done?.startedExecutionId ?? ""),
      ({ status }) => status === ExecutionStatus.EXECUTION_STATUS_COMPLETED,
    );
    expect(JSON.parse(started.output ?? "")).toEqual({ from: high, n: 3 });
    expect(started).toMatchObject({ causedByExecutionId: high, chainDepth: 1, subjectId: second });
    await reactions.retry(high, reaction?.id);
    await until(() => reactions.ofExecution(high), isOver);
    expect((await test.client.listExecutions({ subjectId: second })).total).toBe(1);
    expect((await refusal(reactions.retry(low, "nothing"))).code).toBe("NOT_FOUND");
  }, 40_000);

  it("stop a chain of workflows that start each other", async () => {
    const id = await echo("ouroboros");
    await reactions.create({ workflowId: id, startWorkflowId: id });
    await execute(id, {});
    const last = await until(
      async () =>
        (await test.client.listExecutions({ subjectId: id })).executions.find((each) => each.chainDepth === 10),
      (found) => found !== undefined && found.status === ExecutionStatus.EXECUTION_STATUS_COMPLETED,
      40_000,
    );
    const [given] = await until(() => reactions.ofExecution(last?.id ?? ""), isOver);
    expect(given).toMatchObject({ status: ReactionStatus.REACTION_STATUS_FAILED });
    expect(given?.error).toContain("10 times in a row");
    expect((await test.client.listExecutions({ subjectId: id })).total).toBe(11);
  }, 60_000);

  it("are created, listed, changed, passed over while disabled, and go with their workflow", async () => {
    const { url, received, atLeast } = await receiver();
    const workflowId = await echo();
    const made = await reactions.create({ workflowId, on: ["failed"], callbackUrl: `${url}/a?key=hush` });
    expect(made.callbackSecret).toMatch(/^whsec_/);
    const id = made.reaction?.id ?? "";
    expect(made.reaction).toMatchObject({ on: ["FAILED"], callbackUrl: `${url}/a?...`, enabled: true });
    const changed = await reactions.update({ id, callbackUrl: `${url}/b`, callbackSecret: SECRET, enabled: false });
    expect(changed).toMatchObject({ callbackUrl: `${url}/b`, enabled: false, on: ["FAILED"] });
    await execute(workflowId, { fail: 1 });
    await reactions.update({ id, enabled: true });
    await execute(workflowId, { fail: 1 });
    await execute(workflowId, {});
    await atLeast(1);
    expect(received).toMatchObject([{ path: "/b", signatureProblem: undefined }]);
    expect(await reactions.list({ workflowId })).toMatchObject({ total: 1, reactions: [{ id }] });
    expect(JSON.stringify(await reactions.get(id))).not.toContain(SECRET);
    await reactions.delete(id);
    expect((await refusal(reactions.get(id))).code).toBe("NOT_FOUND");
    await reactions.create({ workflowId, callbackUrl: url });
    await test.client.deleteWorkflow(workflowId);
    expect((await reactions.list({ workflowId })).total).toBe(0);
  }, 40_000);

  it("are refused, with every field that is wrong", async () => {
    const workflowId = await echo();
    const fields = (request: Parameters<ReactionClient["create"]>[0]) => refusedFields(reactions.create(request));
    expect(await fields({})).toEqual(["workflow_id", "callback_url"]);
    expect(
      await fields({ workflowId, on: ["done"], condition: "nodes.x", startWorkflowId: workflowId, input: '"${{ 1 +"' }),
    ).toEqual(["on/0", "condition", "input"]);
    expect(await fields({ workflowId, callbackUrl: "http://192.168.0.1", callbackSecret: "short" })).toEqual([
      "callback_url",
      "callback_secret",
    ]);
    expect(await fields({ workflowId, startWorkflowId: "0190a000-0000-7000-8000-000000000001" })).toEqual([
      "start_workflow_id",
    ]);
  });
});
