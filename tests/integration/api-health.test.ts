import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { credentials, makeGenericClientConstructor, type ServiceError, status } from "@grpc/grpc-js";
import { service as healthDefinition } from "grpc-health-check";
import { CHECKED_SERVICES } from "../../src/api/health/service-status";
import { HealthStatus } from "../../src/gen/proto/health";
import { REPOSITORY } from "../repository";
import { readStream, refusal } from "./api-client";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";

/** Set by the tests: what Temporal and the database answer now. */
const parts = { temporalUp: true, databaseUp: true, workers: 2 };
const { HEALTH_STATUS_SERVING: SERVING, HEALTH_STATUS_NOT_SERVING: NOT_SERVING } = HealthStatus;

const StandardClient = makeGenericClientConstructor(healthDefinition, "Health");

let test: TestApi;
let standard: InstanceType<typeof StandardClient>;
beforeAll(async () => {
  test = await startTestApi({
    streams: temporalIsDown.streams,
    runs: {
      ...temporalIsDown.runs,
      workerCount: () => (parts.temporalUp ? Promise.resolve(parts.workers) : temporalIsDown.runs.workerCount()),
    },
    wrapStore: (store) => ({
      ...store,
      ping: () => (parts.databaseUp ? store.ping() : Promise.reject(new Error("database is gone"))),
    }),
  });
  standard = new StandardClient(test.api.address, credentials.createInsecure());
});
afterAll(async () => {
  standard.close();
  await test.close();
});
beforeEach(() => Object.assign(parts, { temporalUp: true, databaseUp: true, workers: 2 }));

/** Answers are cached for a second, so a change shows within two. */
async function eventually<T>(look: () => Promise<T>, expected: T): Promise<void> {
  for (const deadline = Date.now() + 30_000; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const seen = await look();
    if (seen === expected) return;
    if (Date.now() > deadline) throw new Error(`still ${String(seen)} instead of ${String(expected)}`);
  }
}

function checkStandard(service: string): Promise<string> {
  return new Promise((resolve, reject) => {
    standard["check"]?.({ service }, (error: ServiceError | null, response?: { status: string }) =>
      error === null ? resolve(response?.status ?? "") : reject(error),
    );
  });
}

describe("HealthService.Check", () => {
  it("tells version, uptime, and the state of Temporal, the database and the workers", async () => {
    await eventually(async () => (await test.client.checkHealth()).status, SERVING);
    const response = await test.client.checkHealth();
    expect(response).toMatchObject({ status: SERVING, version: "1.2.3-test" });
    expect(response.uptimeSeconds).toBeGreaterThanOrEqual(0);
    expect(response.uptimeSeconds).toBeLessThan(120);
    expect(response.metadata).toEqual({ temporal: "SERVING", database: "SERVING", workers: "2" });
  });

  it("does not serve while Temporal is down, and serves again after", async () => {
    parts.temporalUp = false;
    await eventually(async () => (await test.client.checkHealth()).status, NOT_SERVING);
    const { metadata } = await test.client.checkHealth();
    expect(metadata).toEqual({ temporal: "NOT_SERVING", database: "SERVING", workers: "unknown" });
    parts.temporalUp = true;
    await eventually(async () => (await test.client.checkHealth()).status, SERVING);
  });

  it("does not serve while the database is down", async () => {
    parts.databaseUp = false;
    await eventually(async () => (await test.client.checkHealth()).status, NOT_SERVING);
    const { metadata } = await test.client.checkHealth("orchestrator.tasks.TaskService");
    expect(metadata).toEqual({ temporal: "SERVING", database: "NOT_SERVING", workers: "2" });
    expect((await test.client.checkHealth("orchestrator.health.HealthService")).status).toBe(SERVING);
  });

  it("serves without a worker, because runs wait for one", async () => {
    parts.workers = 0;
    await eventually(async () => (await test.client.checkHealth()).metadata["workers"], "0");
    expect((await test.client.checkHealth()).status).toBe(SERVING);
  });

  it("knows its services by name, and no other", async () => {
    const folder = join(REPOSITORY, "proto");
    const protos = readdirSync(folder).filter((file) => file.endsWith(".proto"));
    const all = protos.flatMap((file) => {
      const text = readFileSync(join(folder, file), "utf8");
      const [, name = ""] = /^package (.+);/m.exec(text) ?? [];
      return [...text.matchAll(/^service (\w+)/gm)].map(([, service]) => `${name}.${service}`);
    });
    expect([...CHECKED_SERVICES].filter((name) => name !== "").sort()).toEqual(all.sort());
    for (const service of CHECKED_SERVICES) {
      await eventually(async () => (await test.client.checkHealth(service)).status, SERVING);
    }
    const { code, message } = await refusal(test.client.checkHealth("orchestrator.Nothing"));
    expect(code).toBe("NOT_FOUND");
    expect(message).toContain("orchestrator.tasks.TaskService");
  });
});

describe("grpc.health.v1.Health", () => {
  it("checks by service name, and refuses unknown ones", async () => {
    await eventually(() => checkStandard(""), "SERVING");
    await eventually(() => checkStandard("orchestrator.workflows.WorkflowService"), "SERVING");
    expect((await refusal(checkStandard("nothing"))).code).toBe("NOT_FOUND");
  });

  it("lists every service", async () => {
    const response = await new Promise<{ statuses: Record<string, unknown> }>((resolve, reject) => {
      standard["list"]?.({}, (error: ServiceError | null, value: { statuses: Record<string, unknown> }) =>
        error === null ? resolve(value) : reject(error),
      );
    });
    expect(Object.keys(response.statuses).sort()).toEqual([...CHECKED_SERVICES].sort());
  });

  it("tells a watcher of every change, and ends the watch when the server stops", async () => {
    const { api } = await test.startAnother();
    const client = new StandardClient(api.address, credentials.createInsecure());
    const seen: string[] = [];
    const call = client["watch"]?.({ service: "" });
    const ended = readStream<{ status: string }>(call, (message) => seen.push(message.status));
    await eventually(async () => seen.join(), "SERVING");
    parts.temporalUp = false;
    await eventually(async () => seen.join(), "SERVING,NOT_SERVING");
    parts.temporalUp = true;
    await eventually(async () => seen.join(), "SERVING,NOT_SERVING,SERVING");
    const closing = Date.now();
    await api.close();
    expect(Date.now() - closing).toBeLessThan(10_000);
    expect((await ended).code).toBe(status[status.UNAVAILABLE]);
    client.close();
  });

  it("tells a watcher of an unknown service that it is unknown, and keeps watching", async () => {
    const call = standard["watch"]?.({ service: "nothing" });
    const first = await new Promise((resolve) => call.once("data", resolve));
    expect(first).toEqual({ status: "SERVICE_UNKNOWN" });
    call.on("error", () => undefined);
    call.cancel();
  });
});
