/** `aco workflow simulate`: offline, and with the results of a past execution. */
import path from "node:path";
import { aco, jsonLines, startDevServer } from "./aco-command";
import { cleanUp, temporaryFolder } from "./aco-process";

jest.setTimeout(120_000);

const INPUT = '{"order": "A-17", "amount": 900}';
const simulate = (...args: readonly string[]) => aco(["workflow", "simulate", ...args]);
const refund = (...args: readonly string[]) => simulate("examples/refund.yaml", "--input", INPUT, ...args);

interface Report {
  readonly outcome: { readonly status: string };
  readonly output: unknown;
  readonly path: readonly { readonly id: string; readonly status: string }[];
  readonly not_mocked: readonly string[];
}

const reportOf = (stdout: string): Report => {
  const [report] = jsonLines<Report>(stdout);
  if (report === undefined) throw new Error("no report");
  return report;
};

describe("without a server", () => {
  test("prints the way, the outcome and what it costs", async () => {
    const { code, stdout, stderr } = await refund("--mocks", "examples/refund.mocks.yaml");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines[1]).toMatch(/^\+0ms\treview\tapproval\tcompleted\t1d02h\t/);
    expect(lines).toContain("outcome: completed");
    expect(lines).toContain("took: 22d02h of virtual time");
    expect(lines).toContain("edges never taken: route -> pay (/edges/0); review -> refused (/edges/3)");
    expect(lines).toContainEqual(expect.stringMatching(/^activities: 3 \(4 attempts\)$/));
  });

  test("prints a table, with the stream's events where they are asked for", async () => {
    const { stdout } = await refund("--mocks", "examples/refund.mocks.yaml", "--format", "table", "--events");
    expect(stdout).toMatch(/^AT +NODE +TYPE +STATUS +TOOK +REMARK\n/);
    expect(stdout).toMatch(/review +completed 1d02h\n/);
    expect(stdout).toMatch(/^nodes never run +refused$/m);
  });

  test("prints JSON, and exits 1 where the run does not complete", async () => {
    const mocks = '{"review": {"approved": true, "by": "ada"}, "pay": {"error": {"code": "SHELL_EXIT_CODE"}}}';
    const { code, stdout } = await refund("--mocks", mocks, "--format", "json");
    expect(code).toBe(1);
    expect(reportOf(stdout)).toMatchObject({
      outcome: { status: "failed", code: "SHELL_EXIT_CODE", node_id: "pay" },
      never_run: ["cooling_off", "ask", "refused", "answer"],
      cost: { attempts: 3 },
    });
  });

  test("says what a run waits for, and how to go on", async () => {
    const { code, stdout } = await aco(["workflow", "simulate", "-"], {
      stdin: "nodes: [{id: go, type: signal, config: {name: start}}]",
    });
    expect(code).toBe(1);
    expect(stdout).toContain("go waits for ever for the message 'start'; mock it with go: {payload: ...}");
  });

  test("runs at a time that is given, and strictly", async () => {
    const stdin =
      "nodes: [{id: w, type: wait, config: {until: '2030-01-02T00:00:00Z'}}, {id: t, type: task, config: {task_type: noop, config: {}}}]";
    const args = ["workflow", "simulate", "-", "--start", "2030-01-01T00:00:00Z"];
    expect((await aco(args, { stdin })).stdout).toContain("took: 1d00h of virtual time");
    const strict = await aco([...args, "--strict"], { stdin });
    expect(strict).toMatchObject({ code: 1, stdout: expect.stringContaining("failed at t: NOT_MOCKED") });
  });

  test.each([
    [["--mocks", '{"revieww": {}}'], /mocks\/revieww: there is no node 'revieww'; did you mean 'review'\?/],
    [["--mocks", '{"pay": {"after": "soon"}}'], /mocks\/pay\/after: must be a duration such as/],
    [["--mocks", "[]"], /--mocks must hold an object: mocks by node id/],
    [["--mocks", "/no/such.yaml"], /cannot read \/no\/such.yaml: there is no such file/],
    [["--input", '{"order": 1, "amount": 2}'], /input\/order: must be string/],
    [["--start", "tomorrow"], /'--start <time>' argument 'tomorrow' is invalid/],
    [["--max-steps", "0"], /'--max-steps <n>' argument '0' is invalid/],
  ])("refuses %j", async (args, message) => {
    const { code, stdout, stderr } = await refund(...args);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });

  test("refuses what is no workflow", async () => {
    expect(await simulate("examples/disk-report.json")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("holds a task"),
    });
    const broken = await aco(["workflow", "simulate", "-"], { stdin: "nodes: [{id: a, type: aproval}]" });
    expect(broken).toMatchObject({ code: 2 });
    expect(broken.stderr).toMatch(/\/nodes\/0\/type: .*did you mean 'approval'/);
  });
});

describe("with a past execution", () => {
  afterAll(cleanUp);

  test("goes the way that the execution went, and another one with other mocks", async () => {
    const server = await startDevServer(path.join(temporaryFolder(), "data"));
    const at = ["--server", server.url];
    const file = "examples/import-with-quarantine.yaml";
    const run = await aco(["run", file, ...at, "--format", "json"]);
    const [started] = jsonLines<{ execution_id: string }>(run.stdout);
    const from = ["--from", started?.execution_id ?? "", ...at, "--format", "json"];

    const again = await simulate(file, ...from);
    expect({ code: again.code, stderr: again.stderr }).toEqual({ code: 0, stderr: "" });
    const report = reportOf(again.stdout);
    expect(report.output).toEqual({ imported: false, message: "load is skipped, quarantine is completed" });
    expect(report.not_mocked).toEqual([]);

    const failed = report.path.find(({ status }) => status === "failed")?.id ?? "";
    const mended = await simulate(file, ...from, "--mocks", JSON.stringify({ [failed]: { output: { stdout: "" } } }));
    expect(reportOf(mended.stdout).path).toContainEqual(expect.objectContaining({ id: failed, status: "completed" }));
    await server.process.end("SIGTERM");
  });

  test("says that there is no such execution, or no server", async () => {
    const { code, stderr } = await refund(
      "--from",
      "0194f1c0-7b2a-7c3d-8e4f-5a6b7c8d9e0f",
      "--server",
      "http://127.0.0.1:1",
    );
    expect(code).toBe(3);
    expect(stderr).toMatch(/127\.0\.0\.1:1/);
  });
});
