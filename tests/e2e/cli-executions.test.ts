import fs from "node:fs";
import path from "node:path";
import { aco, jsonLines, type RunningAco, serverForTests, shell, startAco } from "./aco-command";

jest.setTimeout(180_000);

const { folder, env, on } = serverForTests();
const start = (...args: readonly string[]): RunningAco => startAco(args, { env: env() });

interface EventLine {
  readonly offset: string;
  readonly execution_id: string;
  readonly event_type: string;
  readonly node_id?: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly error?: string;
}

async function createTask(command: string, ...args: readonly string[]): Promise<string> {
  const config = JSON.stringify({ command });
  const created = await on("task", "create", "--title", "t", "--type", "shell", "--config", config, ...args);
  expect(created.stderr).toBe("");
  return created.stdout.trim();
}

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

describe("aco task execute", () => {
  test("follows the task in plain lines and ends with its output", async () => {
    const id = await createTask("echo one; echo two >&2; printf three");
    const { code, stdout, stderr } = await on("task", "execute", id);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d started [0-9a-f-]{36}$/);
    const spoken = lines.filter((line) => /^\S+ [|!]/.test(line)).map((line) => line.slice(9));
    expect(spoken.sort()).toEqual(["! two", "| one", "| three"]);
    expect(lines.at(-2)).toMatch(/^\d\d:\d\d:\d\d completed \d/);
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({ exit_code: 0, stdout: "one\nthree" });
  });

  test("gives the raw events, with offsets, in JSON", async () => {
    const { code, stdout } = await on("task", "execute", await createTask("echo hi"), "--format", "json");
    expect(code).toBe(0);
    const events = jsonLines<EventLine>(stdout);
    expect(events[0]).toMatchObject({ event_type: "STARTED", data: { task_type: "shell" } });
    expect(events.at(-1)).toMatchObject({ event_type: "COMPLETED", data: { output: { stdout: "hi\n" } } });
    expect(new Set(events.map(({ offset }) => offset)).size).toBe(events.length);
  });

  test("leaves an execution that can be exported to standard output, which is also -", async () => {
    const [event] = jsonLines<EventLine>(
      (await on("task", "execute", await createTask("true"), "--format", "json")).stdout,
    );
    const exported = await on("execution", "export", event?.execution_id ?? "", "-o", "-");
    expect(exported).toMatchObject({ code: 0, stderr: "" });
    expect(jsonLines<{ readonly type: string }>(exported.stdout).length).toBeGreaterThan(1);
  });

  test("exits 1 when the task fails, and says why", async () => {
    const { code, stdout, stderr } = await on("task", "execute", await createTask("echo before; exit 7"));
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(stdout).toMatch(/^\S+ failed \S+: .*7/m);
  });

  test("takes an override for this time only", async () => {
    const id = await createTask("echo stored");
    const { stdout } = await on("task", "execute", id, "--config-override", "command=echo overridden");
    expect(stdout).toContain("| overridden");
    const refused = await on("task", "execute", id, "--config-override", "comand=x");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/comand/) });
  });

  test("makes what the task prints harmless, and JSON escapes it", async () => {
    const id = await createTask("printf 'a\\033[2Jb\\033]0;owned\\007c\\n'");
    const plain = await on("task", "execute", id);
    expect(plain.stdout).toContain("| abc\n");
    expect((await on("task", "execute", id, "--format", "json")).stdout).not.toContain("\u001b");
  });

  test("starts once for one idempotency key, and replays the end", async () => {
    const id = await createTask("date +%N");
    const first = await on("task", "execute", id, "--idempotency-key", "k1", "--format", "json");
    const second = await on("task", "execute", id, "--idempotency-key", "k1", "--format", "json");
    expect(second).toEqual(first);
    const other = await on("task", "execute", id, "--idempotency-key", "k1", "--config-override", "command=true");
    expect(other).toMatchObject({ code: 1, stdout: "" });
    expect(other.stderr).toMatch(/^aco: .*(k1|idempotency)/);
  });

  test("with --detach prints the id and leaves the execution running", async () => {
    const id = await createTask("sleep 2; echo late");
    const { code, stdout, stderr } = await on("task", "execute", id, "--detach");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^[0-9a-f-]{36}\n$/);
    const watched = await on("execution", "watch", stdout.trim());
    expect(watched.code).toBe(0);
    expect(watched.stdout).toContain("| late");
  });

  test("detaches at Ctrl-C with 130 and says how to go on; the execution does", async () => {
    const id = await createTask("echo first; sleep 3; echo second");
    const running = start("task", "execute", id);
    await running.until(/\| first/);
    running.child.kill("SIGINT");
    const { code, stderr } = await running.result;
    expect(code).toBe(130);
    const executionId = /aco execution watch ([0-9a-f-]{36})/.exec(stderr)?.[1] ?? "";
    expect(stderr).toContain(`aco execution cancel ${executionId}`);
    expect((await on("execution", "get", executionId)).stdout).toContain("status: RUNNING");
    expect((await on("execution", "watch", executionId)).stdout).toContain("| second");
  });

  test("goes on when the reader of a pipe has gone, and the execution with it", async () => {
    const id = await createTask("echo first; sleep 1; echo second; sleep 1; echo third");
    const { stdout, stderr } = await shell(`aco task execute ${id} | head -n 1; echo \${PIPESTATUS[0]}`, env());
    expect(stdout).toMatch(/started [0-9a-f-]{36}\n141\n$/);
    const executionId = /started (\S+)/.exec(stdout)?.[1] ?? "";
    expect(stderr).toContain("the execution goes on");
    expect((await on("execution", "watch", executionId)).code).toBe(0);
  });
});

