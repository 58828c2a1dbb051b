import { readdirSync, readFileSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { create, toBinary } from "@bufbuild/protobuf";
import type { RunningWeb } from "../../src/api/web/start-web";
import { ListExecutionsRequestSchema } from "../../src/gen/connect/executions_pb";
import { REPOSITORY } from "../repository";
import { startTestApi, type TestApi, temporalIsDown } from "./api-server";
import { frame, raw, startTestWeb, trailersOf } from "./web-fixture";

const LIST = "/orchestrator.executions.ExecutionService/ListExecutions";
const WATCH = "/orchestrator.executions.ExecutionService/WatchExecution";
const GRPC_WEB = { "content-type": "application/grpc-web+proto" };
/** What the page loads before it shows anything, as it travels; the layout of graphs comes later, and is larger. */
const MAX_PAGE_BYTES = 150_000;

let test: TestApi;
let web: RunningWeb;
beforeAll(async () => {
  test = await startTestApi(temporalIsDown);
  web = await startTestWeb(test.api, ["https://aco.example.com"]);
});
afterAll(async () => {
  await web.close();
  await test.close();
}, 30_000);

const request = () => frame(toBinary(ListExecutionsRequestSchema, create(ListExecutionsRequestSchema, { limit: 1 })));
const call = (headers: Record<string, string> = {}, body: Buffer = request(), path = LIST) =>
  raw(web.url, path, { method: "POST", headers: { ...GRPC_WEB, ...headers }, body });
const statusOf = async (...args: Parameters<typeof call>) => {
  const { headers, body } = await call(...args);
  return headers["grpc-status"] ?? trailersOf(body)["grpc-status"];
};
const stillServes = async () => expect(await statusOf()).toBe("0");

describe("frames", () => {
  it("takes gRPC-Web as any of its clients writes it", async () => {
    const { status, headers, body } = await call();
    expect([status, headers["content-type"], trailersOf(body)["grpc-status"]]).toEqual([
      200,
      "application/grpc-web+proto",
      "0",
    ]);
    expect(await statusOf({ "x-grpc-web": "1", "x-user-agent": "another", accept: "*/*" })).toBe("0");
  });

  it("takes JSON, for curl", async () => {
    const headers = { "content-type": "application/json" };
    const { status, body } = await raw(web.url, LIST, { method: "POST", headers, body: '{"limit": 1}' });
    expect([status, JSON.parse(body.toString())]).toEqual([200, {}]);
  });

  it.each([
    ["nothing at all", Buffer.alloc(0)],
    ["half a head", Buffer.from([0, 0, 0])],
    ["a message that is cut off", frame(Buffer.from([8, 1]), 0, 100)],
    ["a length of four gigabytes", frame(Buffer.from([8, 1]), 0, 0xffffffff)],
    ["a compressed message without compression", frame(Buffer.from([8, 1]), 1)],
    ["two messages", Buffer.concat([frame(Buffer.from([8, 1])), frame(Buffer.from([8, 1]))])],
    ["no message of that type", frame(Buffer.from([0xff, 0xff, 0xff, 0xff]))],
    ["trailers for a message", frame(Buffer.from("grpc-status: 0\r\n"), 0x80)],
  ])("refuses %s, and goes on serving", async (_what, body) => {
    expect(await statusOf({}, body)).toMatch(/^[1-9]/);
    expect(await statusOf({}, body, WATCH)).toMatch(/^[1-9]/);
    await stillServes();
  });

  it("refuses a message that grows beyond the limit when it is unpacked", async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    expect(await statusOf({ "grpc-encoding": "gzip" }, frame(bomb, 1))).toMatch(/^(8|13)$/);
    await stillServes();
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "application/grpc", ""])(
    "takes no call of the content type '%s', which a form of another site could send or HTTP/1.1 cannot carry",
    async (type) => {
      const answer = await raw(web.url, LIST, { method: "POST", headers: { "content-type": type }, body: "{}" });
      expect(answer.status).toBe(415);
    },
  );

  it("knows every method of every service of ours", async () => {
    const protos = readdirSync(join(REPOSITORY, "proto")).map((file) =>
      readFileSync(join(REPOSITORY, "proto", file), "utf8"),
    );
    const paths = protos.flatMap((text) => {
      const name = /^package ([\w.]+);/m.exec(text)?.[1];
      const service = /^service (\w+)/m.exec(text)?.[1];
      return [...text.matchAll(/^ {2}rpc (\w+)/gm)].map(([, method]) => `/${name}.${service}/${method}`);
    });
    expect(paths.length).toBeGreaterThan(40);
    const answers = await Promise.all(
      paths.map(async (path) => [path, (await call({}, Buffer.alloc(0), path)).status]),
    );
    expect(answers.filter(([, status]) => status !== 200)).toEqual([]);
  });

  it("knows no other methods, and is called with POST", async () => {
    expect((await call({}, request(), "/orchestrator.executions.ExecutionService/Nothing")).status).toBe(404);
    expect((await call({}, request(), "/grpc.health.v1.Health/Check")).status).toBe(405);
    expect((await raw(web.url, LIST)).status).toBe(405);
  });

  it("closes a connection on which no request comes to an end", async () => {
    const socket = connect(Number(new URL(web.url).port), "127.0.0.1");
    const closed = new Promise<string>((resolve) => {
      let text = "";
      socket.on("data", (chunk) => {
        text += chunk.toString();
      });
      socket.on("close", () => resolve(text));
    });
    socket.write("GET / HTTP/1.1\r\nno header at all\r\n\r\n");
    expect(await closed).toContain("400 Bad Request");
  });
});

