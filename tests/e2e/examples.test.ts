import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { REPOSITORY } from "../repository";
import { aco, type DevServer, startDevServer } from "./aco-command";
import { cleanUp, temporaryFolder } from "./aco-process";

jest.setTimeout(180_000);

let server: DevServer;

beforeAll(async () => {
  server = await startDevServer(path.join(temporaryFolder(), "data"));
});
afterAll(async () => {
  await server.process.end("SIGTERM");
  await cleanUp();
});

/** Runs an example as its header says, and returns what it says and its output. */
async function run(file: string, ...args: readonly string[]) {
  tried.add(file);
  const { code, stdout, stderr } = await aco(["run", `examples/${file}`, ...args, "--server", server.url]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return { stdout, output: JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "") as unknown };
}

const tried = new Set<string>();

test("build-and-test builds, tests and reports in parallel branches", async () => {
  const { stdout, output } = await run("build-and-test.yaml");
  expect(output).toEqual({
    greeting: "Hello, world!\n",
    tests_passed: true,
    report: ["files checked: 3", expect.stringMatching(/^bundle: \d+ bytes$/), "it says: Hello, world!"],
  });
  expect(stdout).toMatch(/lint +\| src\/main\.js is fine/);
  const hostile = await run("build-and-test.yaml", "--input", JSON.stringify({ name: "$(touch /tmp/x); 'parrot'" }));
  expect(hostile.output).toMatchObject({ greeting: "Hello, $(touch /tmp/x); 'parrot'!\n" });
});

test("fetch-and-merge fetches with retries and merges", async () => {
  const answers: Readonly<Record<string, unknown>> = {
    "/users.json": [{ id: 1, name: "Ada" }],
    "/orders.json": [
      { user_id: 1, item: "tea", count: 2 },
      { user_id: 2, item: "cups", count: 40 },
    ],
    "/stock.json": [{ item: "tea", count: 10 }],
  };
  let stockRequests = 0;
  const shop = http.createServer((request, response) => {
    const isBusy = request.url === "/stock.json" && ++stockRequests < 3;
    response.writeHead(isBusy ? 503 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answers[request.url ?? ""]));
  });
  shop.listen(0, "127.0.0.1");
  await new Promise((resolve) => shop.once("listening", resolve));
  const baseUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`;
  const { output } = await run("fetch-and-merge.yaml", "--input", JSON.stringify({ base_url: baseUrl }));
  expect(output).toEqual({
    orders: [
      { name: "Ada", item: "tea", count: 2, available: true },
      { name: null, item: "cups", count: 40, available: false },
    ],
    items_ordered: 42,
  });
  expect(stockRequests).toBe(3);
  shop.close();
});

test("fetch-and-merge refuses an input without a base URL", async () => {
  const { code, stderr } = await aco(["run", "examples/fetch-and-merge.yaml", "--server", server.url]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/input.*base_url/) });
});

test("import-with-quarantine takes its error branch on bad rows, and loads good ones", async () => {
  expect((await run("import-with-quarantine.yaml")).output).toEqual({
    imported: false,
    message: "load is skipped, quarantine is completed",
  });
  const rows = ["--input", '{"rows": ["apples 3", "pears 5"]}'];
  const { stdout, output } = await run("import-with-quarantine.yaml", ...rows);
  expect(output).toEqual({ imported: true, message: "load is completed, quarantine is skipped" });
  expect(stdout).toMatch(/load +\| 8/);
});

test("conditional-fan-out does what the number of files asks for", async () => {
  expect((await run("conditional-fan-out.json", "--input", '{"files": 3}')).output).toMatchObject({
    files: 3,
    archived: false,
    split: false,
    summary: "checksum completed, archive skipped, split skipped",
  });
  expect((await run("conditional-fan-out.json", "--input", '{"files": 30}')).output).toMatchObject({
    archived: true,
    split: true,
  });
});

test("retry-until-healthy succeeds at the third attempt", async () => {
  const { stdout, output } = await run("retry-until-healthy.yaml");
  expect(output).toBe("healthy after 3 tries");
  expect(stdout).toMatch(/healthy +\| attempt 3/);
});

test("disk-report runs one task", async () => {
  const { output } = await run("disk-report.json");
  expect(output).toMatchObject({ exit_code: 0, stdout: expect.stringMatching(/\/.* has \d+ KiB free/) });
});

test("refund is simulated with its mocks", async () => {
  const mocks = ["--mocks", "examples/refund.mocks.yaml"];
  const input = ["--input", '{"order": "A-17", "amount": 900}'];
  const { code, stdout } = await aco(["workflow", "simulate", "examples/refund.yaml", ...input, ...mocks]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('"answer":"all is well\\n"') });
  // The third file holds unit tests, and is run as such.
  for (const file of ["refund.yaml", "refund.mocks.yaml", "refund.test.ts"]) tried.add(file);
});

test("every example was run, and the table in README.md names each", () => {
  const files = fs.readdirSync(path.join(REPOSITORY, "examples")).filter((name) => name !== "README.md");
  expect([...tried].sort()).toEqual(files.sort());
  const readme = fs.readFileSync(path.join(REPOSITORY, "examples", "README.md"), "utf8");
  for (const file of files) expect(readme).toContain(`| [${file}](${file}) |`);
});
