import fs from "node:fs";
import path from "node:path";
import { aco, jsonLines, serverForTests, shell } from "./aco-command";

jest.setTimeout(180_000);

const server = serverForTests();
const { folder, on } = server;

async function createTask(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await on("task", "create", "--type", "shell", "--config", "command=true", ...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  return stdout.trim();
}

const DEFINITION = {
  version: 1,
  nodes: [{ id: "a", type: "task", config: { task_type: "shell", config: { command: "echo a" } } }],
  edges: [],
};

describe("aco task", () => {
  test("creates a task, shows it in each format, changes it and deletes it", async () => {
    const id = await createTask("--title", "hello", "--metadata", '{"team": "a"}', "--metadata", "n:=3");
    expect(id).toMatch(/^[0-9a-f-]{36}$/);

    const json = JSON.parse((await on("task", "get", id, "--format", "json")).stdout);
    expect(json).toMatchObject({
      id,
      title: "hello",
      task_type: "shell",
      status: "PENDING",
      config: { command: "true" },
      metadata: { team: "a", n: 3 },
    });
    expect((await on("task", "get", id)).stdout).toContain('metadata: { "team": "a", "n": 3 }');
    const table = await on("task", "get", id, "--format", "table");
    expect(table.stdout).toMatch(/^id +[0-9a-f-]{36}\ntitle +hello\ntype +shell\nstatus +PENDING\nconfig +\{\n/);

    expect((await on("task", "update", id, "--title", "bye", "--config", "command=ls")).stdout.trim()).toBe(id);
    const changed = JSON.parse((await on("task", "get", id, "--format", "json")).stdout);
    expect(changed).toMatchObject({ title: "bye", config: { command: "ls" }, metadata: { team: "a", n: 3 } });

    expect(await on("task", "delete", id)).toMatchObject({ code: 0, stdout: `${id}\n` });
    expect(await on("task", "get", id)).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(id) });
  });

  test("takes a file, standard input, and options over both", async () => {
    const file = path.join(folder, "task.yaml");
    fs.writeFileSync(file, "title: from a file\ntask_type: shell\nconfig:\n  command: 'true'\n");
    const id = (await on("task", "create", file, "--description", "more")).stdout.trim();
    expect(JSON.parse((await on("task", "get", id, "--format", "json")).stdout)).toMatchObject({
      title: "from a file",
      description: "more",
    });
    const piped = await aco(["task", "create", "-", "--title", "piped", "--server", server.url], {
      stdin: '{"task_type": "shell", "config": {"argv": ["true"]}}',
    });
    expect(piped.code).toBe(0);
  });

  test("lists newest first, filtered, in pages and in each format", async () => {
    const ids = [await createTask("--title", "one"), await createTask("--title", "tab\tbed")];
    const plain = (await on("task", "list", "--limit", "2")).stdout.trimEnd().split("\n");
    expect(plain.map((line) => line.split("\t")[0])).toEqual([...ids].reverse());
    expect(plain[0]?.split("\t")).toHaveLength(5);
    const json = JSON.parse((await on("task", "list", "--limit", "1", "--offset", "1", "--format", "json")).stdout);
    expect(json.tasks.map(({ id }: { id: string }) => id)).toEqual([ids[0]]);
    expect(json.total).toBeGreaterThanOrEqual(2);
    const table = (await on("task", "list", "--limit", "1", "--status", "pending", "--format", "table")).stdout;
    expect(table).toMatch(/^ID +STATUS +TYPE +TITLE +CREATED\n.*tab bed.*\n1 of \d+ tasks; --limit and --offset/);
    expect((await on("task", "list", "--status", "failed", "--format", "table")).stdout).toBe("no tasks\n");
  });

  test("makes what a title holds harmless in a terminal", async () => {
    const id = await createTask("--title", "\u001b[2Jgone\u001b]0;owned\u0007");
    const { stdout } = await on("task", "get", id, "--format", "table");
    expect(stdout).toMatch(/title +gone\n/);
    expect(JSON.parse((await on("task", "get", id, "--format", "json")).stdout).title).toContain("\u001b[2J");
  });

  test("names every field that the server refuses, and exits 1", async () => {
    const refused = await on("task", "create", "--type", "shell", "--config", '{"comand": "ls"}');
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/^aco: \d problems\n {2}/);
    expect(refused.stderr).toMatch(/^ {2}title: /m);
    expect(refused.stderr).toMatch(/^ {2}config.*comand/m);
    const unknown = await on("task", "create", "--title", "x", "--type", "shel");
    expect(unknown.code).toBe(1);
    expect(unknown.stderr).toMatch(/task_type.*shell/);
    expect((await on("task", "get", "nonsense")).stderr).toMatch(/^aco: id: must be the task's id/);
  });
});