describe("aco workflow execute", () => {
  test("follows nodes by name and ends with the output", async () => {
    const id = await createWorkflow(
      [shellNode("build", "echo building"), shellNode("test-it", "echo testing"), shellNode("end", "echo ended")],
      [
        { source: "build", target: "end" },
        { source: "test-it", target: "end" },
      ],
    );
    const { code, stdout } = await on("workflow", "execute", id);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\S+ build +started$/m);
    expect(stdout).toMatch(/^\S+ test-it +\| testing$/m);
    expect(stdout).toMatch(/^\S+ end +completed \d+(ms|\.\ds)$/m);
    expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toMatchObject({ end: { stdout: "ended\n" } });
  });

  test("names the node that failed it", async () => {
    const id = await createWorkflow([shellNode("good", "true"), shellNode("bad", "exit 3")]);
    const { code, stdout } = await on("workflow", "execute", id, "--format", "json");
    expect(code).toBe(1);
    expect(jsonLines<EventLine>(stdout).at(-1)).toMatchObject({
      event_type: "FAILED",
      data: { code: "SHELL_EXIT_CODE", node_id: "bad" },
    });
    expect((await on("workflow", "execute", id)).stdout).toMatch(/^\S+ failed at bad /m);
  });

  test("takes its input from an option, a file and standard input", async () => {
    const node = { ...shellNode("a", "true"), config: { task_type: "noop", config: { output: "${{ input }}" } } };
    const id = await createWorkflow([node]);
    const output = async (run: Promise<{ stdout: string }>) => {
      const last = (await run).stdout.trimEnd().split("\n").at(-1) ?? "";
      return JSON.parse(last).a;
    };
    expect(await output(on("workflow", "execute", id, "--input", '{"n": 1}'))).toEqual({ n: 1 });
    const file = path.join(folder, "input.yaml");
    fs.writeFileSync(file, "n: [2, 3]\n");
    expect(await output(on("workflow", "execute", id, "--input", `@${file}`))).toEqual({ n: [2, 3] });
    const piped = aco(["workflow", "execute", id, "--input", "-"], { env: env(), stdin: '{"n": "four"}' });
    expect(await output(piped)).toEqual({ n: "four" });
  });

  test("fetches an output that is too large for an event", async () => {
    const large = shellNode("large", "head -c 60000 /dev/zero | tr '\\0' x; head -c 60000 /dev/zero | tr '\\0' y >&2");
    const { code, stdout } = await on("workflow", "execute", await createWorkflow([large]));
    expect(code).toBe(0);
    const output = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    expect(output.large.stdout).toHaveLength(60_000);
    expect(output.large.stderr).toHaveLength(60_000);
  });

  test("is refused for an archived workflow", async () => {
    const id = await createWorkflow([shellNode("a", "true")]);
    await on("workflow", "update", id, "--status", "archived");
    expect(await on("workflow", "execute", id)).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/archived/i),
    });
  });
});

