/** Completion as shells do it: the script is loaded into a real shell, which then asks the command line. */
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { REPOSITORY } from "../repository";
import { aco, serverForTests, shell } from "./aco-command";

jest.setTimeout(120_000);

const server = serverForTests();

/** What bash offers where the last of the words is being typed, and puts after the last `=` or `:`, at which it divides words too. */
async function inBash(...words: readonly string[]): Promise<readonly string[]> {
  const line = ["aco", ...words];
  const divided = line.flatMap((word) => (word === "" ? [""] : word.split(/([=:]+)/).filter((part) => part !== "")));
  const script = `source <(aco completion bash)
COMP_LINE='${line.join(" ")}'
COMP_WORDS=(${divided.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${divided.length - 1}
_aco
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await shell(script, server.env());
  expect(stderr).toBe("");
  return stdout.split("\n").filter((line) => line !== "");
}

const SHELL_PATHS = ["/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin"];
const pathOf = (name: string) =>
  SHELL_PATHS.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));

test("bash completes commands, options and their values from the command tree", async () => {
  expect(await inBash("appr")).toEqual(["approvals"]);
  expect(await inBash("")).toEqual(expect.arrayContaining(["run", "task", "workflow", "execution", "doctor"]));
  expect(await inBash("")).not.toContain("__complete");
  expect(await inBash("approvals", "")).toEqual(expect.arrayContaining(["list", "answer"]));
  expect(await inBash("approvals", "answer", "--re")).toEqual(["--reject"]);
  expect(await inBash("task", "list", "--format", "j")).toEqual(["json"]);
  expect(await inBash("task", "list", "--format=p")).toEqual(["plain"]);
  expect(await inBash("completion", "")).toEqual(["bash", "zsh", "fish"]);
  expect(await inBash("execution", "list", "--status", "f")).toEqual(["failed"]);
  expect(await inBash("execution", "list", "--status", "failed,c")).toEqual(["failed,completed", "failed,cancelled"]);
  expect(await inBash("execution", "list", "--order=")).toEqual(["newest", "oldest", "last-ended", "first-ended"]);
  expect(await inBash("execution", "list", "--order=l")).toEqual(["last-ended"]);
  expect(await inBash("schedule", "trigger", "x", "--overlap", "b")).toEqual(["buffer_one", "buffer_all"]);
});

test("bash completes ids from the server, and does without one that does not answer", async () => {
  const env = server.env();
  const created = await aco(["task", "create", "--title", "t", "--type", "noop", "--config", "{}"], { env });
  const id = created.stdout.trim();
  expect(await inBash("task", "get", "")).toContain(id);
  expect(await inBash("task", "get", id.slice(0, 20))).toEqual([id]);
  expect(await inBash("task", "get", "--server", env["ACO_SERVER"] ?? "", id.slice(0, 20))).toEqual([id]);
  expect(await inBash("task", "get", "zzz")).toEqual([]);
  const none = await aco(["__complete", "--", "task", "get", ""], { env: { ACO_SERVER: "http://127.0.0.1:1" } });
  expect(none).toEqual({ code: 0, stdout: "", stderr: "" });
});

test("bash completes what else has an id or a name: workflows of options, reactions, webhooks and schedules", async () => {
  const run = async (...args: readonly string[]) =>
    JSON.parse((await aco([...args, "--format", "json"], { env })).stdout);
  const env = server.env();
  const task: string = (
    await aco(["task", "create", "--title", "t", "--type", "noop", "--config", "{}"], { env })
  ).stdout.trim();
  const reaction = await run("reaction", "create", "--task", task, "--callback", "https://example.com/hook");
  await run("webhook", "create", "from-shop", "--task", task);
  const schedule = await run("schedule", "create", "--task", task, "--every", "1h");
  expect(await inBash("reaction", "get", "")).toEqual([reaction.id]);
  expect(await inBash("webhook", "test", "from-")).toEqual(["from-shop"]);
  expect(await inBash("webhook", "create", "")).toEqual([]);
  expect(await inBash("schedule", "describe", "")).toEqual([schedule.id]);
  expect(await inBash("reaction", "list", "--task", "")).toContain(task);
});

test("bash completes executions that wait for an answer, and nodes of executions", async () => {
  const env = server.env();
  const nodes = [
    { id: "release", type: "approval", config: { message: "Release?" } },
    { id: "pause-for", type: "wait", config: { duration: "1h" } },
  ];
  const stdin = JSON.stringify({ nodes, edges: [] });
  const workflow = (await aco(["workflow", "create", "-", "--name", "w"], { env, stdin })).stdout.trim();
  const other = (await aco(["workflow", "execute", workflow, "--detach"], { env })).stdout.trim();
  await aco(["execution", "cancel", other], { env });
  await aco(["execution", "watch", other], { env });
  const id = (await aco(["workflow", "execute", workflow, "--detach"], { env })).stdout.trim();
  for (let offered: readonly string[] = []; offered.length === 0; ) offered = await inBash("execution", "answer", "");
  expect(await inBash("execution", "answer", "")).toEqual([id]);
  expect(await inBash("approvals", "answer", id, "")).toEqual(["release"]);
  expect(await inBash("execution", "skip", id, "")).toEqual(["release", "pause-for"]);
  expect(await inBash("execution", "show", id, "--node", "")).toEqual(["release", "pause-for"]);
  expect(await inBash("execution", "redrive", other, "--from", "p")).toEqual(["pause-for"]);
  expect(await inBash("execution", "diff", id, "--from", "")).toEqual([]);
});

test("the scripts are what their shells can read", async () => {
  for (const name of ["bash", "zsh", "fish"] as const) {
    const { code, stdout } = await aco(["completion", name]);
    expect(code).toBe(0);
    expect(stdout).toContain("__complete --");
    const program = pathOf(name);
    if (program !== undefined) expect(spawnSync(program, ["-n"], { input: stdout })).toMatchObject({ status: 0 });
  }
  expect(await aco(["completion", "tcsh"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("bash, zsh, fish"),
  });
});

const fish = pathOf("fish");

if (fish !== undefined)
  test("fish completes by its script", () => {
    const run = `function aco; ${process.execPath} ${path.join(REPOSITORY, "bin/aco.js")} $argv; end
aco completion fish | source
complete -C 'aco approvals ans'`;
    expect(execFileSync(fish, ["-c", run], { encoding: "utf8" })).toMatch(/^answer\t/);
  });
