import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { signWebhook } from "../../src/delivering/standard-webhooks";
import { ExecutionStatus } from "../../src/gen/proto/executions";
import {
  CreateWebhookRequest,
  type CreateWebhookResponse,
  type DeleteWebhookResponse,
  type ListWebhooksResponse,
  type TestWebhookResponse,
  UpdateWebhookRequest,
  type Webhook,
  WebhookServiceClient,
  WebhookSignature,
} from "../../src/gen/proto/webhooks";
import { refusal, refusedFields } from "./api-client";
import { startTestStack, type TestStack } from "./api-stack";
import { until } from "./reaction-client";

let test: TestStack;
let stub: WebhookServiceClient;
beforeAll(async () => {
  test = await startTestStack({ webhookListen: { host: "127.0.0.1", port: 0 } });
  stub = new WebhookServiceClient(test.api.address, credentials.createInsecure());
}, 120_000);
afterAll(async () => {
  stub.close();
  await test.close();
}, 30_000);

type Done<Response> = (error: ServiceError | null, response: Response) => void;
const reply = <Response>(call: (done: Done<Response>) => unknown) =>
  new Promise<Response>((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response) : reject(error)));
  });
const create = (request: Partial<CreateWebhookRequest>) =>
  reply<CreateWebhookResponse>((done) => stub.createWebhook(CreateWebhookRequest.fromPartial(request), done));
const update = (request: Partial<UpdateWebhookRequest>) =>
  reply<Webhook>((done) => stub.updateWebhook(UpdateWebhookRequest.fromPartial(request), done));
const get = (name: string) => reply<Webhook>((done) => stub.getWebhook({ name }, done));
const tried = (name: string, body: unknown, headers: Record<string, string> = {}) =>
  reply<TestWebhookResponse>((done) => stub.testWebhook({ name, body: JSON.stringify(body), headers }, done));

const SECRET = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;
const TEXT_SECRET = "a secret that is long enough";

/** A workflow whose output is its input, which must have `n`, a number. */
async function echo(): Promise<string> {
  const definition = {
    version: 1,
    input_schema: { type: "object", required: ["n"], properties: { n: { type: "number" } } },
    nodes: [{ id: "t", type: "transform", config: { output: "${{ input }}" } }],
    edges: [],
    output: "${{ input }}",
  };
  return (await test.client.createWorkflow({ name: "echo", definition: JSON.stringify(definition) })).id;
}

interface Answer {
  readonly status: number;
  readonly body: { readonly execution_id?: string; readonly error?: Record<string, unknown>; readonly ok?: boolean };
}

/** A body that is a text is sent as it is. */
async function post(name: string, body: unknown, headers: Record<string, string>, method = "POST"): Promise<Answer> {
  const url = `http://${test.api.webhookAddress}/hooks/${name}`;
  return await new Promise((resolve, reject) => {
    const sent = httpRequest(
      url,
      { method, headers: { "content-type": "application/json", ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as Answer["body"] });
        });
      },
    );
    sent.on("error", reject);
    sent.end(typeof body === "string" ? body : JSON.stringify(body));
  });
}

let count = 0;
const newId = () => `msg_${++count}`;

async function send(name: string, body: unknown, id = newId(), atMs = Date.now()): Promise<Answer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return await post(name, text, { ...signWebhook(SECRET, id, atMs, text) });
}

const outputOf = async (id = "") => {
  const isDone = ({ status }: { status: ExecutionStatus }) => status === ExecutionStatus.EXECUTION_STATUS_COMPLETED;
  const { output, webhook } = await until(() => test.client.getExecution(id), isDone);
  return { output: JSON.parse(output ?? "null") as unknown, webhook };
};

