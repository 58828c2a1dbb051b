import { spawn, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject } from "../core/json";
import type { ShellConfig } from "../definition/task-types/shell";
import { registeringCommand } from "./orphan-watchdog";
import type { RunnerContext } from "./runner";
import { createShellRunner, OUTPUT_TAIL_BYTES } from "./shell";

let workspacePath: string;
beforeEach(async () => {
  workspacePath = await mkdtemp(join(tmpdir(), "aco-shell-"));
});
afterEach(() => rm(workspacePath, { recursive: true, force: true }));

const runner = createShellRunner({ PATH: "/usr/bin:/bin" });
const ID = "0192f0c1-0000-7000-8000-000000000000";

function run(config: Partial<ShellConfig>, context: Partial<RunnerContext> = {}) {
  const said: JsonObject[] = [];
  const output = runner.run(
    { success_exit_codes: [0], ...config },
    {
      executionId: ID,
      attempt: 1,
      workspace: async () => workspacePath,
      signal: new AbortController().signal,
      emit: (_, data) => said.push(data) > 0,
      drained: () => Promise.resolve(),
      ...context,
    },
  );
  return Object.assign(output, { said });
}

test("a program and its arguments run without a shell", async () => {
  expect(await run({ argv: ["printf", "%s|", "$HOME", "a b"] })).toEqual({
    exit_code: 0,
    stdout: "$HOME|a b|",
    stderr: "",
  });
});

test("a command sees the inherited variables, its run's and its own, and nothing else", async () => {
  const { stdout } = (await run({ command: "env", env: { MINE: "1" } }, { nodeId: "n" })) as { stdout: string };
  const names = stdout.split("\n").map((line) => line.split("=")[0]);
  const shellsOwn = ["", "_", "OLDPWD", "PWD", "SHLVL"];
  expect(names.filter((name) => !shellsOwn.includes(name ?? "")).sort()).toEqual([
    "ACO_ATTEMPT",
    "ACO_EXECUTION_ID",
    "ACO_NODE_ID",
    "MINE",
    "PATH",
  ]);
});

test("another exit code is a failure that carries everything", async () => {
  await expect(run({ command: "echo out; echo first >&2; echo last >&2; exit 3" })).rejects.toMatchObject({
    code: "SHELL_EXIT_CODE",
    message: "exit code 3: last",
    retryable: true,
    details: { exit_code: 3, stdout: "out\n", stderr: "first\nlast\n" },
  });
});

test("an exit code that counts as success is one", async () => {
  expect(await run({ command: "exit 3", success_exit_codes: [0, 3] })).toMatchObject({ exit_code: 3 });
});

test("a command that a signal killed has failed, whatever codes count as success", async () => {
  await expect(run({ command: "kill -SEGV $$", success_exit_codes: [139] })).rejects.toMatchObject({
    code: "SHELL_EXIT_CODE",
    message: "killed by SIGSEGV",
    details: { exit_code: 139, signal: "SIGSEGV" },
  });
});

test.each([
  [
    "a program that is not there",
    { argv: ["no-such-program"] },
    `"no-such-program" could not be started: no such program`,
  ],
  ["a program that is no program", { argv: ["./file"] }, "EACCES"],
  ["a folder that is not there", { command: "true", cwd: "nowhere" }, "there is no such folder"],
])("%s is not started, for good", async (_, config, message) => {
  await writeFile(join(workspacePath, "file"), "text");
  await expect(run(config)).rejects.toMatchObject({
    code: "SHELL_NOT_STARTED",
    retryable: false,
    message: expect.stringContaining(message),
  });
});

test("cwd is a folder inside the workspace, and a symbolic link does not lead out of it", async () => {
  await mkdir(join(workspacePath, "in", "..x"), { recursive: true });
  await symlink("/", join(workspacePath, "out"));
  await symlink("in", join(workspacePath, "link"));
  expect(await run({ command: "basename $(pwd)", cwd: "link" })).toMatchObject({ stdout: "in\n" });
  expect(await run({ command: "basename $(pwd)", cwd: "in/..x" })).toMatchObject({ stdout: "..x\n" });
  for (const cwd of ["out", "..", "/etc"])
    await expect(run({ command: "true", cwd })).rejects.toMatchObject({ code: "CONFIG_INVALID", retryable: false });
});

test("a command that does not read its input is no failure", async () => {
  expect(await run({ command: "exec 0<&-; sleep 0.1", stdin: "x".repeat(1_000_000) })).toMatchObject({ exit_code: 0 });
});

