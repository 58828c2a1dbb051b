import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client, Connection } from "@temporalio/client";
import { type EmbeddedConfig, readServerConfig } from "../../src/config";
import { silentLogger } from "../../src/core/logger";
import { findTemporalCli } from "../../src/temporal/embedded/find-temporal-cli";
import { identifyProcess, isRunning } from "../../src/temporal/embedded/process-identity";
import { runProgram } from "../../src/temporal/embedded/run-program";
import { type EmbeddedTemporal, startEmbeddedTemporal } from "../../src/temporal/embedded/start-embedded";
import { REPOSITORY } from "../repository";

const TYPESCRIPT_HOOK = join(__dirname, "typescript-hook.cjs");

let dataDir: string;
const started: EmbeddedTemporal[] = [];
const connections: Connection[] = [];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "aco-embedded-"));
});
afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
  for (const temporal of started.splice(0)) await temporal.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(changes: Partial<EmbeddedConfig> = {}) {
  const { embedded } = readServerConfig({ temporalPort: "0", uiPort: "0" }, withoutCluster());
  if (embedded === null) throw new Error("no embedded server is configured");
  const temporal = await startEmbeddedTemporal({ ...embedded, ...changes, dataDir, logger: silentLogger });
  started.push(temporal);
  return temporal;
}

function withoutCluster() {
  return { ...process.env, TEMPORAL_ADDRESS: "", TEMPORAL_PROFILE: "", TEMPORAL_NAMESPACE: "" };
}

function connect(temporal: EmbeddedTemporal) {
  const connection = Connection.lazy({ address: temporal.address });
  connections.push(connection);
  return { connection, client: new Client({ connection }) };
}

/** Ends the server as a crash would, and waits until another one runs. */
async function killServer(temporal: EmbeddedTemporal): Promise<void> {
  const pid = temporal.pid();
  process.kill(pid, "SIGKILL");
  await waitFor(() => temporal.pid() !== pid);
}

