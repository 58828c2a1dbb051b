import { serverForTests } from "./aco-command";

jest.setTimeout(180_000);

const { on } = serverForTests();

async function createTask(): Promise<string> {
  const created = await on("task", "create", "--title", "t", "--type", "noop", "--config", "{}");
  expect(created.stderr).toBe("");
  return created.stdout.trim();
}

test("creates, shows, changes, triggers and deletes a schedule, in each format", async () => {
  const task = await createTask();
  const created = await on(
    ...["schedule", "create", "--id", "nightly", "--task", task, "--cron", "30 2 * * *", "--every", "1h/15m"],
    ...[
      "--calendar",
      '{"hour": 9, "day_of_week": "MON-FRI"}',
      "--time-zone",
      "Europe/Berlin",
      "--overlap",
      "buffer-one",
    ],
  );
  expect(created).toMatchObject({ code: 0, stdout: "nightly\n", stderr: "" });
  const shown = await on("schedule", "describe", "nightly", "--next", "1", "--format", "json");
  const schedule = JSON.parse(shown.stdout);
  expect(schedule).toMatchObject({
    id: "nightly",
    task_id: task,
    overlap: "buffer_one",
    spec: { cron: ["30 2 * * *"], intervals: [{ every: "1h", offset: "15m" }], time_zone: "Europe/Berlin" },
    next_times: [expect.stringMatching(/Z$/)],
  });
  const again = await on("schedule", "preview", "--spec", JSON.stringify(schedule.spec), "--count", "1");
  expect(again.stdout.trim()).toBe(schedule.next_times[0]);
  expect((await on("schedule", "update", "nightly", "--cron", "@daily", "--note", "x")).code).toBe(0);
  expect((await on("schedule", "pause", "nightly", "--note", "why")).stdout).toBe("nightly\n");
  expect((await on("schedule", "trigger", "nightly")).stdout).toBe("nightly\n");
  const table = await on("schedule", "describe", "nightly", "--format", "table");
  expect(table.stdout).toMatch(/state +paused\nnote +why\ntimes +cron @daily\n/);
  expect((await on("schedule", "list")).stdout).toContain(`nightly\tpaused\ttask\t${task}\t`);
  expect((await on("schedule", "delete", "nightly")).stdout).toBe("nightly\n");
  expect(await on("schedule", "describe", "nightly")).toMatchObject({
    code: 1,
    stderr: 'aco: there is no schedule "nightly"\n',
  });
});

test("warns of times that never come, and shows such a schedule as having nothing to start", async () => {
  const task = await createTask();
  const never = ["--cron", "0 0 31 2 *"];
  const stderr = "aco: warning: none of these times ever comes\n";
  expect(await on("schedule", "preview", ...never)).toEqual({ code: 0, stdout: "", stderr });
  const created = await on("schedule", "create", "--id", "never", "--task", task, ...never);
  expect(created).toEqual({ code: 0, stdout: "never\n", stderr });
  expect((await on("schedule", "list")).stdout).toContain("never\tnothing to start\ttask\t");
  expect((await on("schedule", "describe", "never")).stdout).toContain("\nstate: nothing to start\n");
  expect((await on("schedule", "update", "never", "--note", "x")).stderr).toBe("");
  expect((await on("schedule", "update", "never", "--cron", "0 0 31 1 *")).stderr).toBe("");
  expect((await on("schedule", "update", "never", ...never)).stderr).toBe(stderr);
});

test("describes in plain lines, with the input on one, and tells what is to come without showing it", async () => {
  const input = { env: { A: "a  b", B: "c" } };
  const create = ["schedule", "create", "--id", "plain", "--every", "1h", "--input", JSON.stringify(input)];
  const shell = await on("task", "create", "--title", "t", "--type", "shell", "--config", '{"command": "true"}');
  await on(...create, "--task", shell.stdout.trim());
  const { stdout } = await on("schedule", "describe", "plain", "--next", "0");
  expect(stdout).toContain(`\ninput: ${JSON.stringify(input)}\n`);
  expect(stdout).toContain("\nstate: active\n");
  expect(stdout).not.toContain("next:");
});

test("exits 2 for a wrong command line and 1 for what the server refuses", async () => {
  const task = await createTask();
  expect((await on("schedule", "update", "x")).code).toBe(2);
  expect((await on("schedule", "create", "--task", task, "--overlap", "often")).code).toBe(2);
  expect((await on("schedule", "preview", "--calendar", '{"hours": 1}')).stderr).toContain("unknown fields: hours");
  expect((await on("schedule", "backfill", "x")).code).toBe(2);
  const refused = await on("schedule", "create", "--task", task, "--cron", "61 * * * *");
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("spec/cron/0: minute: ") });
});