it("starts an execution with the body, once for each id, and says which webhook it was", async () => {
  const { secret } = await create({ name: "plain", workflowId: await echo(), secret: SECRET });
  expect(secret).toBeUndefined();
  const first = await send("plain", { n: 1 }, "msg_same");
  expect(first).toEqual({ status: 202, body: { execution_id: expect.any(String) } });
  expect(await send("plain", { n: 1 }, "msg_same")).toEqual(first);
  expect(await outputOf(first.body.execution_id)).toEqual({ output: { n: 1 }, webhook: "plain" });
  expect(await send("plain", { n: 2 }, "msg_same")).toMatchObject({
    status: 409,
    body: { error: { code: "ALREADY_EXISTS" } },
  });
  const second = await send("plain", { n: 1 });
  expect(second.body.execution_id).not.toBe(first.body.execution_id);
});

it("maps body and headers to the input, for GitHub's signature too, and takes its ping", async () => {
  const input = JSON.stringify({
    n: "${{ size(body.commits) }}",
    by: "${{ headers['x-github-event'] }} ${{ webhook.name }}",
  });
  await create({
    name: "push",
    workflowId: await echo(),
    signature: WebhookSignature.WEBHOOK_SIGNATURE_GITHUB,
    secret: TEXT_SECRET,
    input,
  });
  const body = JSON.stringify({ commits: [1, 2] });
  const signed = (secret: string) => ({
    "X-Hub-Signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    "X-GitHub-Delivery": newId(),
  });
  const answer = await post("push", body, { ...signed(TEXT_SECRET), "X-GitHub-Event": "push" });
  expect(await outputOf(answer.body.execution_id)).toEqual({ output: { n: 2, by: "push push" }, webhook: "push" });
  expect((await post("push", body, { ...signed("another secret, also long"), "X-GitHub-Event": "push" })).status).toBe(
    401,
  );
  const ping = await post("push", body, { ...signed(TEXT_SECRET), "X-GitHub-Event": "ping" });
  expect(ping).toEqual({ status: 200, body: { ok: true } });
  expect(await tried("push", { commits: [] }, { "X-GitHub-Event": "push", "x-github-delivery": "d" })).toEqual({
    input: '{"n":0,"by":"push push"}',
    idempotencyKey: "webhook/push/d",
  });
  expect(await refusedFields(tried("push", {}))).toEqual(["input/n"]);
});

it("overrides a task's config only where it has an input", async () => {
  const task = { title: "t", taskType: "shell", config: '{"command":"echo own"}' };
  const { id: taskId } = await test.client.createTask(task);
  await create({ name: "task", taskId, secret: SECRET });
  const answer = await send("task", { command: "echo theirs" });
  expect((await outputOf(answer.body.execution_id)).output).toMatchObject({ stdout: "own\n" });
  await update({ name: "task", input: '{"stdin":"${{ body.text }}","command":"cat"}' });
  const next = await send("task", { text: "hello" });
  expect((await outputOf(next.body.execution_id)).output).toMatchObject({ stdout: "hello" });
});

