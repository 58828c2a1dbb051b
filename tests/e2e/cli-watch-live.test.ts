/** The live view, as somebody at a terminal sees it, on a real server. */
import net, { type AddressInfo } from "node:net";
import path from "node:path";
import { INSTALL_TIMEOUT_MS, installPythonPackages } from "../python-packages";
import { aco, type DevServer, startDevServer } from "./aco-command";
import { cleanUp, temporaryFolder } from "./aco-process";
import { DrivenTerminal, type TerminalOptions } from "./drive-terminal";

jest.setTimeout(180_000);

const dataDir = path.join(temporaryFolder(), "data");
let server: DevServer;
const terminals: DrivenTerminal[] = [];

beforeAll(async () => {
  await installPythonPackages();
  server = await startDevServer(dataDir);
}, INSTALL_TIMEOUT_MS);
afterEach(() => {
  for (const terminal of terminals.splice(0)) terminal.close();
});
afterAll(cleanUp);

function open(args: readonly string[], options: Partial<TerminalOptions> = {}): DrivenTerminal {
  const terminal = new DrivenTerminal(args, { ...options, env: { ACO_SERVER: server.url, ...options.env } });
  terminals.push(terminal);
  return terminal;
}

const shell = (id: string, command: string, more: object = {}) => ({
  id,
  type: "task",
  config: { task_type: "shell", config: { command } },
  ...more,
});

async function start(definition: object): Promise<string> {
  const { stdout, stderr } = await aco(["run", "-", "--detach"], {
    env: { ACO_SERVER: server.url },
    stdin: JSON.stringify({ name: "ship it", ...definition }),
  });
  expect(stderr).toBe("");
  return stdout.trim();
}

async function statusOf(id: string): Promise<{ status: string; paused?: boolean; output?: unknown }> {
  const { stdout } = await aco(["execution", "get", id, "--format", "json"], { env: { ACO_SERVER: server.url } });
  return JSON.parse(stdout);
}

const APPROVAL = {
  id: "release",
  type: "approval",
  config: {
    message: "Release v2?",
    schema: { type: "object", required: ["window"], properties: { window: { enum: ["day", "night"] } } },
  },
};

test("shows nodes while they end, pauses and resumes by a key, and takes the answer to an approval", async () => {
  const id = await start({
    timeout: "30m",
    nodes: [shell("build", "echo compiling; sleep 6; echo linked"), APPROVAL, shell("announce", "echo announced")],
    edges: [
      { source: "build", target: "release" },
      { source: "release", target: "announce" },
    ],
  });
  const terminal = open(["execution", "watch", id]);
  await terminal.until(/build +task +running/);
  expect((await terminal.until(/release +approval +waiting .* Release v2\?/)).alternate).toBe(true);
  const seen = await terminal.look();
  expect(seen.lines[0]).toMatch(/^ship it {2}RUNNING .* out of time in 29m\d\ds$/);
  expect(seen.lines.some((line) => /✓ +build +task +completed .* linked$/.test(line))).toBe(true);

  await terminal.type("p");
  await terminal.until(/^ship it {2}PAUSED by /);
  expect((await statusOf(id)).paused).toBe(true);
  await terminal.type("p");
  await terminal.until(/^ship it {2}RUNNING/);

  await terminal.type("a");
  await terminal.until(/What do you say\?/);
  await terminal.type("\r");
  await terminal.until(/● day/);
  await terminal.type("\u001b[B");
  await terminal.until(/● night/);
  await terminal.type("\r");
  await terminal.until(/Comment/);
  await terminal.type("fine\r");
  await terminal.until(/✓ +announce +task +completed .* announced$/);
  await terminal.until(/^ship it {2}COMPLETED/);
  await terminal.type("q");
  const end = await terminal.untilEnd();
  expect(end).toMatchObject({ code: 0, alternate: false, cursor: true, echoes: true });
  expect(end.lines.some((line) => /^completed in /.test(line))).toBe(true);
  expect(JSON.stringify((await statusOf(id)).output)).toContain("announced");
});