describe("other people's pages", () => {
  const host = () => new URL(web.url).host;

  it("may not call, and are told nothing by CORS", async () => {
    const { status, headers, body } = await call({ origin: "http://evil.example" });
    expect(status).toBe(403);
    expect(body.toString()).toContain("--web-origin http://evil.example");
    expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    const preflight = await raw(web.url, LIST, {
      method: "OPTIONS",
      headers: { origin: "http://evil.example", "access-control-request-method": "POST" },
    });
    expect([preflight.status, preflight.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
  });

  it("cannot be the same origin by pointing their name here", async () => {
    expect((await call({ host: "evil.example", origin: "http://evil.example" })).status).toBe(421);
    expect((await raw(web.url, "/", { headers: { host: "evil.example" } })).status).toBe(421);
  });

  it("differ from our own, also behind a proxy", async () => {
    expect(await statusOf({ origin: `http://${host()}`, "sec-fetch-site": "same-origin" })).toBe("0");
    expect(await statusOf({ host: "aco.example.com", origin: "https://aco.example.com" })).toBe("0");
    expect((await call({ "sec-fetch-site": "cross-site" })).status).toBe(403);
  });
});

describe("the page", () => {
  it("is served at each of its addresses, under a policy that allows nothing but its own files", async () => {
    for (const path of [
      "/",
      "/executions",
      "/executions/0190a000-0000-7000-8000-000000000000?tab=nodes",
      "/approvals",
      "/schedules",
    ]) {
      const { status, headers, body } = await raw(web.url, path);
      expect([path, status, headers["content-type"]]).toEqual([path, 200, "text/html; charset=utf-8"]);
      const policy = String(headers["content-security-policy"]);
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain("unsafe");
      expect(headers["set-cookie"]).toBeUndefined();
      expect(body.toString()).toContain('<meta name="aco-temporal-namespace" content="de&quot;fault">');
      expect(body.toString()).not.toMatch(/<script>|<style|style=|onload=|https?:\/\/(?!127\.0\.0\.1:8233)/);
    }
  });

  it("is small, compressed, and kept by browsers for as long as it stays the same", async () => {
    const { body } = await raw(web.url, "/");
    const assets = [...body.toString().matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => String(path));
    expect(assets.length).toBeGreaterThanOrEqual(3);
    let bytes = body.length;
    for (const path of assets) {
      const asset = await raw(web.url, path, { headers: { "accept-encoding": "gzip, br" } });
      expect([asset.status, asset.headers["content-encoding"]]).toEqual([200, "gzip"]);
      expect(asset.headers["cache-control"]).toContain("immutable");
      expect(gunzipSync(asset.body)).toEqual((await raw(web.url, path)).body);
      bytes += asset.body.length;
    }
    expect(bytes).toBeLessThan(MAX_PAGE_BYTES);
  });

  it("lets WebAssembly run in the worker that lays graphs out, and nowhere else", async () => {
    const folder = join(REPOSITORY, "dist", "page");
    for (const name of readdirSync(folder).filter((file) => file.endsWith(".js"))) {
      const { headers } = await raw(web.url, `/assets/${name}`);
      expect([name, String(headers["content-security-policy"]).includes("wasm-unsafe-eval")]).toEqual([
        name,
        name.startsWith("layout-"),
      ]);
      expect(readFileSync(join(folder, name), "utf8")).not.toMatch(/sourceMappingURL/);
      expect(statSync(join(folder, name)).isFile()).toBe(true);
    }
  });

  it("has nothing at other addresses", async () => {
    for (const path of [
      "/nothing",
      "/assets/../index.html",
      "/assets/%2e%2e/package.json",
      "/assets/",
      "/executions/a/b",
    ])
      expect([path, (await raw(web.url, path)).status]).toEqual([path, 404]);
    const head = await raw(web.url, "/", { method: "HEAD" });
    expect([head.status, head.body.length]).toEqual([200, 0]);
    expect((await raw(web.url, "/", { method: "PUT" })).status).toBe(405);
  });
});
