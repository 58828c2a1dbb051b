/** What people do to a run from the command line: signals and answers; and what they read of a workflow's versions. */
import fs from "node:fs";
import { userInfo } from "node:os";
import path from "node:path";
import { aco, jsonLines, serverForTests } from "./aco-command";

jest.setTimeout(180_000);

const server = serverForTests();
const { folder, on } = server;

async function createWorkflow(definition: object): Promise<string> {
  const created = await aco(["workflow", "create", "-", "--name", "w"], {
    env: server.env(),
    stdin: JSON.stringify(definition),
  });
  expect(created.stderr).toBe("");
  return created.stdout.trim();
}

async function startDetached(definition: object): Promise<string> {
  const started = await on("workflow", "execute", await createWorkflow(definition), "--detach");
  expect(started.stderr).toBe("");
  return started.stdout.trim();
}

async function outputOf(executionId: string): Promise<unknown> {
  const { stdout } = await on("execution", "watch", executionId);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
}

const SCHEMA = { type: "object", properties: { version: { type: "string" } }, required: ["version"] };
const SIGNAL = { nodes: [{ id: "deployed", type: "signal", config: { name: "deployed", schema: SCHEMA } }] };
const APPROVAL = {
  nodes: [
    {
      id: "release",
      type: "approval",
      config: {
        message: "Release it?",
        schema: { type: "object", properties: { window: { type: "string" } }, required: ["window"] },
        on_reject: "continue",
      },
    },
  ],
};

describe("aco execution signal", () => {
  test("sends what a run waits for, once for each key", async () => {
    const id = await startDetached(SIGNAL);
    const args = ["execution", "signal", id, "deployed", "--payload", '{"version": "1.4.2"}', "--idempotency-key", "k"];
    expect(await on(...args)).toEqual({ code: 0, stdout: `${id}\n`, stderr: "" });
    expect(await outputOf(id)).toEqual({ deployed: { version: "1.4.2" } });
    expect(await on(...args)).toEqual({ code: 0, stdout: `${id}\n`, stderr: "" });
  });

  test("takes the payload from a file and from standard input, and tells the key in JSON", async () => {
    const file = path.join(folder, "payload.yaml");
    fs.writeFileSync(file, "version: from a file\n");
    const id = await startDetached(SIGNAL);
    const { stdout } = await on("execution", "signal", id, "deployed", "--payload", `@${file}`, "--format", "json");
    expect(jsonLines(stdout)).toEqual([
      { execution_id: id, name: "deployed", request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    ]);
    expect(await outputOf(id)).toEqual({ deployed: { version: "from a file" } });
    const other = await startDetached(SIGNAL);
    const piped = await aco(["execution", "signal", other, "deployed", "--payload", "-"], {
      env: server.env(),
      stdin: '{"version": "piped"}',
    });
    expect(piped.code).toBe(0);
    expect(await outputOf(other)).toEqual({ deployed: { version: "piped" } });
  });

  test("exits 1 and says what is wrong, after which the run still waits", async () => {
    const id = await startDetached(SIGNAL);
    expect(await on("execution", "signal", id, "deployed", "--payload", '{"version": 1}')).toEqual({
      code: 1,
      stdout: "",
      stderr: "aco: payload/version: must be string\n",
    });
    expect(await on("execution", "signal", id, "deploid", "--payload", "{}")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^aco: name: .*deploid/),
    });
    expect((await on("execution", "signal", id, "deployed", "--payload", '{"version": "2"}')).code).toBe(0);
    await outputOf(id);
    expect(await on("execution", "signal", id, "deployed", "--payload", '{"version": "3"}')).toMatchObject({
      code: 1,
      stderr: `aco: execution ${id} is COMPLETED and takes no message any more\n`,
    });
  });
});

