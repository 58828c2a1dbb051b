/**
 * Runs what the README says. Nothing of it is rewritten but addresses and placeholders: commands run in a shell in the
 * clone, code with the packages that the README names.
 */
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { credentials, loadPackageDefinition, type ServiceClientConstructor, type ServiceError } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { type AcoProcess, cleanUp, type ReadyLine, startAco, temporaryFolder, waitFor } from "../e2e/aco-process";
import { describeProtos, descriptorOf } from "../proto/describe-protos";
import { INSTALL_TIMEOUT_MS, installPythonPackages, python } from "../python-packages";
import { REPOSITORY } from "../repository";

jest.setTimeout(120_000);

const README = fs.readFileSync(path.join(REPOSITORY, "README.md"), "utf8");
const DEFAULT_ADDRESS = "localhost:50051";

/** The README's code of one language, a block each. */
function blocks(language: string): readonly string[] {
  return [...README.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(([, code]) => code ?? "");
}

/** The one block of a language that holds `text`. */
function blockWith(language: string, text: string): string {
  const found = blocks(language).filter((code) => code.includes(text));
  expect(found).toHaveLength(1);
  return found[0] ?? "";
}

/** The block's commands, with lines that go on joined and without comments. */
function commandsOf(block: string): readonly string[] {
  const lines = block.replaceAll("\\\n", "").split("\n");
  return lines.map((line) => line.replace(/\s+#.*$/, "").trim()).filter((line) => line !== "");
}

/** The quick start's command that begins with these words. */
function quickStart(begin: string): string {
  const commands = commandsOf(blockWith("sh", "npx aco server start-dev"));
  const [command, ...others] = commands.filter((each) => each.startsWith(`npx aco ${begin}`));
  expect(others).toEqual([]);
  if (command === undefined) throw new Error(`the README has no command that begins with ${begin}`);
  return command;
}

let dataDir: string;
let server: AcoProcess;
let ready: ReadyLine;

/** `start-dev` as the README has it; its settings come from variables. */
async function startServer(ports: Readonly<Record<string, string>>): Promise<void> {
  const args = quickStart("server").split(" ").slice(2);
  server = startAco(args, { ...ports, ACO_DATA_DIR: dataDir, ACO_FORMAT: "json" });
  ready = await server.ready;
}

/** Runs one command of the README in a shell, against our server; rejects where its exit code is not 0. */
function run(command: string): Promise<{ readonly stdout: string }> {
  const env = { ...process.env, ACO_SERVER: `http://${ready.grpc}`, ACO_FORMAT: "plain" };
  return promisify(execFile)("/bin/sh", ["-c", command], { cwd: REPOSITORY, env });
}

beforeAll(async () => {
  dataDir = temporaryFolder();
  await Promise.all([
    installPythonPackages(),
    startServer({ ACO_LISTEN: "127.0.0.1:0", ACO_TEMPORAL_PORT: "0", ACO_UI_PORT: "0" }),
  ]);
}, INSTALL_TIMEOUT_MS);
afterAll(cleanUp);

describe("the quick start", () => {
  test("begins with two commands that the package has", () => {
    const scripts = JSON.parse(fs.readFileSync(path.join(REPOSITORY, "package.json"), "utf8")).scripts;
    const commands = commandsOf(blockWith("sh", "npm ci"));
    // `demo` is run by tests/e2e/demo.test.ts; `test` is what runs this.
    expect(commands).toEqual(["npm ci && npm run demo", "npm ci && npm test"]);
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["demo", "test"]));
  });

  test("has an example that completes", async () => {
    const { stdout } = await run(quickStart("run"));
    expect(stdout.trim().split("\n").at(-1)).toContain("Hello, world!");
  });

  test("has a task that goes on after everything was killed, and can be watched", async () => {
    const taskId = (await run(quickStart("task create"))).stdout.trim();
    const execution = run(quickStart("task execute").replace("TASK_ID", taskId));
    const newest = () => run("npx aco execution list --limit 1");
    await waitFor(async () => (await newest()).stdout.includes(taskId), 20_000);
    const executionId = (await newest()).stdout.split("\t")[0] ?? "";

    await server.end("SIGKILL");
    const port = (address: string) => address.split(":").at(-1) ?? "";
    const ports = { ACO_LISTEN: ready.grpc, ACO_TEMPORAL_PORT: port(ready.temporal), ACO_UI_PORT: port(ready.ui) };
    await startServer(ports);

    expect((await execution).stdout).toContain("bye");
    const watched = await run(quickStart("execution watch").replace("EXECUTION_ID", executionId));
    expect(watched.stdout).toContain("bye");
  });
});

describe("the sample for grpcurl", () => {
  const block = blockWith("sh", "grpcurl");

  test("has requests and methods that the server takes", async () => {
    const samples = commandsOf(block).map((command) => {
      const [, request = "", address, service = "", method = ""] =
        /^grpcurl -plaintext -d '([^']*)'\s+(\S+) (\S+)\/(\w+)$/.exec(command) ?? [];
      expect(address).toBe(DEFAULT_ADDRESS);
      return { service, method, request };
    });
    expect(samples.map(({ method }) => method)).toEqual(["CreateTask", "ExecuteTask"]);
    let taskId = "";
    for (const { service, method, request } of samples) {
      const answers = await call(service, method, JSON.parse(request.replace("TASK_ID", taskId)));
      taskId ||= String(answers[0]?.["id"]);
      if (method === "ExecuteTask")
        expect(answers.at(-1)).toMatchObject({ event_type: "EXECUTION_EVENT_TYPE_COMPLETED" });
    }
  });

  test("runs, where grpcurl is installed", async () => {
    const isInstalled = await run("command -v grpcurl").then(
      () => true,
      () => false,
    );
    if (!isInstalled) return;
    const [create = "", execute = ""] = commandsOf(block).map((each) => each.replace(DEFAULT_ADDRESS, ready.grpc));
    const task = JSON.parse((await run(create)).stdout) as { readonly id: string };
    const { stdout } = await run(execute.replace("TASK_ID", task.id));
    expect(stdout).toContain("EXECUTION_EVENT_TYPE_OUTPUT");
    expect(stdout).toContain("EXECUTION_EVENT_TYPE_COMPLETED");
  });
});