describe("aco workflow", () => {
  test("creates a workflow from a file, shows it, changes it and deletes it", async () => {
    const file = path.join(folder, "nightly.json");
    fs.writeFileSync(file, JSON.stringify({ ...DEFINITION, description: "of the file" }));
    const id = (await on("workflow", "create", file)).stdout.trim();
    const read = async () => JSON.parse((await on("workflow", "get", id, "--format", "json")).stdout);
    expect(await read()).toMatchObject({
      name: "nightly",
      description: "of the file",
      status: "DRAFT",
      definition: DEFINITION,
      task_ids: [],
    });
    const [node] = DEFINITION.nodes;
    fs.writeFileSync(file, JSON.stringify({ ...DEFINITION, nodes: [{ ...node, id: "b" }] }));
    expect((await on("workflow", "update", id, "--definition", file, "--status", "active")).code).toBe(0);
    expect(await read()).toMatchObject({ name: "nightly", status: "ACTIVE", definition: { nodes: [{ id: "b" }] } });
    expect((await on("workflow", "list", "--status", "active")).stdout).toContain(id);
    expect((await on("workflow", "list", "--status", "archived")).stdout).not.toContain(id);
    expect((await on("workflow", "delete", id)).code).toBe(0);
    expect((await on("workflow", "get", id)).code).toBe(1);
  });

  test("says where in the file the problems are for which a definition is refused", async () => {
    const file = path.join(folder, "wrong.yaml");
    const gone = "01900000-0000-7000-8000-0000000000ff";
    const [one, two] = ["{id: a, type: task, retyr: {}, config: {task_type: noop, config: {}}}", `task_id: ${gone}`];
    fs.writeFileSync(file, `nodes:\n- ${one}\n- {id: b, type: task, config: {${two}}}\n`);
    const id = (await on("workflow", "create", "examples/count-words.yaml")).stdout.trim();
    const problems = [
      "aco: 2 problems",
      `  ${file}:2:23: FIELD_UNKNOWN /nodes/0/retyr: unknown field 'retyr'; did you mean 'retry'?`,
      `  ${file}:3:32: TASK_REFERENCE /nodes/1/config/task_id: there is no task "${gone}"`,
    ].join("\n");
    for (const args of [
      ["workflow", "create", file],
      ["workflow", "update", id, "--definition", file],
      ["run", file],
    ]) {
      const { code, stderr } = await on(...args);
      expect({ code, stderr: stderr.trim() }).toEqual({ code: 1, stderr: problems });
    }
  });

  test("takes YAML on standard input", async () => {
    const created = await shell(
      "printf 'nodes:\\n- {id: a, type: task, config: {task_type: shell, config: {command: ls}}}\\n' | aco workflow create - --name piped --format json",
      server.env(),
    );
    expect(JSON.parse(created.stdout)).toMatchObject({ name: "piped" });
  });

  test("says all that is wrong with a definition at once", async () => {
    const broken = {
      version: 1,
      nodes: [{ ...DEFINITION.nodes[0] }, { id: "b", type: "taks", config: {} }],
      edges: [{ source: "a", target: "nowhere" }],
    };
    const file = path.join(folder, "broken.json");
    fs.writeFileSync(file, JSON.stringify(broken));
    const { code, stderr } = await on("workflow", "create", file);
    expect(code).toBe(1);
    expect(stderr).toMatch(/broken\.json:1:\d+: NODE_TYPE_UNKNOWN \/nodes\/1\/type: .*taks/);
    expect(stderr).toMatch(/broken\.json:1:\d+: NODE_UNKNOWN \/edges\/0\/target: /);
  });

  test("refuses to delete a task that it names, and says which workflow", async () => {
    const taskId = await createTask("--title", "named");
    const file = path.join(folder, "names.json");
    const node = { id: "a", type: "task", config: { task_id: taskId } };
    fs.writeFileSync(file, JSON.stringify({ version: 1, nodes: [node], edges: [] }));
    const workflowId = (await on("workflow", "create", file)).stdout.trim();
    const refused = await on("task", "delete", taskId);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(workflowId);
  });
});

describe("aco status", () => {
  test("says what is up", async () => {
    const { code, stdout } = await on("status", "--format", "json");
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toEqual([
      expect.objectContaining({
        server: server.url,
        status: "SERVING",
        metadata: expect.objectContaining({ temporal: "SERVING", database: "SERVING" }),
      }),
    ]);
    expect((await on("status")).stdout).toMatch(/^server: http.*\nstatus: SERVING\nversion: /);
  });
});