async function waitFor(condition: () => boolean | Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  for (const deadline = Date.now() + timeoutMs; !(await condition()); ) {
    if (Date.now() > deadline) throw new Error("waited in vain");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe("the embedded Temporal", () => {
  it("keeps runs across a stop and a start, and knows our search attributes and the retention", async () => {
    const first = await start();
    const { client } = connect(first);
    await client.workflow.start("someType", { workflowId: "kept", taskQueue: "none" });
    await first.stop();

    const second = await start({ retentionMs: 3 * 24 * 3_600_000 });
    const { client: later, connection } = connect(second);
    expect((await later.workflow.getHandle("kept").describe()).status.name).toBe("RUNNING");
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: "default" });
    expect(Object.keys(customAttributes)).toEqual(
      expect.arrayContaining(["AcoExecutionId", "AcoTaskId", "AcoWorkflowId", "AcoDefinitionHash"]),
    );
    const { config } = await connection.workflowService.describeNamespace({ namespace: "default" });
    expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).toBe(3 * 24 * 3_600);
    expect((await fetch(second.uiUrl)).status).toBe(200);
  });

  it("is started once more where somebody took a port that it had chosen for itself", async () => {
    const { embedded } = readServerConfig({ temporalPort: "0", uiPort: "0" }, withoutCluster());
    if (embedded === null) throw new Error("no embedded server is configured");
    const real = await findTemporalCli(embedded.cli, silentLogger);
    const cliPath = join(dataDir, "temporal-at-first-without-a-port");
    const complaint =
      "failed listening for HTTP API on 127.0.0.1:46755: listen tcp 127.0.0.1:46755: bind: address already in use";
    const first = `case "$*" in *start-dev*) mkdir '${cliPath}.once' 2>&- && { echo "${complaint}" >&2; exit 1; };; esac`;
    writeFileSync(cliPath, `#!/bin/sh\n${first}\nexec '${real}' "$@"\n`, { mode: 0o755 });
    const { uiUrl } = await start({ cli: { ...embedded.cli, cliPath } });
    expect(existsSync(`${cliPath}.once`)).toBe(true);
    expect((await fetch(uiUrl)).status).toBe(200);
  });

  it("is started again within ten seconds of its death, at the same address and with its runs", async () => {
    const temporal = await start();
    const { client } = connect(temporal);
    await client.workflow.start("someType", { workflowId: "kept", taskQueue: "none" });
    const diedAt = Date.now();
    await killServer(temporal);
    await waitFor(async () => {
      const described = await client.workflow
        .getHandle("kept")
        .describe()
        .catch(() => null);
      return described?.status.name === "RUNNING";
    });
    expect(Date.now() - diedAt).toBeLessThan(10_000);
  });

  it("gives up after five deaths within a minute, and says where its log is", async () => {
    const temporal = await start();
    for (let death = 1; death < 5; death += 1) await killServer(temporal);
    process.kill(temporal.pid(), "SIGKILL");
    const error = await temporal.failed;
    expect(error.message).toContain("died 5 times within a minute, the last time with signal SIGKILL");
    expect(error.message).toContain(join(dataDir, "logs", "temporal.log"));
  });

  it("refuses a port that is in use, naming it and the flag", async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    try {
      await expect(start({ port })).rejects.toThrow(`127.0.0.1:${port}: port ${port} is in use by another program`);
      await expect(start({ port })).rejects.toThrow("--temporal-port or ACO_TEMPORAL_PORT");
      await expect(start({ uiPort: port })).rejects.toThrow("--ui-port or ACO_UI_PORT");
    } finally {
      server.close();
    }
  });

  it("refuses a database that a living process uses", async () => {
    await start();
    await expect(start()).rejects.toThrow(`is in use by process ${process.pid}`);
  });

  it("ends when the process that started it is killed, so that nothing is left behind", async () => {
    const owner = await startInOtherProcess();
    process.kill(owner.ownerPid, "SIGKILL");
    await waitFor(() => identifyProcess(owner.childPid) === null);
  });

  it("ends a server that a killed process left on the database, and nothing that only has its number", async () => {
    const owner = await startInOtherProcess();
    // What it says last of its start: it would die of saying it to a process that is gone.
    const log = join(dataDir, "logs", "temporal.log");
    await waitFor(() => existsSync(log) && readFileSync(log, "utf8").includes("Temporal Metrics"));
    // The guard that would end the server goes first.
    const { stdout } = await runProgram("ps", ["-eo", "pid=,ppid="], { timeoutMs: 5_000 });
    const guards = stdout
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter(([, parent]) => Number(parent) === owner.childPid);
    expect(guards).toHaveLength(1);
    for (const [guard] of guards) process.kill(Number(guard), "SIGKILL");
    process.kill(owner.ownerPid, "SIGKILL");
    await new Promise((resolve) => setTimeout(resolve, 500));
    const leftover = identifyProcess(owner.childPid);
    expect(leftover).not.toBeNull();

    const temporal = await start();
    expect(leftover !== null && isRunning(leftover)).toBe(false);
    const { client } = connect(temporal);
    await expect(client.workflow.getHandle("unknown").describe()).rejects.toThrow("not found");

    await temporal.stop();
    const self = identifyProcess(process.pid);
    const dead = { pid: process.pid, startToken: "another" };
    writeFileSync(join(dataDir, "temporal", "child.json"), JSON.stringify({ child: self, owner: dead }));
    await start();
  });
});

/** Runs the embedded server under a process that can be killed without this one. */
async function startInOtherProcess(): Promise<{ ownerPid: number; childPid: number }> {
  const script = `
    const { readServerConfig } = require("./src/config.ts");
    const { startEmbeddedTemporal } = require("./src/temporal/embedded/start-embedded.ts");
    const { silentLogger } = require("./src/core/logger.ts");
    const { embedded } = readServerConfig({ temporalPort: "0", uiPort: "0" });
    startEmbeddedTemporal({ ...embedded, dataDir: process.argv[1], logger: silentLogger })
      .then((temporal) => console.log(temporal.pid()), (error) => { console.error(error); process.exit(1); });
  `;
  const owner = spawn(process.execPath, ["-r", TYPESCRIPT_HOOK, "-e", script, dataDir], {
    cwd: REPOSITORY,
    stdio: ["ignore", "pipe", "inherit"],
    env: withoutCluster(),
  });
  const childPid = await new Promise<number>((resolve, reject) => {
    owner.stdout.once("data", (text: Buffer) => resolve(Number(text.toString())));
    owner.once("exit", (code) => reject(new Error(`the owner ended with ${code}`)));
  });
  return { ownerPid: owner.pid ?? 0, childPid };
}
