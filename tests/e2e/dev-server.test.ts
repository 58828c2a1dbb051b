import { createServer } from "node:net";
import { readServerConfig } from "../../src/config";
import { silentLogger } from "../../src/core/logger";
import { type Event, EventType } from "../../src/gen/proto/executions";
import { HealthStatus } from "../../src/gen/proto/health";
import { ExecutionEventType } from "../../src/gen/proto/tasks";
import { reservePort } from "../../src/temporal/embedded/ports";
import { identifyProcess } from "../../src/temporal/embedded/process-identity";
import { startEmbeddedTemporal } from "../../src/temporal/embedded/start-embedded";
import { type ApiClient, connectApi, executionIdOf, readStream } from "../integration/api-client";
import { aco } from "./aco-command";
import {
  cleanUp,
  processesNaming,
  startAco,
  startDevProcess,
  temporalPid,
  temporaryFolder,
  waitFor,
} from "./aco-process";
import { followExecution, outline } from "./follow-execution";

jest.setTimeout(180_000);

const clients: ApiClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await cleanUp();
});

function connect(address: string): ApiClient {
  const client = connectApi(address);
  clients.push(client);
  return client;
}

function shellNode(id: string, command: string) {
  return { id, type: "task", config: { task_type: "shell", config: { command } } };
}

/** Ten minutes, by which a process of this test file is known among those of others that run at the same time. */
const LONG = `600.${process.pid}`;

/** Two quick nodes, then one that takes `seconds`. */
async function startWorkflow(api: ApiClient, seconds: number | string): Promise<string> {
  const definition = {
    version: 1,
    nodes: [shellNode("one", "echo 1"), shellNode("two", "echo 2"), shellNode("slow", `sleep ${seconds}; echo done`)],
    edges: [
      { source: "one", target: "two" },
      { source: "two", target: "slow" },
    ],
  };
  const { id } = await api.createWorkflow({ name: "e2e", definition: JSON.stringify(definition) });
  const call = api.workflows.executeWorkflow({ id });
  call.on("error", () => undefined);
  const executionId = await executionIdOf(call);
  call.cancel();
  return executionId;
}

function isEntered(events: readonly Event[], nodeId: string): boolean {
  return events.some((event) => event.eventType === EventType.EVENT_TYPE_NODE_ENTERED && event.nodeId === nodeId);
}

async function waitUntilEntered(api: ApiClient, id: string, nodeId: string): Promise<readonly Event[]> {
  const call = api.executions.watchExecution({ id });
  const { messages } = await readStream(call, (_, all) => {
    if (isEntered(all, nodeId)) call.cancel();
  });
  return messages;
}

