/** How people steer a run from the command line. */
import { setTimeout as sleep } from "node:timers/promises";
import { aco, serverForTests } from "./aco-command";

jest.setTimeout(180_000);

const server = serverForTests();
const { on } = server;

const noop = (id: string) => ({ id, type: "task", config: { task_type: "noop", config: { output: id } } });
const ROW = {
  nodes: [noop("a"), noop("b"), noop("c")],
  edges: [
    { source: "a", target: "b" },
    { source: "b", target: "c" },
  ],
  output: ["${{ nodes.a.status }}", "${{ nodes.b.output }}", "${{ nodes.c.output }}"],
};

async function created(definition: object): Promise<string> {
  const stdin = JSON.stringify(definition);
  const { stdout, stderr } = await aco(["workflow", "create", "-", "--name", "w"], { env: server.env(), stdin });
  expect(stderr).toBe("");
  return stdout.trim();
}

/** The execution as `execution get` tells it, once it is paused before this node. */
async function pausedBefore(id: string, node: string): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { paused_before } = JSON.parse((await on("execution", "get", id, "--format", "json")).stdout);
    if (paused_before === node) return;
    await sleep(100);
  }
  throw new Error(`${id} was not paused before ${node}`);
}

test("a workflow stops at its breakpoint, is given an output, steps on and ends", async () => {
  const workflow = await created(ROW);
  const started = await on("workflow", "execute", workflow, "--break-at", "b", "--detach");
  expect(started.stderr).toBe("");
  const id = started.stdout.trim();
  await pausedBefore(id, "b");
  const set = ["execution", "set-output", id, "b", '{"n": 1}', "--by", "alice", "--idempotency-key", "k"];
  expect(await on(...set)).toEqual({ code: 0, stdout: `${id}\n`, stderr: "" });
  expect(await on(...set)).toEqual({ code: 0, stdout: `${id}\n`, stderr: "" });
  const resumed = await on("execution", "resume", id, "--step", "--by", "alice", "--format", "json");
  expect(JSON.parse(resumed.stdout)).toMatchObject({ execution_id: id, action: "resumed_for_one_step", by: "alice" });
  await pausedBefore(id, "c");
  expect(await on("execution", "resume", id)).toMatchObject({ code: 0 });
  const { stdout } = await on("execution", "watch", id);
  expect(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "")).toEqual(["completed", { n: 1 }, "c"]);
  expect(stdout).toContain("output of b set by alice");
});

test("what makes no sense is refused, with the reason or with the name that was meant", async () => {
  const workflow = await created(ROW);
  const unknown = await on("workflow", "execute", workflow, "--break-at", "bb", "--detach");
  expect(unknown).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("there is no node 'bb'; did you mean 'b'?"),
  });
  const id = (await on("workflow", "execute", workflow, "--step", "--detach")).stdout.trim();
  await pausedBefore(id, "a");
  const refused = async (...args: readonly string[]) => {
    const { code, stderr } = await on("execution", ...args);
    return [code, stderr];
  };
  expect(await refused("pause", id)).toEqual([1, expect.stringContaining("the run is paused already")]);
  expect(await refused("retry", id, "a")).toEqual([1, expect.stringContaining("has not been entered")]);
  expect(await refused("cancel-node", id, "c")).toEqual([1, expect.stringContaining("it can be skipped")]);
  expect(await refused("update", id)).toEqual([2, expect.stringContaining("there is nothing to change")]);
  expect(await refused("update", id, "--concurrency", "a")).toEqual([2, expect.stringContaining("MAP=NUMBER")]);
  expect(await refused("update", id, "--timeout", "soon")).toEqual([1, expect.stringContaining("must be a duration")]);
  expect(await on("execution", "update", id, "--timeout", "1h")).toMatchObject({ code: 0 });
  expect(await on("execution", "cancel", id)).toMatchObject({ code: 0 });
  expect(await on("execution", "watch", id)).toMatchObject({ code: 1 });
  expect(await refused("resume", id)).toEqual([1, expect.stringContaining("CANCELLED and takes no steering any more")]);
});
