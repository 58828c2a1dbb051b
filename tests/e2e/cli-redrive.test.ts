/** How people redrive executions from the command line. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { aco, serverForTests } from "./aco-command";

jest.setTimeout(180_000);

const server = serverForTests();
const { on } = server;

const shell = (id: string, command: string) => ({
  ...{ id, type: "task", config: { task_type: "shell", config: { command } } },
  retry: { max_attempts: 1 },
});
const definition = (command: string) => ({
  nodes: [shell("a", "echo a"), shell("b", command), shell("c", "echo c")],
  edges: [
    { source: "a", target: "b" },
    { source: "b", target: "c" },
  ],
  output: ["${{ nodes.a.output.stdout }}", "${{ nodes.b.output }}"],
});

async function created(content: object): Promise<string> {
  const stdin = JSON.stringify(content);
  const { stdout, stderr } = await aco(["workflow", "create", "-", "--name", "w"], { env: server.env(), stdin });
  expect(stderr).toBe("");
  return stdout.trim();
}

async function failed(workflow: string): Promise<string> {
  const id = (await on("workflow", "execute", workflow, "--detach")).stdout.trim();
  await on("execution", "watch", id);
  return id;
}

const json = async (...words: readonly string[]) => {
  const { stdout, stderr } = await on(...words, "--format", "json");
  expect(stderr).toBe("");
  return JSON.parse(stdout);
};

test("a failed execution is planned, asked about and redriven on a corrected definition", async () => {
  const workflow = await created(definition("exit 3"));
  const id = await failed(workflow);
  const table = await on("execution", "redrive", id, "--plan", "--format", "table");
  expect(table.stdout.split("\n").map((line) => line.replaceAll(/ {2,}/g, "|"))).toEqual([
    "NODE|TYPE|ACTION|INSTANCES|EFFECTS|WHY",
    "a|task|reused",
    "b|task|runs again|repeated|it failed: SHELL_EXIT_CODE",
    "c|task|runs",
    "",
    "version 1: 1 node reused, 1 runs again, 1 runs for the first time",
    "side effects happen once more: b",
    "",
  ]);
  const unasked = await on("execution", "redrive", id);
  expect(unasked).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("Give --yes") });
  const file = join(server.folder, "corrected.json");
  writeFileSync(file, JSON.stringify(definition("echo b")));
  expect(await on("workflow", "update", workflow, "--definition", file)).toMatchObject({ code: 0 });
  const redrive = ["execution", "redrive", id, "--definition", "latest", "--yes", "--idempotency-key", "k"];
  const redriven = (await on(...redrive)).stdout.trim();
  expect((await on(...redrive)).stdout.trim()).toBe(redriven);
  expect(await on("execution", "watch", redriven)).toMatchObject({ code: 0 });
  const execution = await json("execution", "get", redriven);
  expect(execution).toMatchObject({ status: "COMPLETED", redriven_from: id, workflow_version: 2 });
  expect(await json("execution", "get", id)).toMatchObject({ redriven_as: [redriven] });
  const { differences } = JSON.parse((await on("execution", "diff", id, redriven, "--format", "json")).stdout);
  expect(differences.map((node: { node_id: string }) => node.node_id)).toEqual(["b", "c"]);
});

test("a node is given an output, and what makes no sense is refused with what was meant", async () => {
  const id = await failed(await created(definition("exit 3")));
  const plan = await json("execution", "redrive", id, "--set-output", 'b={"n": 1}', "--plan");
  expect(plan.nodes.map((node: { node_id: string; action: string }) => [node.node_id, node.action])).toEqual([
    ["a", "reused"],
    ["b", "injected"],
    ["c", "runs"],
  ]);
  const given = await json("execution", "redrive", id, "--set-output", 'b:={"n": 1}', "--yes");
  await on("execution", "watch", given.id);
  expect((await json("execution", "get", given.id)).output).toEqual(["a\n", { n: 1 }]);
  const refused = await on("execution", "redrive", id, "--from", "bb", "--plan");
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("did you mean 'b'?") });
  for (const words of [["--set-output", "b"], ["--definition", "new"], ["--dry-run"], ["--of", "x"]])
    expect(await on("execution", "redrive", id, "--yes", ...words)).toMatchObject({ code: 2 });
});

test("all that failed are redriven once, and all that run are paused and resumed", async () => {
  const workflow = await created(definition("exit 3"));
  await Promise.all([failed(workflow), failed(workflow)]);
  const counted = await on("execution", "redrive", "--of", workflow, "--dry-run");
  expect(counted).toMatchObject({ code: 0, stdout: "2\n" });
  const wrong = await on("execution", "redrive", "--of", workflow, "--definition", "new", "--yes");
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--definition must be the number of a version"),
  });
  const words = ["execution", "redrive", "--filter", `of=${workflow} error=EXIT_CODE`, "--set-output", "b=1", "--yes"];
  const counts = { matched: 2, redriven: 2, were_redriven_already: 0, failed: 0, failures: [] };
  expect(await json(...words)).toEqual(counts);
  expect(await json(...words)).toEqual({ ...counts, matched: 0, redriven: 0 });
  const wait = { id: "w", type: "signal", config: { name: "never" } };
  const waiting = await created({ nodes: [wait], edges: [] });
  const start = () => on("workflow", "execute", waiting, "--detach");
  const [first] = await Promise.all([start(), start()]);
  const pause = await json("execution", "pause", "--of", waiting, "--yes");
  expect(pause).toMatchObject({ matched: 2, paused: 2, failed: 0 });
  expect((await json("execution", "get", first.stdout.trim())).paused).toBe(true);
  expect(await json("execution", "pause", "--of", waiting, "--yes")).toMatchObject({ paused: 0 });
  expect(await json("execution", "resume", "--of", waiting, "--yes")).toMatchObject({ resumed: 2, failed: 0 });
  expect(await on("execution", "pause")).toMatchObject({ code: 2 });
  expect(await on("execution", "cancel", "--of", waiting, "--yes")).toMatchObject({ code: 0 });
});