describe("aco server start-dev", () => {
  it("prints one line of JSON with what it runs, and serves", async () => {
    const dataDir = temporaryFolder();
    const server = startDevProcess(dataDir);
    const ready = await server.ready;
    expect(Object.keys(ready)).toEqual(["grpc", "temporal", "ui", "web", "data_dir"]);
    expect(ready.grpc).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(ready.temporal).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(ready.data_dir).toBe(dataDir);
    expect((await fetch(ready.ui)).status).toBe(200);
    expect(await (await fetch(ready.web)).text()).toContain(`content="${ready.ui}"`);
    expect(await connect(ready.grpc).checkHealth()).toMatchObject({ version: expect.any(String) });
    expect(server.stdout().split("\n")).toHaveLength(2);
    expect(server.stderr()).toBe("");
  });

  it("goes on with a running execution after everything was killed at once", async () => {
    const dataDir = temporaryFolder();
    const first = startDevProcess(dataDir);
    const { grpc } = await first.ready;
    const api = connect(grpc);
    const id = await startWorkflow(api, 4);
    const before = await waitUntilEntered(api, id, "slow");
    process.kill(temporalPid(dataDir), "SIGKILL");
    await first.end("SIGKILL");

    const second = startDevProcess(dataDir);
    const later = connect((await second.ready).grpc);
    const events = await followExecution(() => later, id, { timeoutMs: 60_000 });
    expect(events.slice(0, before.length)).toEqual(before);
    expect(outline(events).filter((line) => /NODE_|STARTED|COMPLETED|FAILED/.test(line))).toEqual([
      "STARTED",
      ...["one", "two", "slow"].flatMap((node) => [`NODE_ENTERED ${node}`, `NODE_COMPLETED ${node}`]),
      "COMPLETED",
    ]);
    expect(new Set(events.map(({ offset }) => offset)).size).toBe(events.length);
    await waitFor(async () => (await later.getExecution(id)).completedAt !== undefined, 30_000);
  });

  it("keeps streams and runs while its Temporal dies and is started again", async () => {
    const dataDir = temporaryFolder();
    const api = connect((await startDevProcess(dataDir).ready).grpc);
    const id = await startWorkflow(api, 3);
    const following = followExecution(() => api, id, { timeoutMs: 60_000 });
    await waitUntilEntered(api, id, "slow");
    process.kill(temporalPid(dataDir), "SIGKILL");
    expect((await api.getExecution(id)).id).toBe(id);
    expect(outline(await following).at(-1)).toBe("COMPLETED");
  });

  it("runs beside another instance with a data folder of its own", async () => {
    const servers = [startDevProcess(temporaryFolder()), startDevProcess(temporaryFolder())];
    const apis = await Promise.all(servers.map(async (server) => connect((await server.ready).grpc)));
    const ids = await Promise.all(apis.map((api) => startWorkflow(api, 0)));
    for (const [index, api] of apis.entries()) {
      const events = await followExecution(() => api, ids[index] ?? "", { timeoutMs: 60_000 });
      expect(outline(events).at(-1)).toBe("COMPLETED");
      expect((await api.listExecutions()).total).toBe(1);
    }
  });

  it("stops everything on Ctrl-C within ten seconds, tasks included, and leaves nothing running", async () => {
    const dataDir = temporaryFolder();
    const server = startDevProcess(dataDir);
    const api = connect((await server.ready).grpc);
    const temporal = temporalPid(dataDir);
    const id = await startWorkflow(api, LONG);
    await waitUntilEntered(api, id, "slow");
    const watched = readStream(api.executions.watchExecution({ id }));
    await waitFor(async () => (await processesNaming(`sleep ${LONG}`)).length > 0, 30_000);
    const startedAt = Date.now();
    expect(await server.end("SIGINT")).toEqual({ code: 0, signal: null });
    expect(Date.now() - startedAt).toBeLessThan(10_000);
    expect((await watched).code).toBe("UNAVAILABLE");
    expect(identifyProcess(temporal)).toBeNull();
    expect(await processesNaming(dataDir)).toEqual([]);
    expect(await processesNaming(`sleep ${LONG}`)).toEqual([]);
  });

  it("ends at once at the second Ctrl-C, and its Temporal with it", async () => {
    const dataDir = temporaryFolder();
    const server = startDevProcess(dataDir);
    const api = connect((await server.ready).grpc);
    const id = await startWorkflow(api, LONG);
    await waitUntilEntered(api, id, "slow");
    process.kill(server.pid, "SIGINT");
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.kill(server.pid, "SIGINT");
    expect(await server.exited).toEqual({ code: 130, signal: null });
    await waitFor(async () => (await processesNaming(dataDir)).length === 0, 15_000);
  });

  it("stops with an error when its Temporal dies five times within a minute", async () => {
    const dataDir = temporaryFolder();
    const server = startDevProcess(dataDir);
    await server.ready;
    for (let death = 1, last = 0; death <= 5; death += 1) {
      const previous = last;
      await waitFor(() => temporalPid(dataDir) !== previous, 30_000);
      last = temporalPid(dataDir);
      process.kill(last, "SIGKILL");
    }
    expect(await server.exited).toEqual({ code: 1, signal: null });
    expect(server.stderr()).toContain("The Temporal server died 5 times within a minute");
    expect(server.stderr()).toContain("temporal.log");
    expect(await processesNaming(dataDir)).toEqual([]);
  });

  it("refuses a data folder in use, by name of who holds it", async () => {
    const dataDir = temporaryFolder();
    const first = startDevProcess(dataDir);
    const { grpc } = await first.ready;
    const second = startDevProcess(dataDir);
    expect((await second.exited).code).toBe(1);
    expect(second.stderr()).toContain(`${dataDir} is in use by process ${first.pid}, running since`);
    expect(second.stderr()).toContain(`listening on ${grpc}`);
    expect(second.stderr()).toContain("--data-dir or ACO_DATA_DIR");
  });

  it("refuses a port in use, naming it and the flag, and leaves nothing behind", async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    const address = blocker.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const dataDir = temporaryFolder();
    try {
      for (const [flag, value, variable] of [
        ["--listen", `127.0.0.1:${port}`, "ACO_LISTEN"],
        ["--temporal-port", String(port), "ACO_TEMPORAL_PORT"],
        ["--ui-port", String(port), "ACO_UI_PORT"],
      ] as const) {
        const server = startDevProcess(dataDir, flag, value);
        expect((await server.exited).code).toBe(1);
        expect(server.stderr()).toContain(`port ${port} is in use by another program`);
        expect(server.stderr()).toContain(`${flag} or ${variable}`);
        expect(await processesNaming(dataDir)).toEqual([]);
      }
    } finally {
      blocker.close();
    }
  });

  it("refuses wrong settings before anything starts, all at once", async () => {
    const server = startAco(["server", "start-dev", "--listen", "nowhere"], { ACO_UI_PORT: "x" });
    expect((await server.exited).code).toBe(2);
    expect(server.stderr()).toContain("--listen (ACO_LISTEN) must be HOST:PORT");
    expect(server.stderr()).toContain("--ui-port (ACO_UI_PORT) must be a port");
  });
});