test("asks before it cancels, tells when a task is tried again, and fits a window of any size", async () => {
  const retry = { retry: { max_attempts: 5, initial_interval: "60s" } };
  const id = await start({ nodes: [shell("flaky", "echo trying; exit 7", retry)] });
  const terminal = open(["execution", "watch", id], { columns: 80, rows: 24, env: { NO_COLOR: "1" } });
  await terminal.until(/flaky +task +retrying .* attempt 2 of 5 in \d/);
  for (const [columns, rows] of [
    [40, 8],
    [20, 3],
    [100, 2],
    [120, 40],
  ] as const) {
    await terminal.resize(columns, rows);
    const { lines } = await terminal.until(({ lines: shown }) => shown[0]?.startsWith("ship it") === true);
    expect(lines).toHaveLength(rows);
  }
  await terminal.until(/flaky +task +retrying/);
  await terminal.type("R");
  await terminal.until(/attempt 3 of 5 in/);
  await terminal.type("Cn");
  await terminal.until(/left as it is/);
  expect((await statusOf(id)).status).toBe("RUNNING");
  await terminal.type("C");
  await terminal.until(/cancel the whole execution\? y yes/);
  await terminal.type("y");
  await terminal.until(/^ship it {2}CANCELLED/);
  await terminal.type("q");
  expect(await terminal.untilEnd()).toMatchObject({ code: 1, alternate: false });
});

test("leaves the execution alone when somebody quits, and the terminal as it was however it ends", async () => {
  const id = await start({ nodes: [{ id: "go", type: "signal", config: { name: "go" } }] });
  const quit = open(["execution", "watch", id]);
  const seen = await quit.until(/go +signal +waiting .* signal go$/);
  expect(seen).toMatchObject({ alternate: true, cursor: false, echoes: false });
  // No shell could bring it back, so it is not stopped.
  await quit.type("\u001a");
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await quit.until(/go +signal +waiting/)).toMatchObject({ alternate: true, echoes: false });
  await quit.type("q");
  const left = await quit.untilEnd();
  expect(left).toMatchObject({ code: 130, alternate: false, cursor: true, echoes: true });
  expect(left.lines.join("\n")).toContain("detached; the execution goes on");
  for (const [signal, code] of [
    ["TERM", 143],
    ["HUP", 129],
  ] as const) {
    const terminal = open(["execution", "watch", id]);
    await terminal.until(/go +signal +waiting/);
    await terminal.signal(signal);
    expect(await terminal.untilEnd()).toMatchObject({ code, alternate: false, cursor: true, echoes: true });
  }
  expect((await statusOf(id)).status).toBe("RUNNING");

  const plain = open(["execution", "watch", id, "--format", "plain"]);
  expect((await plain.until(/go +started/)).alternate).toBe(false);
  await plain.type("\u0003");
  expect((await plain.untilEnd()).code).toBe(130);
});