describe("aco execution answer", () => {
  test("approves, as the user who runs it", async () => {
    const id = await startDetached(APPROVAL);
    const args = ["--approve", "--form", '{"window": "22:00"}', "--comment", "fine"];
    expect(await on("execution", "answer", id, "release", ...args)).toEqual({ code: 0, stdout: `${id}\n`, stderr: "" });
    expect(await outputOf(id)).toEqual({
      release: {
        approved: true,
        by: userInfo().username,
        at: expect.any(String),
        comment: "fine",
        form: { window: "22:00" },
      },
    });
  });

  test("rejects, as whoever is named", async () => {
    const id = await startDetached(APPROVAL);
    const { stdout } = await on("execution", "answer", id, "release", "--reject", "--by", "alice", "--format", "json");
    expect(jsonLines(stdout)).toMatchObject([{ execution_id: id, node_id: "release", approved: false, by: "alice" }]);
    expect(await outputOf(id)).toMatchObject({ release: { approved: false, by: "alice" } });
  });

  test("exits 1 for a form that does not match, a node that does not wait, and a person who may not answer", async () => {
    const id = await startDetached(APPROVAL);
    expect(await on("execution", "answer", id, "release", "--approve")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^aco: form: must /),
    });
    expect(await on("execution", "answer", id, "relese", "--approve")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no approval 'relese' waits.*release/),
    });
    await on("execution", "cancel", id);
    const ours = { ...APPROVAL.nodes[0], config: { message: "?", approvers: ["alice"] } };
    const other = await startDetached({ nodes: [ours] });
    expect(await on("execution", "answer", other, "release", "--approve", "--by", "bob")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^aco: by: 'bob' may not answer; who may: alice\n$/),
    });
    expect((await on("execution", "answer", other, "release", "--approve", "--by", "alice")).code).toBe(0);
  });
});

describe("aco workflow versions and diff", () => {
  const noop = (output: string) => ({ nodes: [{ id: "a", type: "transform", config: { output } }] });

  test("list what a workflow was, show what changed, and what an execution ran", async () => {
    const id = await createWorkflow(noop("one"));
    const first = (await on("workflow", "execute", id, "--detach")).stdout.trim();
    const file = path.join(folder, "two.json");
    fs.writeFileSync(file, JSON.stringify(noop("two")));
    await on("workflow", "update", id, "--definition", file);
    await on("workflow", "update", id, "--definition", file, "--name", "renamed");

    const { versions, total } = JSON.parse((await on("workflow", "versions", id, "--format", "json")).stdout);
    expect(total).toBe(2);
    expect(versions.map(({ version }: { version: number }) => version)).toEqual([2, 1]);
    const lines = (await on("workflow", "versions", id)).stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^2\t\S.*\t[0-9a-f]{64}$/);
    expect((await on("workflow", "versions", id, "--format", "table")).stdout).toMatch(
      /^VERSION +CREATED +HASH\n2 .* [0-9a-f]{12}\n1 /,
    );

    const execution = (await on("execution", "get", first)).stdout;
    expect(execution).toContain("version: 1\n");
    expect(execution).toContain(`hash: ${versions[1].definition_hash}\n`);

    const diff = await on("workflow", "diff", id, "1");
    expect(diff).toMatchObject({ code: 0, stderr: "" });
    expect(diff.stdout).toMatch(/^--- version 1 \([0-9a-f]{12}\).*\n\+\+\+ version 2 .*\n@@ /);
    expect(diff.stdout).toContain("\n-      output: one\n+      output: two\n");
    expect((await on("workflow", "diff", id, versions[1].definition_hash, "2")).stdout).toBe(diff.stdout);
    expect((await on("workflow", "diff", id, "2", "--format", "table")).stdout).toBe("versions 2 and 2 are the same\n");
    const json = JSON.parse((await on("workflow", "diff", id, "1", "2", "--format", "json")).stdout);
    expect(json).toMatchObject({ from: { version: 1 }, to: { version: 2 }, diff: diff.stdout });
  });

  test("exit 1 for a version that is not there", async () => {
    const id = await createWorkflow(noop("one"));
    expect(await on("workflow", "diff", id, "1", "7")).toEqual({
      code: 1,
      stdout: "",
      stderr: `aco: workflow ${id} has no version 7; its newest is version 1\n`,
    });
  });
});

test("aco run leaves nothing behind where the server refuses the run", async () => {
  const stdin = JSON.stringify({
    name: "refused",
    input_schema: { type: "object", required: ["n"] },
    nodes: [{ id: "a", type: "transform", config: { output: 1 } }],
  });
  const refused = await aco(["run", "-", "--server", server.url], { stdin });
  expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/^aco: input: must have/) });
  expect((await on("workflow", "list", "--limit", "1000")).stdout).not.toContain("\trefused\t");

  const task = JSON.stringify({ title: "refused task", task_type: "shell", config: { command: "true" } });
  const override = ["--config-override", "comand=x"];
  const refusedTask = await aco(["run", "-", "--server", server.url, ...override], { stdin: task });
  expect(refusedTask).toMatchObject({ code: 1, stderr: expect.stringMatching(/comand/) });
  expect((await on("task", "list", "--limit", "1000")).stdout).not.toContain("refused task");
});
