import { readServerConfig } from "../../src/config";
import { silentLogger } from "../../src/core/logger";
import { type Event, EventType, ExecutionStatus } from "../../src/gen/proto/executions";
import { reservePort } from "../../src/temporal/embedded/ports";
import { type EmbeddedTemporal, startEmbeddedTemporal } from "../../src/temporal/embedded/start-embedded";
import { type AcoProcess, cleanUp, startAco, temporaryFolder, waitFor } from "../e2e/aco-process";
import { followExecution, outline } from "../e2e/follow-execution";
import { type ApiClient, connectApi, executionIdOf } from "../integration/api-client";

jest.setTimeout(300_000);

const EXECUTIONS = 20;
/** Of the API, of the worker and of Temporal each; five of Temporal within a minute would be too many. */
const KILLS_EACH = 3;

/** Pauses between kills: long enough that something happens, short enough that all of them meet running executions. */
const MIN_PAUSE_MS = 500;
const MAX_PAUSE_MS = 2_500;

let temporal: EmbeddedTemporal | undefined;
let client: ApiClient | undefined;
afterEach(async () => {
  client?.close();
  await temporal?.stop();
  await cleanUp();
});

/** A process that is started again whenever it was killed, as a service manager would. */
interface Kept {
  kill(): Promise<void>;
  ready(): Promise<string>;
}

function keep(args: readonly string[], env: Record<string, string>): Kept {
  let process: AcoProcess = startAco(args, env);
  return {
    kill: async () => {
      await process.end("SIGKILL");
      process = startAco(args, env);
    },
    ready: async () => (await process.ready).grpc,
  };
}

async function startTemporal(dataDir: string): Promise<EmbeddedTemporal> {
  const { embedded } = readServerConfig({ temporalPort: "0", uiPort: "0" }, { ...process.env, TEMPORAL_ADDRESS: "" });
  if (embedded === null) throw new Error("no embedded server is configured");
  return await startEmbeddedTemporal({ ...embedded, dataDir, logger: silentLogger });
}

function shellNode(id: string, command: string) {
  return { id, type: "task", config: { task_type: "shell", config: { command } } };
}

/** Two branches and their join; each node takes a second or so and says something. */
const DEFINITION = {
  version: 1,
  nodes: [
    shellNode("start", "echo start"),
    shellNode("left", "echo left; sleep 1; echo left again"),
    shellNode("right", "echo right; sleep 2"),
    shellNode("join", "sleep 1; echo joined"),
  ],
  edges: [
    { source: "start", target: "left" },
    { source: "start", target: "right" },
    { source: "left", target: "join" },
    { source: "right", target: "join" },
  ],
};

async function startExecutions(api: ApiClient): Promise<readonly string[]> {
  const { id } = await api.createWorkflow({ name: "chaos", definition: JSON.stringify(DEFINITION) });
  return await Promise.all(
    Array.from({ length: EXECUTIONS }, async () => {
      const call = api.workflows.executeWorkflow({ id });
      call.on("error", () => undefined);
      const executionId = await executionIdOf(call);
      call.cancel();
      return executionId;
    }),
  );
}

function shuffled<T>(items: readonly T[]): readonly T[] {
  const keyed = items.map((item) => ({ item, key: Math.random() }));
  return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** Each node once, in an order that the graph allows, and one end. */
function expectWholeRun(events: readonly Event[]): void {
  const steps = outline(events).filter((line) => /^(STARTED|NODE_|COMPLETED|FAILED)/.test(line));
  expect([...steps].sort()).toEqual(
    [
      "STARTED",
      ...DEFINITION.nodes.flatMap(({ id }) => [`NODE_ENTERED ${id}`, `NODE_COMPLETED ${id}`]),
      "COMPLETED",
    ].sort(),
  );
  expect(steps[0]).toBe("STARTED");
  expect(steps.at(-1)).toBe("COMPLETED");
  for (const { id } of DEFINITION.nodes)
    expect(steps.indexOf(`NODE_ENTERED ${id}`)).toBeLessThan(steps.indexOf(`NODE_COMPLETED ${id}`));
  for (const { source, target } of DEFINITION.edges)
    expect(steps.indexOf(`NODE_COMPLETED ${source}`)).toBeLessThan(steps.indexOf(`NODE_ENTERED ${target}`));
  expect(new Set(events.map(({ offset }) => offset)).size).toBe(events.length);
}

it("ends every execution once, with a stream without gaps, while API, worker and Temporal are killed at random", async () => {
  const dataDir = temporaryFolder();
  temporal = await startTemporal(dataDir);
  const running = temporal;
  const env = { TEMPORAL_ADDRESS: running.address, DATABASE_URL: `file:${dataDir}/aco.db` };
  const options = ["--data-dir", dataDir, "--format", "json", "--log-level", "error"];
  // The API comes back at an address that clients know.
  const address = `127.0.0.1:${await reservePort({ host: "127.0.0.1", port: 0, what: "", flag: "", variable: "" })}`;
  const api = keep(["server", "start", "--listen", address, ...options], env);
  const worker = keep(["worker", "start", ...options], env);
  await Promise.all([api.ready(), worker.ready()]);
  client = connectApi(address);
  const current = client;

  const ids = await startExecutions(current);
  const following = Promise.all(ids.map((id) => followExecution(() => current, id, { timeoutMs: 240_000 })));
  const victims = [
    () => api.kill(),
    () => worker.kill(),
    async () => {
      process.kill(running.pid(), "SIGKILL");
    },
  ];
  for (const kill of shuffled(Array.from({ length: KILLS_EACH }, () => victims).flat())) {
    await new Promise((resolve) => setTimeout(resolve, MIN_PAUSE_MS + Math.random() * (MAX_PAUSE_MS - MIN_PAUSE_MS)));
    await kill();
  }

  const streams = await following;
  for (const events of streams) expectWholeRun(events);
  // Whoever comes late sees exactly what those saw who went on after each break.
  for (const [index, id] of ids.entries())
    expect(await followExecution(() => current, id, { timeoutMs: 30_000 })).toEqual(streams[index]);
  await waitFor(async () => {
    const { executions } = await current.listExecutions({ limit: 100 });
    return executions.every(({ status }) => status === ExecutionStatus.EXECUTION_STATUS_COMPLETED);
  }, 60_000);
  expect((await current.listExecutions()).total).toBe(EXECUTIONS);
  expect(streams.flat().filter(({ eventType }) => eventType === EventType.EVENT_TYPE_FAILED)).toEqual([]);
});