type Answer = Readonly<Record<string, unknown>>;

/** Sends a request as grpcurl would, with nothing but the proto files; resolves to the answers. */
function call(service: string, method: string, request: object): Promise<readonly Answer[]> {
  const loaded = loadSync("tasks.proto", {
    includeDirs: [path.join(REPOSITORY, "proto")],
    keepCase: true,
    enums: String,
  });
  const Client = service
    .split(".")
    .reduce<unknown>(
      (scope, name) => (scope as Record<string, unknown>)[name],
      loadPackageDefinition(loaded),
    ) as ServiceClientConstructor;
  const client = new Client(ready.grpc, credentials.createInsecure());
  return new Promise<readonly Answer[]>((resolve, reject) => {
    const answers: Answer[] = [];
    // A method that streams its answers takes no callback, and ignores this one.
    const sent: NodeJS.EventEmitter = client[method]?.(request, (error: ServiceError | null, answer: Answer) =>
      error === null ? resolve([answer]) : reject(error),
    );
    sent.on("data", (answer: Answer) => answers.push(answer));
    sent.on("error", reject);
    sent.on("end", () => resolve(answers));
  }).finally(() => client.close());
}

test("the sample for Python runs", async () => {
  const folder = temporaryFolder();
  fs.symlinkSync(path.join(REPOSITORY, "proto"), path.join(folder, "proto"));
  const [, generate] = /`python (-m grpc_tools[^`]+)`/.exec(README) ?? [];
  await python(generate?.split(" ") ?? [], { cwd: folder });
  const code = blockWith("python", "import grpc").replaceAll(DEFAULT_ADDRESS, ready.grpc);
  const printed = await python(["-c", code], { cwd: folder });
  const types = printed
    .trimEnd()
    .split("\n")
    .map((line) => line.split(" ")[0]);
  expect(types).toEqual(["STARTED", "OUTPUT", "COMPLETED"].map((name) => `EXECUTION_EVENT_TYPE_${name}`));
  expect(printed).toContain('"text":"hello\\n"');
});

/** Compiling it takes minutes and a Rust tool chain; what can grow out of date is what it names of the contract. */
test("the sample for Rust names what the contract has, as tonic and prost do", () => {
  const code = blockWith("rust", "TaskServiceClient");
  const file = descriptorOf("tasks.proto", describeProtos());
  expect(code).toContain(`include_proto!("${file.package}")`);
  const methods = file.service.flatMap(({ method }) => method.map(({ name }) => name.replace(/(?<!^)[A-Z]/g, "_$&")));
  const used = [...code.matchAll(/client\.(\w+)\(/g)].map(([, name]) => name ?? "");
  expect(used).toEqual(["create_task", "execute_task"]);
  expect(methods.map((name) => name.toLowerCase())).toEqual(expect.arrayContaining(used));
  const requests = [...code.matchAll(/client\.\w+\((\w+) \{(.*?)\}\)\.await/gs)];
  expect(requests).toHaveLength(2);
  for (const [, name, body = ""] of requests) {
    const message = file.messageType.find((each) => each.name === name);
    const fields = [...body.matchAll(/(?:^|[{,])\s*(\w+):(?!:)/g)].map(([, field]) => field ?? "");
    expect(message?.field.map((field) => field.name)).toEqual(expect.arrayContaining(fields));
    // prost wants every field or `..Default::default()`.
    if (!body.includes("..Default::default()")) expect(fields).toHaveLength(message?.field.length ?? 0);
  }
  const event = file.messageType.find(({ name }) => name === "ExecutionEvent");
  const read = [...code.matchAll(/event\.(\w+)/g)].map(([, field]) => field ?? "");
  expect(read).toEqual(["event_type", "data"]);
  expect(event?.field.map(({ name }) => name)).toEqual(expect.arrayContaining(read));
});