describe("refuses, and starts nothing,", () => {
  let workflowId: string;
  beforeAll(async () => {
    workflowId = await echo();
    await create({ name: "strict", workflowId, secret: SECRET, maxBodyBytes: 64, toleranceSeconds: 10 });
  });
  afterAll(async () => {
    expect((await test.client.listExecutions({ subjectId: workflowId })).total).toBe(0);
  });

  it("what is not signed, or was signed too long ago", async () => {
    expect(await post("strict", { n: 1 }, {})).toMatchObject({
      status: 401,
      body: { error: { code: "UNAUTHENTICATED" } },
    });
    expect((await send("strict", { n: 1 }, newId(), Date.now() - 12_000)).status).toBe(401);
    const headers = signWebhook(SECRET, newId(), Date.now(), '{"n":1}');
    expect((await post("strict", '{"n":2}', { ...headers })).status).toBe(401);
  });

  it("what is no JSON, too large, or does not fit the workflow's schema, and says where", async () => {
    expect(await send("strict", "{")).toMatchObject({
      status: 422,
      body: { error: { violations: [{ field: "body" }] } },
    });
    expect(await send("strict", { n: "x".repeat(64) })).toMatchObject({
      status: 413,
      body: { error: { code: "BODY_TOO_LARGE" } },
    });
    const misfit = await send("strict", { n: "one" });
    expect(misfit).toMatchObject({ status: 422, body: { error: { violations: [{ field: "input/n" }] } } });
    const form = {
      ...signWebhook(SECRET, newId(), Date.now(), "n=1"),
      "content-type": "application/x-www-form-urlencoded",
    };
    expect((await post("strict", "n=1", form)).status).toBe(422);
  });

  it("a body without a length that grows too large while it comes", async () => {
    const [host = "", port = ""] = (test.api.webhookAddress ?? "").split(":");
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(Number(port), host);
      socket.write("POST /hooks/strict HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n");
      const timer = setInterval(() => socket.write(`20\r\n${"x".repeat(32)}\r\n`), 20);
      let text = "";
      socket.on("data", (chunk) => {
        text += String(chunk);
      });
      socket.on("error", () => undefined);
      socket.on("close", () => {
        clearInterval(timer);
        resolve(text);
      });
    });
    expect(answer).toMatch(/^HTTP\/1.1 413 /);
  });

  it("other methods, names and paths, and a webhook that is disabled", async () => {
    expect((await post("strict", {}, {}, "PUT")).status).toBe(405);
    for (const name of ["other", "strict/more", "%2e%2e", ""]) expect((await post(name, {}, {})).status).toBe(404);
    await update({ name: "strict", enabled: false });
    expect((await send("strict", { n: 1 })).status).toBe(404);
    await update({ name: "strict", enabled: true });
  });

  it("what a deleted workflow would have been started for", async () => {
    const gone = await echo();
    await create({ name: "gone", workflowId: gone, secret: SECRET });
    await test.client.deleteWorkflow(gone);
    expect(await send("gone", { n: 1 })).toMatchObject({
      status: 409,
      body: { error: { code: "FAILED_PRECONDITION" } },
    });
  });
});

it("is created once, told without its secret, changed and deleted", async () => {
  const workflowId = await echo();
  const made = await create({ name: "made", workflowId, description: "d" });
  expect(made.secret).toMatch(/^whsec_/);
  expect(made.webhook).toMatchObject({ path: "/hooks/made", idempotencyHeader: "webhook-id", toleranceSeconds: 300 });
  expect((await refusal(create({ name: "made", workflowId }))).code).toBe("ALREADY_EXISTS");
  expect(JSON.stringify(await get("made"))).not.toContain(made.secret);
  expect(await update({ name: "made", idempotencyHeader: "X-Id" })).toMatchObject({ idempotencyHeader: "x-id" });
  const listed = await reply<ListWebhooksResponse>((done) => stub.listWebhooks({ workflowId }, done));
  expect(listed).toMatchObject({ total: 1, webhooks: [{ name: "made" }] });
  await reply<DeleteWebhookResponse>((done) => stub.deleteWebhook({ name: "made" }, done));
  expect((await refusal(get("made"))).code).toBe("NOT_FOUND");
});

it("is refused with every field that is wrong", async () => {
  expect(await refusedFields(create({ name: "-", secret: "short", toleranceSeconds: 0, maxBodyBytes: 1e7 }))).toEqual([
    ...["name", "workflow_id", "secret", "tolerance_seconds", "max_body_bytes"],
  ]);
  const workflowId = await echo();
  const request = { name: "n", workflowId, input: '"${{ execution.id }}"', idempotencyHeader: "a b" };
  expect(await refusedFields(create(request))).toEqual(["input", "idempotency_header"]);
  const github = { name: "n", workflowId, signature: WebhookSignature.WEBHOOK_SIGNATURE_GITHUB, secret: "short" };
  expect(await refusedFields(create(github))).toEqual(["secret"]);
});
