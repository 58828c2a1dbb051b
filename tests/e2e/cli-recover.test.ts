import fs from "node:fs";
import path from "node:path";
import { aco, jsonLines, serverForTests } from "./aco-command";

jest.setTimeout(180_000);

const { folder, env, on } = serverForTests();

function shellNode(id: string, command: string) {
  return { id, type: "task", config: { task_type: "shell", config: { command } } };
}

async function createWorkflow(nodes: readonly object[], edges: readonly object[] = []): Promise<string> {
  const created = await aco(["workflow", "create", "-", "--name", "w"], {
    env: env(),
    stdin: JSON.stringify({ version: 1, nodes, edges }),
  });
  expect(created.stderr).toBe("");
  return created.stdout.trim();
}

const execute = async (workflow: string, ...args: readonly string[]): Promise<string> => {
  const { stdout } = await on("workflow", "execute", workflow, ...args, "--format", "json");
  return String(jsonLines<{ execution_id: string }>(stdout)[0]?.execution_id);
};

describe("aco execution show and diff", () => {
  test("show each node now, at any event, and one of them whole; and what two executions differ in", async () => {
    const nodes = [shellNode("a", "echo $((RANDOM)) $$"), shellNode("b", "exit 3")];
    const workflow = await createWorkflow(nodes, [{ source: "a", target: "b" }]);
    const [one, two] = [await execute(workflow), await execute(workflow)];
    const shown = await on("execution", "show", one, "--format", "table");
    expect(shown).toMatchObject({ code: 0, stderr: "" });
    expect(shown.stdout).toMatch(/^FAILED; at \S+; .*1 completed, 1 failed/);
    expect(shown.stdout).toMatch(/^b\s+task\s+failed\s+1 /m);
    const { stdout } = await on("execution", "watch", one, "--format", "json");
    const events = jsonLines<{ offset: string; event_type: string; node_id?: string }>(stdout);
    const entered = events.find((event) => event.event_type === "NODE_ENTERED" && event.node_id === "a");
    const then = await on("execution", "show", one, "--at", String(entered?.offset), "--format", "json");
    expect(JSON.parse(then.stdout)).toMatchObject({ status: "RUNNING", counts: { running: 1 }, nodes: [{ id: "a" }] });
    const none = await on("execution", "show", one, "--node", "later", "--format", "table");
    expect(none.stdout.trimEnd().split("\n").at(-1)).toBe("later was not entered");
    const whole = await on("execution", "show", one, "--node", "b", "--format", "table");
    expect(whole.stdout).toMatch(/"command": "exit 3"/);
    const differ = await on("execution", "diff", one, two);
    expect(differ.code).toBe(1);
    expect(differ.stdout).toMatch(/^a\toutput\t/);
    expect(await on("execution", "diff", one, one, "--format", "table")).toMatchObject({
      code: 0,
      stdout: "no differences\n",
    });
    const since = await on("execution", "diff", one, "--from", String(entered?.offset), "--format", "json");
    expect(JSON.parse(since.stdout).differences.map((node: { node_id: string }) => node.node_id)).toEqual(["a", "b"]);
  });

  test("refuse what is no offset, no node and nothing to compare", async () => {
    const id = await execute(await createWorkflow([shellNode("a", "true")]));
    expect(await on("execution", "show", id, "--at", "x")).toMatchObject({ code: 1, stdout: "" });
    expect(await on("execution", "show", id, "--status", "lost")).toMatchObject({ code: 2 });
    expect(await on("execution", "diff", id)).toMatchObject({ code: 2 });
  });
});

describe("aco execution cancel of many", () => {
  test("cancels all that match and run, and says how many, once it is told to", async () => {
    const wait = { id: "w", type: "signal", config: { name: "never" } };
    const [workflow, other] = [await createWorkflow([wait]), await createWorkflow([wait])];
    const start = (id: string) => on("workflow", "execute", id, "--detach");
    await Promise.all([start(workflow), start(workflow), start(workflow), start(other)]);
    const refused = await on("execution", "cancel", "--of", workflow);
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    expect(refused.stderr).toMatch(/Cancel 3 running executions\? .*\nGive --yes/);
    const cancelled = await on(
      "execution",
      "cancel",
      "--of",
      workflow,
      "--yes",
      "--reason",
      "test",
      "--format",
      "json",
    );
    expect(JSON.parse(cancelled.stdout)).toEqual({ matched: 3, cancelled: 3, had_ended: 0, failed: 0, failures: [] });
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; ) {
      const { stdout } = await on("execution", "list", "--of", workflow, "--status", "cancelled", "--format", "json");
      if (JSON.parse(stdout).total === 3) break;
    }
    const left = await on("execution", "list", "--status", "running", "--of", other, "--format", "json");
    expect(JSON.parse(left.stdout).total).toBe(1);
    expect(await on("execution", "cancel", "--of", workflow, "--yes")).toMatchObject({ code: 0 });
    expect(await on("execution", "cancel")).toMatchObject({ code: 2 });
    expect(await on("execution", "cancel", "--all", "--yes")).toMatchObject({ code: 0 });
  });
});

describe("aco execution export and aco replay", () => {
  test("write one file without secrets, over which the engine decides the same without a server", async () => {
    const secret = "hunter2-correct-horse";
    const task = shellNode("a", `echo "got $PASSWORD"; echo postgres://bob:${secret}@db/x`);
    const config = { task_type: "shell", config: { ...task.config.config, env: { PASSWORD: "${{ input.token }}" } } };
    const items = { id: "m", type: "map", config: { items: "[1, 2, 3]", task: { task_type: "noop", config: {} } } };
    const workflow = await createWorkflow([{ ...task, config }, items], [{ source: "a", target: "m" }]);
    const id = await execute(workflow, "--input", JSON.stringify({ token: secret }));
    const file = path.join(folder, "export.jsonl");
    expect(await on("execution", "export", id, "-o", file)).toMatchObject({ code: 0, stderr: "" });
    const text = fs.readFileSync(file, "utf8");
    const decoded = text.replaceAll(/[A-Za-z0-9+/]{16,}={0,2}/g, (base64) => Buffer.from(base64, "base64").toString());
    expect(text).toContain("got removed_");
    expect(text + decoded).not.toContain(secret);
    const replayed = await aco(["replay", file, "--format", "json"], { env: { HOME: folder } });
    expect({ ...replayed, stdout: "" }).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(JSON.parse(replayed.stdout)).toMatchObject({ execution_id: id, same: true, runs: 1, differences: [] });
    // The engine starts `b` where the history says `a`.
    const lines = text.split("\n");
    const changed = lines.map((line) => line.replaceAll('"activityId":"a"', '"activityId":"b"'));
    fs.writeFileSync(file, changed.join("\n"));
    const other = await aco(["replay", file, "--format", "json"], { env: { HOME: folder } });
    expect(other.code).toBe(1);
    expect(JSON.parse(other.stdout).differences[0]).toMatch(/TMPRL1100|[Nn]ondeterminism/);
    fs.writeFileSync(file, lines.slice(0, -2).join("\n"));
    expect(await aco(["replay", file], { env: { HOME: folder } })).toMatchObject({ code: 2 });
    expect(await on("execution", "export", "0190a000-0000-7000-8000-000000000000")).toMatchObject({
      code: 1,
      stdout: "",
    });
  });
});
