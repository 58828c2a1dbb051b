import path from "node:path";
import { aco, jsonLines, startAco, startDevServer } from "./aco-command";
import { cleanUp, temporaryFolder } from "./aco-process";

jest.setTimeout(240_000);
afterEach(cleanUp);

interface EventLine {
  readonly offset: string;
  readonly event_type: string;
  readonly data: { readonly text?: string };
}

const COUNTING = "for i in 1 2 3 4 5 6; do echo line $i; sleep 1; done";

test("following survives the death of the server without a gap or a repeat", async () => {
  const dataDir = path.join(temporaryFolder(), "data");
  const first = await startDevServer(dataDir);
  const definition = {
    nodes: [
      { id: "quick", type: "task", config: { task_type: "shell", config: { command: "echo quick" } } },
      { id: "slow", type: "task", config: { task_type: "shell", config: { command: COUNTING } } },
      { id: "last", type: "task", config: { task_type: "shell", config: { command: "echo last" } } },
    ],
    edges: [
      { source: "quick", target: "slow" },
      { source: "slow", target: "last" },
    ],
  };
  const run = startAco(["run", "-", "--server", first.url, "--format", "json"], { stdin: JSON.stringify(definition) });
  await run.until(/line 2/);
  await first.process.end("SIGKILL");
  await run.until(/lost the connection/);
  const second = await startDevServer(dataDir, "--listen", first.grpc);
  await run.until(/reconnected/);
  const { code, stdout } = await run.result;
  expect(code).toBe(0);
  const events = jsonLines<EventLine>(stdout);
  const { execution_id: executionId } = jsonLines<{ execution_id: string }>(stdout)[0] ?? { execution_id: "" };
  const all = await aco(["execution", "watch", executionId, "--server", second.url, "--format", "json"]);
  expect(events).toEqual(jsonLines<EventLine>(all.stdout));
  expect(events.at(-1)?.event_type).toBe("COMPLETED");
  await second.process.end("SIGTERM");
});

test("a server that stays away is given up after --reconnect-for, with exit code 3 and the way to go on", async () => {
  const dataDir = path.join(temporaryFolder(), "data");
  const server = await startDevServer(dataDir);
  const file = JSON.stringify({ task_type: "shell", config: { command: COUNTING } });
  const args = ["run", "-", "--server", server.url, "--reconnect-for", "1"];
  const run = startAco(args, { stdin: file });
  await run.until(/line 1/);
  await server.process.end("SIGKILL");
  const { code, stderr } = await run.result;
  expect(code).toBe(3);
  expect(stderr).toMatch(/lost the connection/);
  expect(stderr).toMatch(/Then go on with: aco execution watch [0-9a-f-]{36}/);
});

test("three commands that execute one task at the same time follow one execution", async () => {
  const dataDir = path.join(temporaryFolder(), "data");
  const server = await startDevServer(dataDir);
  const created = await aco([
    ...["task", "create", "--server", server.url, "--title", "t", "--type", "shell"],
    ...["--config", "command=echo once; sleep 2"],
  ]);
  const execute = ["task", "execute", created.stdout.trim(), "--server", server.url];
  const runs = await Promise.all([1, 2, 3].map(() => aco([...execute, "--format", "json"])));
  const ids = runs.map(({ stdout }) => jsonLines<{ execution_id: string }>(stdout)[0]?.execution_id);
  expect(new Set(ids).size).toBe(1);
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0]);
  await server.process.end("SIGTERM");
});
