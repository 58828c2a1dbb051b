import { Metadata } from "@grpc/grpc-js";
import { ReactionStatus } from "../../src/gen/proto/executions";
import { cleanUp, startDevProcess, temporalPid, temporaryFolder } from "../e2e/aco-process";
import { type ApiClient, connectApi, readStream } from "../integration/api-client";
import { type CallbackReceiver, SECRET, startReceiver } from "../integration/callback-receiver";
import { connectReactions, type ReactionClient, until } from "../integration/reaction-client";

jest.setTimeout(180_000);

let client: ApiClient | undefined;
let reactions: ReactionClient | undefined;
let receiver: CallbackReceiver | undefined;
afterEach(async () => {
  client?.close();
  reactions?.close();
  await receiver?.close();
  await cleanUp();
});

const ALLOW = ["--callback-allow", "127.0.0.0/8"];

async function connect(process: ReturnType<typeof startDevProcess>): Promise<{ api: ApiClient; of: ReactionClient }> {
  const { grpc } = await process.ready;
  client?.close();
  reactions?.close();
  client = connectApi(grpc);
  reactions = connectReactions(grpc);
  return { api: client, of: reactions };
}

function killTemporal(dataDir: string): void {
  try {
    process.kill(temporalPid(dataDir), "SIGKILL");
  } catch {
    // Its guard was faster.
  }
}

it("loses no callback and no start, whatever is killed: before the end, at it, and while the receiver is away", async () => {
  const dataDir = temporaryFolder();
  let server = startDevProcess(dataDir, ...ALLOW);
  const { api, of } = await connect(server);
  receiver = await startReceiver();
  const { url } = receiver;
  await receiver.close();
  const node = { id: "n", type: "task", config: { task_type: "shell", config: { command: "sleep 2" } } };
  const definition = JSON.stringify({ version: 1, nodes: [node], edges: [] });
  const { id } = await api.createWorkflow({ name: "first", definition });
  const { id: second } = await api.createWorkflow({ name: "second", definition });
  await of.create({ workflowId: id, startWorkflowId: second });
  const metadata = new Metadata();
  metadata.set("aco-callback", url);
  metadata.set("aco-callback-secret", SECRET);
  const call = api.workflows.executeWorkflow({ id, input: undefined }, metadata);
  const started = new Promise<string>((resolve) => {
    call.on("metadata", (initial: Metadata) => resolve(String(initial.get("execution-id")[0])));
  });
  void readStream(call);
  const executionId = await started;

  // While it runs; all three processes at once.
  await server.end("SIGKILL");
  killTemporal(dataDir);
  server = startDevProcess(dataDir, ...ALLOW);
  const again = await connect(server);
  // It ends while nobody listens at the receiver.
  const isTried = (all: readonly { attempts: number; webhookId?: string | undefined }[]) =>
    all.some(({ attempts, webhookId }) => webhookId !== undefined && attempts > 0);
  const before = await until(() => again.of.ofExecution(executionId), isTried, 60_000);
  const webhookId = before.find((each) => each.webhookId !== undefined)?.webhookId;

  // Between attempts.
  await server.end("SIGKILL");
  killTemporal(dataDir);
  server = startDevProcess(dataDir, ...ALLOW);
  const last = await connect(server);
  receiver = await startReceiver(Number(new URL(url).port));
  const [callback] = await receiver.atLeast(1);
  expect(callback).toMatchObject({
    signatureProblem: undefined,
    body: { data: { id: executionId, status: "COMPLETED" } },
  });
  expect(callback?.headers["webhook-id"]).toBe(webhookId);
  const isOver = (all: readonly { status: ReactionStatus }[]) =>
    all.length === 2 && all.every(({ status }) => status === ReactionStatus.REACTION_STATUS_DONE);
  const all = await until(() => last.of.ofExecution(executionId), isOver, 60_000);
  const { startedExecutionId } = all.find((each) => each.startedExecutionId !== undefined) ?? {};
  const { executions } = await last.api.listExecutions({ subjectId: second });
  expect(executions.map((each) => each.id)).toEqual([startedExecutionId]);
  expect(executions[0]).toMatchObject({ causedByExecutionId: executionId });
  expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
});
