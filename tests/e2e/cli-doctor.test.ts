import fs from "node:fs";
import net from "node:net";
import path from "node:path";
import type { Check } from "../../src/server/doctor/check";
import { aco, serverForTests } from "./aco-command";

jest.setTimeout(120_000);

const server = serverForTests();
const { folder } = server;

/** Nothing listens there. */
const NOWHERE = "http://127.0.0.1:1";

async function doctor(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const { code, stdout, stderr } = await aco(["doctor", "--format", "json", ...args], { env });
  expect(stderr).toBe("");
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: readonly Check[] };
  expect(code).toBe(ok ? 0 : 1);
  return new Map(checks.map((check) => [check.id, check]));
}

const anyPorts = ["--listen", "127.0.0.1:0", "--temporal-port", "0", "--ui-port", "0"];

test("finds what a first start would meet, and leaves no trace", async () => {
  const dataDir = path.join(folder, "not", "there");
  const checks = await doctor({ ACO_DATA_DIR: dataDir }, ...anyPorts);
  expect(checks.get("data.folder")).toMatchObject({ status: "ok", found: expect.stringContaining("will be made") });
  expect(checks.get("data.space")?.found).toMatch(/GiB free/);
  expect(checks.get("database")?.found).toContain("the first start makes it");
  for (const id of ["aco", "node", "shell", "port.api", "port.temporal", "port.ui", "temporal.cli"])
    expect(checks.get(id)).toMatchObject({ status: "ok" });
  expect(fs.existsSync(dataDir)).toBe(false);
});

test("looks into the server that runs, its Temporal and its database", async () => {
  const env = { ...server.env(), ACO_DATA_DIR: server.dataDir, TEMPORAL_ADDRESS: server.temporal };
  const checks = await doctor(env, "--listen", new URL(server.url).host);
  const found = (id: string) => [checks.get(id)?.status, checks.get(id)?.found];
  expect(found("server")).toEqual([
    "ok",
    expect.stringMatching(/is SERVING \(database SERVING, temporal SERVING, .*workers 1\)$/),
  ]);
  expect(found("server.version")[0]).toBe("ok");
  expect(found("server.clock")).toEqual(["ok", "as this machine's"]);
  expect(found("temporal")).toEqual(["ok", expect.stringMatching(/^\d+\.\d+\.\d+ at /)]);
  expect(found("temporal.namespace")).toEqual(["ok", "default, keeps ended runs for 30 days"]);
  expect(found("temporal.search_attributes")).toEqual(["ok", expect.stringContaining("AcoWaitsFor")]);
  expect(found("temporal.workers")[0]).toBe("ok");
  expect(found("database.migrations")).toEqual(["ok", "up to date"]);
  expect(found("database.writable")[0]).toBe("ok");
  expect(found("port.api")).toEqual(["ok", expect.stringMatching(/ is in use; a server of ours runs$/)]);
  expect(found("data.holder")).toEqual(["ok", expect.stringContaining("a server of ours")]);
});

test("says of each thing that is wrong how to mend it, and exits 1", async () => {
  const wrong = {
    TEMPORAL_ADDRESS: "127.0.0.1:1",
    DATABASE_URL: "postgresql://aco:hunter2@127.0.0.1:1/aco",
    ACO_SERVER: NOWHERE,
    ACO_DATA_DIR: path.join(folder, "open"),
  };
  fs.mkdirSync(wrong.ACO_DATA_DIR, { mode: 0o755 });
  const checks = await doctor(wrong, "--listen", "127.0.0.1:0");
  expect(checks.get("temporal")).toMatchObject({ status: "fail", found: expect.stringContaining("ECONNREFUSED") });
  expect(checks.get("database")).toMatchObject({ status: "fail", fix: expect.stringContaining("DATABASE_URL") });
  expect(checks.get("server")).toMatchObject({ status: "fail", fix: expect.stringContaining("ACO_SERVER") });
  expect(checks.get("data.folder")).toMatchObject({ status: "warn", fix: expect.stringContaining("chmod 700") });
  expect(JSON.stringify([...checks.values()])).not.toContain("hunter2");
});

test("names the command that makes a namespace, and the flag for another port", async () => {
  const other = {
    TEMPORAL_ADDRESS: server.temporal,
    TEMPORAL_NAMESPACE: "other",
    ACO_DATA_DIR: path.join(folder, "d"),
  };
  const namespace = (await doctor({ ...other, ...server.env() }, "--listen", "127.0.0.1:0")).get("temporal.namespace");
  expect(namespace).toMatchObject({
    status: "fail",
    fix: expect.stringContaining("namespace create --namespace other"),
  });

  const taken = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => taken.once("listening", resolve));
  const { port } = taken.address() as net.AddressInfo;
  const flags = ["--listen", "--webhook-listen", "--web-listen"];
  const listening = flags.flatMap((flag) => [flag, `127.0.0.1:${port}`]);
  const checks = await doctor({ ACO_DATA_DIR: path.join(folder, "d") }, ...listening);
  taken.close();
  const found = ["port.api", "port.webhooks", "port.web"].map((id) => checks.get(id));
  expect(found).toMatchObject(
    flags.map((flag) => ({ status: "fail", fix: expect.stringContaining(`with ${flag} or`) })),
  );
});

test("refuses wrong settings by name, and goes on with the rest", async () => {
  const checks = await doctor({ ACO_TEMPORAL_PORT: "many", ACO_DATA_DIR: folder });
  expect(checks.get("config")).toMatchObject({ status: "fail", found: expect.stringContaining("ACO_TEMPORAL_PORT") });
  expect(checks.get("server")?.status).toBe("warn");
});

test("shows a table with the fixes below it", async () => {
  const env = { ACO_DATA_DIR: path.join(folder, "e"), ACO_SERVER: NOWHERE };
  const { stdout, code } = await aco(["doctor", "--format", "table", ...anyPorts], { env });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^FAIL +server +cannot reach/m);
  expect(stdout).toMatch(/\nFAIL server: cannot reach .*\n {5}Start one with/);
  expect(stdout).toMatch(/\n1 check fails\n$/);
});
