import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { failureOf, RunnersFixture, until } from "./runners-fixture";
import type { RunnerWorker } from "./runners-worker";

const QUEUE = "http";
let fixture: RunnersFixture;
let worker: RunnerWorker;
let server: Server;
let origin: string;
let answer: (request: IncomingMessage, response: ServerResponse, count: number) => void;
let requestTimes: number[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    requestTimes.push(Date.now());
    answer(request, response, requestTimes.length);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  fixture = await RunnersFixture.start();
  worker = await fixture.startWorker(QUEUE);
});
afterAll(async () => {
  await fixture?.stop();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});
beforeEach(() => {
  requestTimes = [];
});

const http = async (config: Parameters<RunnersFixture["startTask"]>[3]) =>
  (await fixture.startTask(worker, QUEUE, "http", { retry: { initial_interval: "10ms" }, ...config })).handle;

test("a JSON request is sent, and its JSON response is the output", async () => {
  answer = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      response.setHeader("content-type", "application/json; charset=utf-8");
      response.setHeader("x-method", `${request.method} ${request.headers["content-type"]} ${request.headers["x-id"]}`);
      response.end(JSON.stringify({ got: JSON.parse(Buffer.concat(chunks).toString()) }));
    });
  };
  const handle = await http({ url: `${origin}/a`, method: "POST", json: { n: [1, null] }, headers: { "X-Id": "7" } });
  expect(await handle.result()).toMatchObject({
    status: 200,
    headers: { "x-method": "POST application/json 7" },
    body: { got: { n: [1, null] } },
  });
});

test("headers that came more than once have all of their values", async () => {
  answer = (_, response) => {
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.setHeader("x-many", ["c", "d"]);
    response.end();
  };
  const output = await (await http({ url: origin })).result();
  expect(output).toMatchObject({ headers: { "set-cookie": "a=1, b=2", "x-many": "c, d" } });
});

test("429 is tried again after Retry-After, and 503 after its interval", async () => {
  answer = (_, response, count) => {
    if (count === 1) response.writeHead(429, { "retry-after": "3" }).end("later");
    else if (count === 2) response.writeHead(503).end("not yet");
    else response.end("fine");
  };
  expect(await (await http({ url: origin })).result()).toMatchObject({ status: 200, body: "fine" });
  const [first = 0, second = 0] = requestTimes;
  expect(requestTimes).toHaveLength(3);
  expect(second - first).toBeGreaterThanOrEqual(2_900);
  console.info(`Retry-After: 3 was tried again after ${second - first} ms`);
});

test("a server that keeps failing fails the task after three attempts, with its last answer", async () => {
  answer = (_, response, count) => {
    response.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify({ count }));
  };
  expect(await failureOf(await http({ url: `${origin}/path?token=secret` }))).toMatchObject({
    code: "HTTP_STATUS",
    message: `GET ${origin}/path: 500 Internal Server Error`,
    details: { status: 500, headers: { "content-type": "application/json" }, body: { count: 3 } },
  });
});

test("404 fails at once", async () => {
  answer = (_, response) => response.writeHead(404).end("nothing here");
  expect(await failureOf(await http({ url: origin }))).toMatchObject({
    code: "HTTP_STATUS",
    details: { status: 404, body: "nothing here" },
  });
  expect(requestTimes).toHaveLength(1);
});

test("a status that is expected is no failure", async () => {
  answer = (_, response) => response.writeHead(404).end();
  expect(await (await http({ url: origin, expected_status: [200, "400-409"] })).result()).toMatchObject({
    status: 404,
  });
});

test("redirects are followed, or given as they are", async () => {
  answer = (request, response) =>
    request.url === "/to" ? response.end("arrived") : response.writeHead(302, { location: "/to" }).end();
  expect(await (await http({ url: `${origin}/from` })).result()).toMatchObject({ status: 200, body: "arrived" });
  const config = { url: `${origin}/from`, follow_redirects: false, expected_status: [302] };
  expect(await (await http(config)).result()).toMatchObject({ status: 302, headers: { location: "/to" } });
});

test("redirects in a circle fail at once", async () => {
  answer = (_, response) => response.writeHead(302, { location: "/" }).end();
  expect(await failureOf(await http({ url: origin }))).toMatchObject({ code: "HTTP_CONNECTION" });
  expect(requestTimes.length).toBeLessThan(30);
});

test("a refused connection is tried three times and says which port refused", async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, "127.0.0.1", resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  expect(await failureOf(await http({ url: `http://127.0.0.1:${port}/x?token=secret` }))).toMatchObject({
    code: "HTTP_CONNECTION",
    message: `GET http://127.0.0.1:${port}/x: connect ECONNREFUSED 127.0.0.1:${port}`,
  });
});

test("a connection that breaks within the body is tried again", async () => {
  answer = (_, response, count) => {
    if (count > 1) return void response.end("whole");
    response.writeHead(200, { "content-length": "100" }).write("part");
    setTimeout(() => response.destroy(), 50);
  };
  expect(await (await http({ url: origin })).result()).toMatchObject({ body: "whole" });
});

test("a body over 1 MiB fails with OUTPUT_TOO_LARGE, and one of exactly that does not", async () => {
  answer = (request, response) => response.end("x".repeat(1024 * 1024 + (request.url === "/more" ? 1 : 0)));
  const most = (await (await http({ url: `${origin}/most` })).result()) as { body: string };
  expect(most.body).toHaveLength(1024 * 1024);
  expect(await failureOf(await http({ url: `${origin}/more` }))).toMatchObject({
    code: "OUTPUT_TOO_LARGE",
    details: { status: 200 },
  });
});

test("an output that is too large once it is escaped as JSON fails with OUTPUT_TOO_LARGE", async () => {
  answer = (_, response) => response.end("\u0001".repeat(512 * 1024));
  expect(await failureOf(await http({ url: origin }))).toMatchObject({ code: "OUTPUT_TOO_LARGE" });
  expect(requestTimes).toHaveLength(1);
});

test("a body that is nested too deeply to be passed on fails with OUTPUT_TOO_LARGE", async () => {
  answer = (_, response) => {
    response.setHeader("content-type", "application/json");
    response.end(`${"[".repeat(5_000)}${"]".repeat(5_000)}`);
  };
  expect(await failureOf(await http({ url: origin }))).toMatchObject({ code: "OUTPUT_TOO_LARGE" });
  expect(requestTimes).toHaveLength(1);
});

test("a body that is no text is given as base64", async () => {
  answer = (_, response) => response.end(Buffer.from([0xff, 0xd8, 0x00]));
  expect(await (await http({ url: origin })).result()).toMatchObject({ body: "/9gA", body_encoding: "base64" });
});

test("a server that never answers is given up when the attempt's time is over", async () => {
  let closed = false;
  answer = (request) => request.once("close", () => (closed = true));
  const handle = await http({ url: origin, timeout: "300ms", retry: { max_attempts: 1 } });
  expect(await failureOf(handle)).toMatchObject({ code: "TIMEOUT" });
  await until(() => closed);
});

test("a cancel closes the connection", async () => {
  let closed = false;
  answer = (request) => request.once("close", () => (closed = true));
  const handle = await http({ url: origin });
  await until(() => requestTimes.length === 1);
  await handle.cancel();
  await until(() => closed);
  await expect(handle.result()).rejects.toMatchObject({ name: "WorkflowFailedError" });
});