describe("aco server start and aco worker start", () => {
  it("serve records while there is no Temporal, say so, and go to work when it comes", async () => {
    const dataDir = temporaryFolder();
    const port = await reservePort({ host: "127.0.0.1", port: 0, what: "", flag: "", variable: "" });
    const env = { TEMPORAL_ADDRESS: `127.0.0.1:${port}` };
    const options = ["--data-dir", dataDir, "--format", "json"];
    const server = startAco(["server", "start", "--listen", "127.0.0.1:0", ...options], env);
    const worker = startAco(["worker", "start", ...options], env);
    const api = connect((await server.ready).grpc);
    const { id } = await api.createTask({ title: "t", taskType: "shell", config: '{"command": "echo hello"}' });
    expect((await api.getTask(id)).title).toBe("t");
    const { code, error } = await readStream(api.tasks.executeTask({ id }));
    expect(code).toBe("UNAVAILABLE");
    expect(error?.message).toContain(`127.0.0.1:${port} cannot be reached`);
    expect((await api.checkHealth()).status).toBe(HealthStatus.HEALTH_STATUS_NOT_SERVING);
    const status = await aco(["status", "--server", `http://${(await server.ready).grpc}`]);
    expect(status).toMatchObject({ code: 3, stdout: expect.stringContaining("temporal: NOT_SERVING") });
    expect(worker.stdout()).toBe("");

    const { embedded } = readServerConfig({ uiPort: "0" }, { ...process.env, TEMPORAL_ADDRESS: "" });
    if (embedded === null) throw new Error("no embedded server is configured");
    const temporal = await startEmbeddedTemporal({ ...embedded, port, dataDir, logger: silentLogger });
    try {
      await worker.ready;
      await waitFor(async () => (await api.checkHealth()).status === HealthStatus.HEALTH_STATUS_SERVING, 30_000);
      const executed = await readStream(api.tasks.executeTask({ id }));
      expect(executed.error).toBeUndefined();
      expect(executed.messages.at(-1)?.eventType).toBe(ExecutionEventType.EXECUTION_EVENT_TYPE_COMPLETED);
      for (const process of [server, worker]) {
        const startedAt = Date.now();
        expect(await process.end("SIGTERM")).toEqual({ code: 0, signal: null });
        expect(Date.now() - startedAt).toBeLessThan(10_000);
      }
    } finally {
      await temporal.stop();
    }
  });

  it("stop at once while they wait for Temporal", async () => {
    const worker = startAco(["worker", "start", "--data-dir", temporaryFolder()], { TEMPORAL_ADDRESS: "127.0.0.1:1" });
    await waitFor(() => worker.stderr().includes("cannot be reached yet"), 30_000);
    expect(await worker.end("SIGTERM")).toEqual({ code: 143, signal: null });
  });

  it("say which database they cannot reach, without its password", async () => {
    const env = { TEMPORAL_ADDRESS: "127.0.0.1:1", DATABASE_URL: "postgresql://aco:hunter2@127.0.0.1:1/aco" };
    const server = startAco(["server", "start", "--listen", "127.0.0.1:0", "--data-dir", temporaryFolder()], env);
    expect((await server.exited).code).toBe(3);
    expect(server.stderr()).toContain('DATABASE_URL: cannot open the database "aco" on 127.0.0.1:1');
    expect(server.stderr()).not.toContain("hunter2");
  });
});
