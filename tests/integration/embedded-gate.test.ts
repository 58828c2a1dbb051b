import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readServerConfig } from "../../src/config";
import { silentLogger } from "../../src/core/logger";
import { openTemporalGate } from "../../src/server/temporal-gate";
import { reservePort } from "../../src/temporal/embedded/ports";
import { startEmbeddedTemporal } from "../../src/temporal/embedded/start-embedded";

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), "aco-gate-"));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const UNKNOWN_RUN = {
  executionId: "0197f3a0-0000-7000-8000-000000000001",
  temporalWorkflowId: "task/0197f3a0-0000-7000-8000-000000000002",
  temporalRunId: "0197f3a0-0000-7000-8000-000000000003",
};

it("refuses as UNAVAILABLE until Temporal is there, and then lets calls through", async () => {
  const port = await reservePort({ host: "127.0.0.1", port: 0, what: "", flag: "", variable: "" });
  const address = `127.0.0.1:${port}`;
  const gate = openTemporalGate({ address, namespace: "default" }, "aco", silentLogger);
  try {
    await expect(gate.runs.state(UNKNOWN_RUN)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    const watched = gate.streams.watch(UNKNOWN_RUN, { signal: new AbortController().signal });
    await expect(watched[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "UNAVAILABLE" });

    const { embedded } = readServerConfig({ uiPort: "0" }, { ...process.env, TEMPORAL_ADDRESS: "" });
    if (embedded === null) throw new Error("no embedded server is configured");
    const temporal = await startEmbeddedTemporal({ ...embedded, port, dataDir, logger: silentLogger });
    try {
      const deadline = Date.now() + 20_000;
      let state: unknown = "unavailable";
      while (state === "unavailable" && Date.now() < deadline) {
        // A refusal takes no turn of the event loop, which the connecting needs.
        await new Promise((resolve) => setTimeout(resolve, 50));
        state = await gate.runs.state(UNKNOWN_RUN).catch(() => "unavailable");
      }
      expect(state).toBeNull();
    } finally {
      await temporal.stop();
    }
  } finally {
    await gate.close();
  }
});

it("closes while it is still trying", async () => {
  const gate = openTemporalGate({ address: "127.0.0.1:1", namespace: "default" }, "aco", silentLogger);
  await gate.close();
});