test("each stream keeps its last 64 KiB, and says so where there was more", async () => {
  const most = await run({ command: `head -c ${OUTPUT_TAIL_BYTES} /dev/zero | tr '\\0' x` });
  expect(most).toEqual({ exit_code: 0, stdout: "x".repeat(OUTPUT_TAIL_BYTES), stderr: "" });
  const more = await run({ command: `echo a >&2; printf y; head -c ${OUTPUT_TAIL_BYTES} /dev/zero | tr '\\0' x` });
  expect(more).toEqual({ exit_code: 0, stdout: "x".repeat(OUTPUT_TAIL_BYTES), stderr: "a\n", stdout_truncated: true });
});

test("a background child that keeps the pipes open neither hangs the task nor outlives it", async () => {
  const { stdout } = (await run({ command: "sleep 600 & echo $!" })) as { stdout: string };
  expect(await isGone(Number(stdout))).toBe(true);
});

test("a background child that left the pipes does not outlive the task either", async () => {
  const { stdout } = (await run({ command: "sleep 60 >/dev/null 2>&1 & echo $!" })) as { stdout: string };
  expect(await isGone(Number(stdout))).toBe(true);
});

test("an abort ends the whole group: with SIGTERM what obeys it, after 5 s with SIGKILL what does not", async () => {
  const controller = new AbortController();
  const running = run(
    { command: "trap 'echo bye; exit 0' TERM; sh -c \"trap '' TERM; echo \\$\\$; sleep 600\" & wait" },
    { signal: controller.signal },
  );
  while (running.said.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  const stubborn = Number(running.said[0]?.["text"]);
  const abortedAt = Date.now();
  controller.abort(new Error("stop"));
  await expect(running).rejects.toThrow("stop");
  expect(Date.now() - abortedAt).toBeGreaterThan(4_500);
  expect(running.said.map(({ text }) => text).join("")).toContain("bye");
  expect(await isGone(stubborn)).toBe(true);
});

test("reading waits while the event stream has no room", async () => {
  let waits = 0;
  const output = await run(
    { command: "head -c 1000000 /dev/zero | tr '\\0' x" },
    {
      emit: () => false,
      drained: () => {
        waits += 1;
        return new Promise((resolve) => setTimeout(resolve, 1));
      },
    },
  );
  expect(waits).toBeGreaterThan(3);
  expect(output).toMatchObject({ exit_code: 0, stdout_truncated: true });
});

test("a process whose worker is killed ends with it", async () => {
  const watchdog = join(__dirname, "orphan-watchdog.ts");
  const hook = join(__dirname, "../../tests/integration/typescript-hook.cjs");
  const script = `
    const { spawn } = require("node:child_process");
    const child = spawn("sleep", ["60"], { detached: true, stdio: "ignore" });
    const ended = spawn("true", [], { detached: true });
    const { watchGroup, unwatchGroup } = require(${JSON.stringify(watchdog)});
    watchGroup(ended.pid); watchGroup(child.pid); unwatchGroup(ended.pid);
    console.log(child.pid);
    setInterval(() => undefined, 1000);`;
  const worker = spawn(process.execPath, ["-r", hook, "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await new Promise((resolve) => worker.stdout.once("data", (data) => resolve([data])))) as [Buffer];
  worker.kill("SIGKILL");
  expect(await isGone(Number(line.toString()))).toBe(true);
});

test("a command is ended with its worker also where that was killed before it could say what it had started", async () => {
  const watchdog = join(__dirname, "orphan-watchdog.ts");
  const hook = join(__dirname, "../../tests/integration/typescript-hook.cjs");
  const script = `
    const { spawn } = require("node:child_process");
    const { prepareWatch, registeringCommand } = require(${JSON.stringify(watchdog)});
    const stdio = ["ignore", "inherit", "inherit", prepareWatch()];
    spawn("/bin/sh", registeringCommand("echo $$; exec sleep 60"), { detached: true, stdio });
    setInterval(() => undefined, 1000);`;
  const worker = spawn(process.execPath, ["-r", hook, "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await new Promise((resolve) => worker.stdout.once("data", (data) => resolve([data])))) as [Buffer];
  worker.kill("SIGKILL");
  expect(await isGone(Number(line.toString()))).toBe(true);
});

test("a command runs although the watchdog is gone", () => {
  // Descriptor 3 is a pipe from which nobody reads any more.
  const broken = 'exec 4>&1; { sleep 0.3; /bin/sh "$@" 3>&1 >&4; } | true';
  const child = spawnSync("/bin/sh", ["-c", broken, "sh", ...registeringCommand("echo still here")], {
    encoding: "utf8",
  });
  expect(child).toMatchObject({ stdout: "still here\n", stderr: "" });
});

/** Waits a little: a process that was told to end takes a moment. A zombie that nobody reaps is gone too. */
async function isGone(pid: number): Promise<boolean> {
  for (let tries = 0; tries < 100; tries++) {
    try {
      process.kill(pid, 0);
      if (/^\d+ \(.*\) Z/s.test(await readFile(`/proc/${pid}/stat`, "utf8").catch(() => ""))) return true;
    } catch {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return false;
}
