import { readServerConfig } from "../../src/config";
import { silentLogger } from "../../src/core/logger";
import { type Event, EventType, ExecutionStatus } from "../../src/gen/proto/executions";
import { postgresMigrationAdapter } from "../../src/store/postgres-adapter";
import { type EmbeddedTemporal, startEmbeddedTemporal } from "../../src/temporal/embedded/start-embedded";
import { type AcoProcess, cleanUp, startAco, temporaryFolder, waitFor } from "../e2e/aco-process";
import { followExecution, outline } from "../e2e/follow-execution";
import { type ApiClient, connectApi, executionIdOf, readStream } from "../integration/api-client";

jest.setTimeout(240_000);

/** One Temporal, one PostgreSQL, two APIs and two workers, each a process of its own. */
interface Cluster {
  readonly temporal: EmbeddedTemporal;
  readonly apis: readonly [AcoProcess, AcoProcess];
  readonly workers: readonly [AcoProcess, AcoProcess];
  readonly clients: readonly [ApiClient, ApiClient];
}

let databaseUrl: string;
let dataDir: string;
let cluster: Cluster;

beforeEach(async () => {
  databaseUrl = await createDatabase();
  dataDir = temporaryFolder();
  cluster = await startCluster();
});
afterEach(async () => {
  for (const client of cluster.clients) client.close();
  await cluster.temporal.stop();
  await cleanUp();
  await dropDatabase();
});

async function administer(script: string): Promise<void> {
  const connection = await postgresMigrationAdapter(serverUrl(), silentLogger).connect();
  try {
    await connection.executeScript(script);
  } finally {
    await connection.dispose();
  }
}

function serverUrl(): string {
  const url = process.env["ACO_TEST_POSTGRES_URL"];
  if (url === undefined) throw new Error("run these tests with `npm run test:postgres`");
  return url;
}

