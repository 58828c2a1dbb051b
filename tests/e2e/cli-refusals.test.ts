/** What is refused before anything is sent, and what is said when nobody answers. Needs no server. */
import http from "node:http";
import type { AddressInfo } from "node:net";
import net from "node:net";
import { aco, shell } from "./aco-command";

/** A port that nobody listens on: reserved by the system and given back. */
async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const ID = "0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f";

describe("a wrong command line exits 2 and says why", () => {
  test.each([
    [["tsk"], /unknown command 'tsk'\n\(Did you mean task\?\)/],
    [["task"], /Usage: aco task/],
    [["task", "get"], /missing required argument 'id'/],
    [["task", "get", ID, "more"], /too many arguments/],
    [["task", "list", "--limit", "ten"], /'--limit <n>' argument 'ten' is invalid/],
    [["task", "list", "--limit", "99999999999"], /'--limit <n>' argument '99999999999' is invalid/],
    [["task", "list", "--status", "done"], /--status must be one of pending, running, completed, failed, cancelled/],
    [["task", "list", "--colour"], /unknown option '--colour'/],
    [["task", "update", ID], /nothing to change/],
    [["task", "create", "--title", "x", "--type", "shell", "--config", "{"], /--config is not valid JSON/],
    [["task", "create", "--title", "x", "--type", "shell", "--config", "[]"], /--config must be a JSON object/],
    [["task", "create", "-", "--config", "-"], /standard input is empty/],
    [["task", "create", "examples/build-and-test.yaml"], /holds a workflow\nCreate it with: aco workflow create/],
    [["task", "execute", ID, "--reconnect-for", "soon"], /must be a number of seconds/],
    [["workflow", "create"], /missing required argument 'file'/],
    [["workflow", "create", "/no/such.yaml"], /cannot read \/no\/such.yaml: there is no such file/],
    [["workflow", "create", "examples"], /cannot read examples: it is a folder/],
    [["workflow", "create", "examples/disk-report.json"], /holds a task\nCreate it with: aco task create/],
    [["workflow", "create", "package.json"], /holds neither a workflow nor a task/],
    [["workflow", "update", ID], /nothing to change/],
    [["workflow", "execute", ID, "--input", "{x}"], /--input is not valid JSON/],
    [["execution", "list", "--kind", "job"], /--kind must be one of task, workflow/],
    [["execution", "signal", ID], /missing required argument 'name'/],
    [["execution", "signal", ID, "go", "--payload", "{x}"], /--payload is not valid JSON/],
    [["execution", "signal", ID, "go", "--payload", "@/no/such"], /cannot read \/no\/such: there is no such file/],
    [["execution", "answer", ID, "release"], /an answer is yes or no\nGive --approve or --reject/],
    [["execution", "answer", ID, "release", "--approve", "--reject"], /'--approve' cannot be used with .*'--reject'/],
    [["execution", "answer", ID, "release", "--approve", "--form", "{x}"], /--form is not valid JSON/],
    [["workflow", "diff", ID], /missing required argument 'from'/],
    [["workflow", "diff", ID, "0"], /<from> must be a version's number, from 1, or the 64 digits of its hash; got "0"/],
    [["workflow", "diff", ID, "1", "abc"], /<to> must be a version's number.*\n`aco workflow versions ID` lists them/],
    [["run"], /missing required argument 'file'/],
    [["run", "examples/disk-report.json", "--input", "{}"], /holds a task, and a task has no input/],
    [["run", "examples/build-and-test.yaml", "--config-override", "a=1"], /holds a workflow, and only a task/],
    [
      ["server", "start-dev", "--data-dir", "package.json"],
      /package\.json is not a folder\. Choose another with --data-dir/,
    ],
    [["worker", "start", "--data-dir", "package.json/data"], /package\.json is not a folder\. Choose another with/],
    [["status", "--server", "localhost:1"], /--server \(ACO_SERVER\) must be a URL/],
    [["status", "--format", "xml"], /--format \(ACO_FORMAT\) must be one of table, json, plain/],
    [["status", "--connect", "secret"], /--connect \(ACO_CONNECT\) must be none, secret:KEY/],
  ])("%j", async (args, message) => {
    const { code, stdout, stderr } = await aco(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("what is wrong with a definition, before a server is started for it", async () => {
    const stdin = "nodes:\n- {id: a, type: tusk}\n";
    const { code, stdout, stderr } = await aco(["run", "-", "--embedded"], { stdin });
    expect(stderr).toMatch(/^aco: standard input:2:11: NODE_TYPE_UNKNOWN \/nodes\/0\/type: .*did you mean 'task'\?\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("a setting from a variable", async () => {
    const { code, stderr } = await aco(["status"], { env: { ACO_FORMAT: "xml" } });
    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining("ACO_FORMAT) must be one of") });
  });
});

describe("help", () => {
  test.each([
    [["--help"]],
    [["help", "run"]],
    [["run", "--help"]],
    ...["create", "get", "list", "update", "delete", "execute"].flatMap((name) => [
      [["task", name, "--help"]],
      [["workflow", name, "--help"]],
    ]),
    ...["versions", "diff"].map((name) => [["workflow", name, "--help"]]),
    ...["get", "list", "watch", "cancel", "signal", "answer"].map((name) => [["execution", name, "--help"]]),
    [["status", "--help"]],
    [["server", "start-dev", "--help"]],
    [["server", "start", "--help"]],
    [["worker", "start", "--help"]],
  ])("%j exits 0 and shows how to use it", async (args) => {
    const { code, stdout, stderr } = await aco(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: aco/);
    expect(stdout).toMatch(/\$ (\S+=\S+ |[a-z-]+ \| |id=\$\()*aco /);
  });

  test("and --version exit 0", async () => {
    expect(await aco(["--version"])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  });
});

describe("without a server", () => {
  test.each([
    [["status"]],
    [["task", "list"]],
    [["task", "execute", ID]],
    [["workflow", "execute", ID, "--detach"]],
    [["execution", "watch", ID]],
    [["run", "examples/disk-report.json"]],
  ])("%j exits 3 and says what to do", async (args) => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { code, stdout, stderr } = await aco([...args, "--server", url]);
    expect({ code, stdout }).toEqual({ code: 3, stdout: "" });
    expect(stderr).toMatch(`aco: cannot reach ${url}: connection refused`);
    expect(stderr).toMatch("aco server start-dev");
  });

  test("a name that does not resolve exits 3", async () => {
    const { code, stderr } = await aco(["status", "--server", "http://no-such-host.invalid:1"]);
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringContaining("cannot reach") });
  });

  test("a web server in its place is not taken for one", async () => {
    const web = http.createServer((_, response) => response.end("hello")).listen(0, "127.0.0.1");
    await new Promise((resolve) => web.once("listening", resolve));
    const { port } = web.address() as AddressInfo;
    const { code, stderr } = await aco(["status", "--server", `http://127.0.0.1:${port}`]);
    web.close();
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/^aco: .*127\.0\.0\.1/) });
  });

  test("a server that takes the connection and never answers is given up after ten seconds", async () => {
    const silent = net.createServer(() => undefined).listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as AddressInfo;
    const { code, stderr } = await aco(["status", "--server", `http://127.0.0.1:${port}`]);
    silent.close();
    expect({ code, stderr }).toEqual({ code: 3, stderr: expect.stringMatching(/^aco: /) });
  });
});

test("a reader that goes away ends the command quietly", async () => {
  const { stdout, stderr } = await shell("aco --help | head -n 1; echo ${PIPESTATUS[0]}");
  expect(stderr).toBe("");
  expect(stdout).toMatch(/^Usage: aco .*\n(0|141)\n$/);
});

test("credentials over an open connection to another machine get a warning", async () => {
  const { stderr } = await aco(["status", "--server", "http://no-such-host.invalid:1", "--connect", "secret:k"]);
  expect(stderr).toMatch(/^aco: warning: credentials travel unencrypted/);
  expect(stderr).not.toContain("secret:k");
});
