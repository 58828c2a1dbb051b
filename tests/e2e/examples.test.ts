import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { REPOSITORY } from "../repository";
import { aco, type DevServer, startAco, startDevServer } from "./aco-command";
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

test("count-words counts the texts that can be read, and bears a fifth of broken ones", async () => {
  const { stdout, output } = await run("count-words.yaml");
  expect(output).toEqual({ words: 24, counted: 8, broken: ["0.txt", "1.txt"] });
  expect(stdout).toMatch(/texts\[9\]/);
  const tooMany = await failing("count-words.yaml", "--input", '{"texts": 20, "broken": 5}');
  expect(tooMany).toContain("5 of 20 items failed, 4 are borne");
});

test("wait-for-file asks until the file is there, and gives up in the end", async () => {
  expect((await run("wait-for-file.yaml")).output).toEqual({ ready: true, text: "made at check 3" });
  expect((await run("wait-for-file.yaml", "--input", '{"after": 50}')).output).toEqual({
    ready: false,
    text: expect.stringContaining("max_iterations"),
  });
});

test("release-with-approval publishes what a person approves, and puts away what nobody answers", async () => {
  expect((await run("release-with-approval.yaml")).output).toEqual({ published: false, text: "put away" });
  const patient = ["--input", '{"patience": "10m"}'];
  const answered = await whileItWaits("release-with-approval.yaml", patient, /ask/, (executionId) => {
    const form = ["--by", "ada", "--form", '{"notes": "all is well"}'];
    return aco(["execution", "answer", executionId, "ask", "--approve", ...form, "--server", server.url]);
  });
  expect(answered).toEqual({ published: true, text: "notes: all is well" });
});

test("book-a-trip books, and takes everything back when the money is short", async () => {
  expect((await run("book-a-trip.yaml")).output).toEqual({ by: "train", price: 200 });
  const stdout = await failing("book-a-trip.yaml", "--input", '{"km": 1200, "money": 100}');
  const steps = ["hotel given back", "flight given back", "not booked: SHELL_EXIT_CODE at pay; left: 0", "tidied"];
  const places = steps.map((text) => stdout.indexOf(text));
  expect(places).toEqual([...places].sort((left, right) => left - right));
  expect(places).not.toContain(-1);
});

test("first-mirror-wins goes on with the first answer and stops the others", async () => {
  expect((await run("first-mirror-wins.yaml")).output).toEqual({ mirror: "near", far: "cancelled" });
});

test("paid-or-cancelled ships what is paid for, and reminds twice otherwise", async () => {
  expect((await run("paid-or-cancelled.yaml")).output).toBe("not paid after 2 reminders");
  const paid = await whileItWaits("paid-or-cancelled.yaml", [], /payment/, (executionId) =>
    aco(["execution", "signal", executionId, "payment", "--payload", '{"amount": 12}', "--server", server.url]),
  );
  expect(paid).toBe("shipped tea for 12");
});

test("wait-for-many runs the workflow that it is told, once for each item", async () => {
  tried.add("wait-for-many.yaml");
  const child = await aco(["workflow", "create", "examples/wait-for-file.yaml", "--server", server.url]);
  const example = fs.readFileSync(path.join(REPOSITORY, "examples/wait-for-many.yaml"), "utf8");
  const stdin = example.replace("workflow_id: WORKFLOW_ID", `workflow_id: ${child.stdout.trim()}`);
  const { code, stdout, stderr } = await aco(["run", "-", "--server", server.url], { stdin });
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const texts = [1, 2, 3].map((check) => `made at check ${check}`);
  expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toEqual(texts);
});

test("nightly-report measures a day once, and goes on with two of three sources", async () => {
  const day = ["--input", '{"day": "2030-01-31"}'];
  const { output } = await run("nightly-report.yaml", ...day);
  expect(output).toEqual({ measured: expect.any(String), sources: ["a", "b"], mail: "skipped" });
  expect((await run("nightly-report.yaml", ...day)).output).toEqual(output);
  const mailed = await run("nightly-report.yaml", "--input", '{"day": "2030-02-01", "mail": "ada@example.com"}');
  expect(mailed.output).toMatchObject({ mail: "completed" });
  expect(mailed.output).not.toMatchObject({ measured: (output as { readonly measured: string }).measured });
});

test("a stored example is described by its id as its file is, with its version", async () => {
  const file = "examples/book-a-trip.yaml";
  const created = await aco(["workflow", "create", file, "--server", server.url]);
  const describe = ["workflow", "describe", "--format", "json", "--server", server.url];
  const stored = await aco([...describe, created.stdout.trim()]);
  expect(stored).toMatchObject({ code: 0, stderr: "" });
  const { id, version, ...described } = JSON.parse(stored.stdout);
  expect({ id, version }).toEqual({ id: created.stdout.trim(), version: 1 });
  expect(described).toEqual(JSON.parse((await aco([...describe, file])).stdout));
});

/** Runs an example that fails as its header says it does, and returns what it says. */
async function failing(file: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await aco(["run", `examples/${file}`, ...args, "--server", server.url]);
  expect(code).toBe(1);
  return stdout + stderr;
}

/** Runs an example, says something to it from another process once it has come to a node, and returns its output. */
async function whileItWaits(
  file: string,
  args: readonly string[],
  node: RegExp,
  say: (executionId: string) => Promise<{ readonly code: number | null; readonly stderr: string }>,
): Promise<unknown> {
  const started = await aco(["run", `examples/${file}`, ...args, "--detach", "--server", server.url]);
  const executionId = started.stdout.trim();
  const watched = startAco(["execution", "watch", executionId, "--server", server.url]);
  await watched.until(node);
  expect(await say(executionId)).toMatchObject({ code: 0, stderr: "" });
  const { code, stdout } = await watched.result;
  expect(code).toBe(0);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

test("every example was run, and the table in README.md names each", () => {
  const files = fs.readdirSync(path.join(REPOSITORY, "examples")).filter((name) => name !== "README.md");
  expect([...tried].sort()).toEqual(files.sort());
  const readme = fs.readFileSync(path.join(REPOSITORY, "examples", "README.md"), "utf8");
  for (const file of files) expect(readme).toContain(`| [${file}](${file}) |`);
});