async function createDatabase(): Promise<string> {
  const name = `aco_cluster_${process.pid}_${Date.now()}`;
  await administer(`CREATE DATABASE ${name}`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return url.href;
}

async function dropDatabase(): Promise<void> {
  await administer(`DROP DATABASE ${new URL(databaseUrl).pathname.slice(1)} WITH (FORCE)`);
}

async function startCluster(): Promise<Cluster> {
  const { embedded } = readServerConfig({ temporalPort: "0", uiPort: "0" }, { ...process.env, TEMPORAL_ADDRESS: "" });
  if (embedded === null) throw new Error("no embedded server is configured");
  const temporal = await startEmbeddedTemporal({ ...embedded, dataDir, logger: silentLogger });
  const env = { TEMPORAL_ADDRESS: temporal.address, DATABASE_URL: databaseUrl };
  const options = ["--data-dir", dataDir, "--format", "json", "--log-level", "warn"];
  const startApi = () => startAco(["server", "start", "--listen", "127.0.0.1:0", ...options], env);
  const startWorker = () => startAco(["worker", "start", ...options], env);
  // At once, so that all four race for the migrations.
  const apis = [startApi(), startApi()] as const;
  const workers = [startWorker(), startWorker()] as const;
  await Promise.all(workers.map((worker) => worker.ready));
  const clients = [connectApi((await apis[0].ready).grpc), connectApi((await apis[1].ready).grpc)] as const;
  return { temporal, apis, workers, clients };
}

/** Starts a graph of three shell nodes in a row, the middle one of `seconds`; returns its execution's id. */
async function startWorkflow(api: ApiClient, seconds: number): Promise<string> {
  const node = (id: string, command: string) => ({
    ...{ id, type: "task" },
    config: { task_type: "shell", config: { command } },
  });
  const definition = {
    version: 1,
    nodes: [node("first", "echo 1"), node("slow", `sleep ${seconds}`), node("last", "echo 3")],
    edges: [
      { source: "first", target: "slow" },
      { source: "slow", target: "last" },
    ],
  };
  const { id } = await api.createWorkflow({ name: "cluster", definition: JSON.stringify(definition) });
  const call = api.workflows.executeWorkflow({ id });
  call.on("error", () => undefined);
  const executionId = await executionIdOf(call);
  call.cancel();
  return executionId;
}

async function waitUntilSlow(api: ApiClient, id: string): Promise<void> {
  const call = api.executions.watchExecution({ id });
  await readStream(call, ({ eventType, nodeId }: Event) => {
    if (eventType === EventType.EVENT_TYPE_NODE_ENTERED && nodeId === "slow") call.cancel();
  });
}

const WHOLE_RUN = [
  "STARTED",
  ...["first", "slow", "last"].flatMap((node) => [`NODE_ENTERED ${node}`, `NODE_COMPLETED ${node}`]),
  "COMPLETED",
];

function steps(events: readonly Event[]): readonly string[] {
  return outline(events).filter((line) => /^(STARTED|NODE_|COMPLETED|FAILED)/.test(line));
}

async function waitUntilRecorded(api: ApiClient, id: string): Promise<void> {
  const { EXECUTION_STATUS_COMPLETED } = ExecutionStatus;
  await waitFor(async () => (await api.getExecution(id)).status === EXECUTION_STATUS_COMPLETED, 30_000);
}

it("shows on one API what was started on the other, and the same stream on both", async () => {
  const [one, two] = cluster.clients;
  const id = await startWorkflow(one, 1);
  const [seenByOne, seenByTwo] = await Promise.all(
    [one, two].map((api) => followExecution(() => api, id, { timeoutMs: 60_000 })),
  );
  expect(steps(seenByTwo ?? [])).toEqual(WHOLE_RUN);
  expect(seenByTwo).toEqual(seenByOne);
  await waitUntilRecorded(two, id);
});

it("loses nothing when either API is killed: its streams go on at the other", async () => {
  for (const victim of [0, 1] as const) {
    const survivor = victim === 0 ? 1 : 0;
    const id = await startWorkflow(cluster.clients[victim], 3);
    let current = cluster.clients[victim];
    const following = followExecution(() => current, id, { timeoutMs: 60_000 });
    await waitUntilSlow(cluster.clients[victim], id);
    await cluster.apis[victim].end("SIGKILL");
    if (victim === 0) {
      current = cluster.clients[survivor];
      const events = await following;
      expect(steps(events)).toEqual(WHOLE_RUN);
      await waitUntilRecorded(cluster.clients[survivor], id);
    } else {
      // Both APIs are gone now: the run ends without them, and a new one shows all of it.
      const args = ["server", "start", "--listen", "127.0.0.1:0", "--data-dir", dataDir, "--format", "json"];
      const env = { TEMPORAL_ADDRESS: cluster.temporal.address, DATABASE_URL: databaseUrl };
      const third = connectApi((await startAco(args, env).ready).grpc);
      current = third;
      expect(steps(await following)).toEqual(WHOLE_RUN);
      await waitUntilRecorded(third, id);
      third.close();
    }
  }
});

it("loses nothing when either worker is killed: its tasks go on at the other within 15 seconds", async () => {
  const [api] = cluster.clients;
  const [first, second] = cluster.workers;
  const ids = await Promise.all(Array.from({ length: 4 }, () => startWorkflow(api, 2)));
  await Promise.all(ids.map((id) => waitUntilSlow(api, id)));
  const killedAt = Date.now();
  await first.end("SIGKILL");
  const streams = await Promise.all(ids.map((id) => followExecution(() => api, id, { timeoutMs: 90_000 })));
  for (const events of streams) expect(steps(events)).toEqual(WHOLE_RUN);
  // The slow node's two seconds, once more, on top of the silence after which a worker counts as lost.
  expect(Date.now() - killedAt).toBeLessThan(25_000);
  await Promise.all(ids.map((id) => waitUntilRecorded(api, id)));

  const options = ["--data-dir", dataDir, "--format", "json"];
  const env = { TEMPORAL_ADDRESS: cluster.temporal.address, DATABASE_URL: databaseUrl };
  await startAco(["worker", "start", ...options], env).ready;
  const id = await startWorkflow(api, 2);
  await waitUntilSlow(api, id);
  await second.end("SIGKILL");
  expect(steps(await followExecution(() => api, id, { timeoutMs: 90_000 }))).toEqual(WHOLE_RUN);
});
