/** `aco workflow import`, without a server. */
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { aco, shell } from "./aco-command";

const POLLER = ["workflow", "import", "docs/import/job-poller.asl.json"];

test("makes a definition that validates, on standard output or in a file", async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "aco-import-"));
  const output = path.join(folder, "poller.yaml");
  const tasks = ["--tasks", "docs/import/job-poller.tasks.yaml"];
  const made = await aco([...POLLER, ...tasks, "--loop-max", "50", "--output", output]);
  expect(made).toEqual({ code: 0, stdout: "", stderr: "" });
  const text = fs.readFileSync(output, "utf8");
  expect(text).toMatch(/^name: job-poller\ndescription: Submits a job/);
  expect(text).toContain("max: 50");
  expect((await aco(["workflow", "validate", output])).code).toBe(0);
  const mocks = JSON.stringify({
    Submit_Job: { output: { exit_code: 0, stdout: "j-1\n", stderr: "" } },
    Get_Job_Status: [{ output: { body: { status: "RUNNING" } } }, { output: { body: { status: "SUCCEEDED" } } }],
  });
  const given = ["--input", '{"wait_time": 30}', "--mocks", mocks, "--format", "json"];
  const simulated = await aco(["workflow", "simulate", output, ...given]);
  expect(JSON.parse(simulated.stdout)).toMatchObject({
    outcome: { status: "completed" },
    output: { wait_time: 30, guid: "j-1", status: "SUCCEEDED" },
    duration_ms: 60_000,
  });
  fs.rmSync(folder, { recursive: true });
});

test("takes a list of steps, in a pipe", async () => {
  const { code, stdout, stderr } = await shell(
    "cat docs/import/release.steps.yaml | aco workflow import - | aco workflow validate -",
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^valid: standard input\n/);
});

test("names every problem with its place, writes nothing and exits 2", async () => {
  const { code, stdout, stderr } = await aco([
    ...POLLER,
    "--task",
    "Get Job Status=01900000-0000-7000-8000-0000000000aa",
  ]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr.trim().split("\n")).toEqual([
    expect.stringMatching(
      /^docs\/import\/job-poller\.asl\.json:7:7: RESOURCE_NOT_MAPPED \/States\/Submit Job\/Resource: state 'Submit Job'.*submit-job/,
    ),
    expect.stringMatching(/: note: ARGUMENTS_NOT_GIVEN \/States\/Get Job Status\/Resource: /),
  ]);
});

test.each([
  [["-"], "a: 1", /neither a state machine nor steps/],
  [["-", "--from", "asl"], "[]", /neither a state machine nor steps/],
  [["docs/import/release.steps.yaml", "--task", "x"], "", /must be NAME=TASK_ID/],
  [["docs/import/release.steps.yaml", "--task", "x=y"], "", /'y' is no task's id/],
  [["docs/import/release.steps.yaml", "--loop-max", "0"], "", /from 1 to 10000/],
  [["docs/import/release.steps.yaml", "--from", "bpmn"], "", /asl, steps/],
])("refuses %j", async (args, stdin, message) => {
  const { code, stdout, stderr } = await aco(["workflow", "import", ...args], { stdin });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});
