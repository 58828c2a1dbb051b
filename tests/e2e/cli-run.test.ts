/**
 * `aco run` with a server of its own. `--embedded`, because another server may run on this machine, at the address that
 * is looked at otherwise.
 */
import fs from "node:fs";
import path from "node:path";
import { aco, jsonLines, startAco, startDevServer } from "./aco-command";
import { cleanUp, processesNaming, temporaryFolder, waitFor } from "./aco-process";

jest.setTimeout(240_000);
afterEach(cleanUp);

const SLOW = JSON.stringify({ task_type: "shell", config: { command: "echo first; sleep 4; echo second" } });

test("starts a server for the run, stops it afterwards, and leaves nothing running", async () => {
  const dataDir = path.join(temporaryFolder(), "data");
  const args = ["run", "examples/conditional-fan-out.json", "--embedded", "--data-dir", dataDir];
  const { code, stdout, stderr } = await aco(args);
  expect(stderr).toMatch(/^aco: no server was running, so one was started for this run; Web UI: http:\/\/127/);
  expect(code).toBe(0);
  expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ files: 12, archived: true });
  await waitFor(async () => (await processesNaming(dataDir)).length === 0, 15_000);
});

test("exits 1 when the run fails, with the server stopped", async () => {
  const dataDir = path.join(temporaryFolder(), "data");
  const stdin = JSON.stringify({ title: "fails", task_type: "shell", config: { command: "exit 4" } });
  const { code, stdout } = await aco(["run", "-", "--embedded", "--data-dir", dataDir], { stdin });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^\S+ failed \S+: /m);
  await waitFor(async () => (await processesNaming(dataDir)).length === 0, 15_000);
});

test("exits 2 on a wrong definition, and 3 with --detach", async () => {
  const dataDir = path.join(temporaryFolder(), "data");
  const broken = await aco(["run", "-", "--embedded", "--data-dir", dataDir], { stdin: '{"nodes": []}' });
  expect(broken).toMatchObject({ code: 2, stdout: "", stderr: expect.stringMatching(/:\d+:\d+: [A-Z_]+ \/nodes/) });
  const detached = await aco(["run", "-", "--embedded", "--data-dir", dataDir, "--detach"], { stdin: SLOW });
  expect(detached).toMatchObject({ code: 3, stdout: "", stderr: expect.stringMatching(/aco server start-dev/) });
});

test("a second run at the same time is told to start a server", async () => {
  const dataDir = path.join(temporaryFolder(), "data");
  const first = startAco(["run", "-", "--embedded", "--data-dir", dataDir], { stdin: SLOW });
  await first.until(/\| first/);
  const second = await aco(["run", "-", "--embedded", "--data-dir", dataDir], { stdin: SLOW });
  expect(second.stdout).toBe("");
  expect(second.code).toBe(1);
  expect(second.stderr).toContain(dataDir);
  expect(second.stderr).toContain("aco server start-dev");
  expect((await first.result).code).toBe(0);
});

test("after Ctrl-C the execution goes on with the next server on the data folder", async () => {
  const dataDir = path.join(temporaryFolder(), "data");
  const run = startAco(["run", "-", "--embedded", "--data-dir", dataDir], { stdin: SLOW });
  await run.until(/\| first/);
  run.child.kill("SIGINT");
  const { code, stderr } = await run.result;
  expect(code).toBe(130);
  expect(stderr).toContain(`aco server start-dev --data-dir ${dataDir}`);
  await waitFor(async () => (await processesNaming(dataDir)).length === 0, 15_000);
  const executionId = /aco execution watch (\S+)/.exec(stderr)?.[1] ?? "";
  const server = await startDevServer(dataDir);
  const watched = await aco(["execution", "watch", executionId, "--server", server.url]);
  expect(watched.code).toBe(0);
  expect(watched.stdout).toContain("| second");
  await server.process.end("SIGTERM");
});

test("refuses to start a server where one is named", async () => {
  const { code, stderr } = await aco(["run", "-", "--embedded", "--server", "http://localhost:1"], { stdin: SLOW });
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("Give one of the two") });
});

test("a server that is configured is used, and a file of one task takes an override", async () => {
  const dataDir = path.join(temporaryFolder(), "data");
  const server = await startDevServer(dataDir);
  const file = path.join(temporaryFolder(), "hello.json");
  fs.writeFileSync(file, JSON.stringify({ task_type: "shell", config: { command: "echo hello" } }));
  const args = ["run", file, "--server", server.url];
  const { code, stdout, stderr } = await aco([...args, "--config-override", "command=echo bye"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("| bye");
  const detached = await aco([...args, "--detach", "--format", "json"]);
  expect(jsonLines(detached.stdout)).toEqual([{ execution_id: expect.stringMatching(/^[0-9a-f-]{36}$/) }]);
  const titles = await aco(["task", "list", "--server", server.url]);
  expect(titles.stdout).toMatch(/\thello\t/);
  await server.process.end("SIGTERM");
});