test("opens no view for somebody who interrupted before the server answered", async () => {
  const id = await start({ nodes: [{ id: "go", type: "signal", config: { name: "go" } }] });
  const { hostname, port } = new URL(server.url);
  let reached: () => void = () => undefined;
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  let answer: () => void = () => undefined;
  const mayAnswer = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const slow = net.createServer((socket) => {
    reached();
    const upstream = net.connect(Number(port), hostname);
    for (const one of [socket, upstream]) one.on("error", () => undefined);
    socket.pipe(upstream);
    void mayAnswer.then(() => upstream.pipe(socket));
  });
  await new Promise<void>((resolve) => slow.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${(slow.address() as AddressInfo).port}`;
    const terminal = open(["execution", "watch", id], { env: { ACO_SERVER: url } });
    await isReached;
    await terminal.signal("TERM");
    await new Promise((resolve) => setTimeout(resolve, 500));
    answer();
    const end = await terminal.untilEnd();
    expect(end).toMatchObject({ code: 143, alternate: false, echoes: true });
    expect(end.lines.join("\n")).toContain("detached; the execution goes on");
  } finally {
    slow.close();
  }
});

test("moves through two thousand nodes, and writes a screen", async () => {
  const nodes = Array.from({ length: 1_999 }, (_, index) => ({
    id: `n${index}`,
    type: "transform",
    config: { output: 1 },
  }));
  const last = { id: "last", type: "signal", config: { name: "last" } };
  const id = await start({ nodes: [...nodes, last] });
  const terminal = open(["execution", "watch", id]);
  await terminal.until(/^1 waiting {2}1999 completed/);
  await terminal.type("g");
  await terminal.until(/^› ?✓ +n0 /);
  const before = await terminal.look();
  await terminal.type("G");
  await terminal.until(/^› ?◆ +last /);
  // One screen was written, and not two thousand lines.
  expect((await terminal.look()).written - before.written).toBeLessThan(20_000);
  await terminal.type("/n1998\r");
  await terminal.until(/^› ?✓ +n1998 /);
  await terminal.type("q");
  expect((await terminal.untilEnd()).code).toBe(130);
});

test("aco tui leads through executions, approvals and schedules, and into an execution and back", async () => {
  const env = { ACO_SERVER: server.url };
  const id = await start({ name: "ask first", nodes: [{ id: "ok", type: "approval", config: { message: "Go on?" } }] });
  const task = await aco(["task", "create", "--title", "sweep", "--type", "noop", "--config", "{}"], { env });
  const schedule = ["schedule", "create", "--id", "nightly", "--task", task.stdout.trim(), "--cron", "30 2 * * *"];
  expect((await aco(schedule, { env })).code).toBe(0);
  const terminal = open(["tui"], { columns: 110 });
  const row = new RegExp(`running +ask first .*${id}`);
  await terminal.until(row);
  await terminal.type("\r");
  await terminal.until(/^ask first {2}RUNNING/);
  expect((await terminal.until(/ok +approval +waiting .* Go on\?/)).lines.at(-1)).toContain("q back");
  await terminal.type("q");
  await terminal.until(row);

  await terminal.type("/status=bogus\r");
  await terminal.until(/^--status must be/);
  expect((await terminal.look()).lines.at(-1)).toMatch(/^\/status=bogus_/);
  await terminal.type(`${"\u007f".repeat(5)}failed label.of=nobody\r`);
  expect((await terminal.until(/^0 {2}status=failed label\.of=nobody/)).lines.join("\n")).not.toContain(id);
  await terminal.type("\u001b");
  await terminal.until(row);

  await terminal.type("2");
  await terminal.until(/^› ?◆ .* ask first +ok +Go on\?/);
  await terminal.type("a");
  await terminal.until(/● approve/);
  await terminal.type("\r");
  await terminal.until(/Comment/);
  await terminal.type("\r");
  await terminal.until(/nothing to show/);
  expect((await statusOf(id)).status).toBe("COMPLETED");

  await terminal.type("3");
  await terminal.until(/nightly +active +sweep +in \d/);
  await terminal.type("p");
  await terminal.until(/nightly +paused/);
  const { stdout } = await aco(["schedule", "list"], { env });
  expect(stdout).toMatch(/^nightly\tpaused\t/);
  await terminal.type("q");
  expect(await terminal.untilEnd()).toMatchObject({ code: 0, alternate: false, cursor: true, echoes: true });

  const piped = await aco(["tui"], { env });
  expect(piped).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("needs a terminal") });
});

test("aco tui opens one execution however often Enter is pressed, and shows nothing of it once it is left", async () => {
  const id = await start({ nodes: [{ id: "go", type: "signal", config: { name: "go" } }] });
  const row = new RegExp(`ship it .*${id}`);
  const terminal = open(["tui"], { columns: 110 });
  await terminal.until(row);
  await terminal.type("\r\r");
  await terminal.until(/go +signal +waiting/);
  // The answer to the request comes when the list is back.
  await terminal.type("pq");
  await terminal.until(row);
  for (const until = Date.now() + 1_000; Date.now() < until; )
    expect((await terminal.look()).lines[0]).toMatch(/^\[1 Executions\]/);
  expect((await statusOf(id)).paused).toBe(true);
  await terminal.type("\rq");
  expect(await terminal.untilEnd()).toMatchObject({ code: 0, alternate: false, echoes: true });
});

test("says that the server is gone, and goes on where it was when it is back", async () => {
  const id = await start({
    nodes: [
      shell("build", "echo built"),
      { id: "go", type: "signal", config: { name: "go" } },
      shell("after", "echo after"),
    ],
    edges: [
      { source: "build", target: "go" },
      { source: "go", target: "after" },
    ],
  });
  const terminal = open(["execution", "watch", id]);
  await terminal.until(/go +signal +waiting/);
  await server.process.end("SIGKILL");
  await terminal.until(/^ship it .* reconnecting for /);
  expect((await terminal.look()).lines.some((line) => /build +task +completed .* built$/.test(line))).toBe(true);
  server = await startDevServer(dataDir, "--listen", server.grpc);
  await terminal.until(({ lines }) => lines[0]?.includes("reconnecting") === false);
  expect((await aco(["execution", "signal", id, "go"], { env: { ACO_SERVER: server.url } })).code).toBe(0);
  await terminal.until(/✓ +after +task +completed .* after$/);
  await terminal.until(/^ship it {2}COMPLETED/);
  await terminal.type("q");
  expect(await terminal.untilEnd()).toMatchObject({ code: 0, alternate: false, echoes: true });
});