describe("aco execution", () => {
  test("lists and shows what ran", async () => {
    const taskId = await createTask("echo shown");
    const events = jsonLines<EventLine>((await on("task", "execute", taskId, "--format", "json")).stdout);
    const id = events[0]?.execution_id ?? "";
    const shown = JSON.parse((await on("execution", "get", id, "--format", "json")).stdout);
    expect(shown).toMatchObject({ id, kind: "task", subject_id: taskId, status: "COMPLETED" });
    expect(shown.output).toMatchObject({ stdout: "shown\n" });
    const listed = await on("execution", "list", "--of", taskId, "--kind", "task", "--status", "completed");
    expect(listed.stdout.split("\t")[0]).toBe(id);
    expect((await on("execution", "list", "--of", taskId, "--status", "failed")).stdout).toBe("");
    const table = (await on("execution", "list", "--limit", "1", "--format", "table")).stdout;
    expect(table).toMatch(/^ID +STATUS +KIND +OF +CREATED +TOOK/);
    expect((await on("execution", "get", taskId)).code).toBe(1);
  });

  test("links to where a person can look at it, and leaves the record in JSON as it is", async () => {
    const started = await on("task", "execute", await createTask("true"), "--detach");
    const id = started.stdout.trim();
    const { metadata } = JSON.parse((await on("status", "--format", "json")).stdout);
    const run = JSON.parse((await on("execution", "get", id, "--format", "json")).stdout);
    expect(Object.values(run).filter((value) => String(value).startsWith("http"))).toEqual([]);
    const path = `${encodeURIComponent(run.temporal_workflow_id)}/${run.temporal_run_id}`;
    const page = `${metadata.web}/executions/${id}`;
    const plain = (await on("execution", "get", id)).stdout;
    expect(plain).toContain(`\nweb page: ${page}\n`);
    expect(plain).toContain(`\ntemporal ui: ${metadata.temporal_ui}/namespaces/default/workflows/${path}\n`);
    expect((await on("execution", "get", id, "--format", "table")).stdout).toMatch(new RegExp(`\nweb page +${page}\n`));
    expect((await fetch(page)).status).toBe(200);
  });

  test("watch goes on after any offset, and after the last one has only the exit code", async () => {
    const id = await createWorkflow([shellNode("a", "exit 2")]);
    const events = jsonLines<EventLine>((await on("workflow", "execute", id, "--format", "json")).stdout);
    const executionId = events[0]?.execution_id ?? "";
    for (const [index, { offset }] of events.entries()) {
      const rest = await on("execution", "watch", executionId, "--after", offset, "--format", "json");
      expect(rest.code).toBe(1);
      expect(jsonLines(rest.stdout)).toEqual(events.slice(index + 1));
    }
    const garbage = await on("execution", "watch", executionId, "--after", "garbage");
    expect(garbage).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(/after_offset/) });
  });

  test("cancel stops a run, whose watcher exits 1", async () => {
    const id = await createTask("echo started; sleep 60");
    const running = start("task", "execute", id);
    await running.until(/\| started/);
    const executionId = /started (\S+)/.exec(running.stdout())?.[1] ?? "";
    const cancelled = await on("execution", "cancel", executionId, "--reason", "enough");
    expect(cancelled).toMatchObject({ code: 0, stdout: `${executionId}\n` });
    const { code, stdout } = await running.result;
    expect(code).toBe(1);
    expect(stdout).toMatch(/^\S+ cancelled \S+: cancelled.*enough/m);
    expect((await on("execution", "get", executionId)).stdout).toContain("status: CANCELLED");
    const again = await on("execution", "cancel", executionId);
    expect(again).toMatchObject({ code: 1, stdout: "" });
  });
});
