import fs from "node:fs";
import path from "node:path";
import { aco, type DevServer, shell, startDevServer } from "./aco-command";
import { cleanUp, temporaryFolder } from "./aco-process";

jest.setTimeout(180_000);

const folder = temporaryFolder();
afterAll(cleanUp);

const UTF8 = { LC_ALL: "C.UTF-8" };
const DEFINITION = {
  nodes: [
    { id: "first", type: "task", config: { task_type: "shell", config: { command: "true" } } },
    {
      id: "each",
      type: "map",
      config: {
        items: [1, 2, 3, 4],
        max_failures: 1,
        body: {
          nodes: [
            {
              id: "odd",
              type: "task",
              config: { task_type: "shell", config: { argv: ["test", "${{ string(item) }}", "!=", "3"] } },
            },
          ],
        },
      },
    },
    { id: "ask", type: "approval", config: { message: "Go on?" } },
    { id: "last", type: "task", config: { task_type: "noop", config: {} } },
  ],
  edges: [
    { source: "first", target: "each" },
    { source: "each", target: "ask" },
    { source: "ask", target: "last" },
  ],
};

function definitionFile(name: string, definition: unknown): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, JSON.stringify(definition));
  return file;
}

describe("aco workflow graph of a file", () => {
  test("draws in each format without a server", async () => {
    const file = "examples/build-and-test.yaml";
    const text = await aco(["workflow", "graph", file], { env: UTF8 });
    expect(text).toMatchObject({ code: 0, stderr: "" });
    expect(text.stdout).toContain("│ Run the tests │");
    expect((await aco(["workflow", "graph", file, "--as", "mermaid"])).stdout).toMatch(
      /^---\ntitle: .*\n---\nflowchart TB\n/,
    );
    expect((await aco(["workflow", "graph", file, "--as", "dot"])).stdout).toMatch(/^digraph workflow \{\n/);
    expect((await aco(["workflow", "graph", file, "--as", "svg"])).stdout).toMatch(/^<svg .*<\/svg>\n$/s);
  });

  test("reads standard input, and draws in ASCII where the locale is no other", async () => {
    const { stdout } = await shell("cat examples/book-a-trip.yaml | aco workflow graph -", { LC_ALL: "C" });
    expect(stdout).toMatch(/^[\x20-\x7e\n]+$/);
    expect(stdout).toContain("| hotel");
  });

  test("writes to standard output where that is -", async () => {
    const to = (...output: readonly string[]) => aco(["workflow", "graph", "examples/refund.yaml", ...output]);
    const plain = await to();
    expect(plain.stdout).toMatch(/^Refund\n/);
    expect(await to("--output", "-")).toEqual(plain);
  });

  test("writes a file in the format of its name", async () => {
    for (const [name, start] of [
      ["g.svg", "<svg "],
      ["g.gv", "digraph"],
      ["g.mmd", "---"],
      ["g.txt", "Build and test\n"],
    ] as const) {
      const file = path.join(folder, name);
      const done = await aco(["workflow", "graph", "examples/build-and-test.yaml", "--output", file]);
      expect(done).toEqual({ code: 0, stdout: "", stderr: "" });
      expect(fs.readFileSync(file, "utf8").startsWith(start)).toBe(true);
    }
  });

  test("refuses what has no graph, and says why", async () => {
    expect(await aco(["workflow", "graph"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("nothing to draw"),
    });
    expect(await aco(["workflow", "graph", "examples/disk-report.json"])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("holds a task"),
    });
    const broken = definitionFile("broken.json", { nodes: [{ id: "a" }], edges: [{ source: "a", target: "b" }] });
    expect(await aco(["workflow", "graph", broken])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('/edges/0/target: there is no node "b" beside it'),
    });
    const nowhere = ["workflow", "graph", "examples/build-and-test.yaml", "--output", path.join(folder, "no", "g.svg")];
    expect(await aco(nowhere)).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot write") });
  });
});

describe("aco workflow graph of an execution", () => {
  let server: DevServer;
  beforeAll(async () => {
    server = await startDevServer(path.join(folder, "data"));
  });
  afterAll(() => server.process.end("SIGTERM"));
  const on = (...args: readonly string[]) => aco(args, { env: { ...UTF8, ACO_SERVER: server.url } });

  test("shows where each node stands, of the version that ran, while it runs and after", async () => {
    const id = (
      await on("workflow", "create", definitionFile("graph.json", DEFINITION), "--name", "graph")
    ).stdout.trim();
    const executionId = (await on("workflow", "execute", id, "--detach")).stdout.trim();
    const graph = async (...args: readonly string[]) =>
      (await on("workflow", "graph", "--execution", executionId, ...args)).stdout;
    let text = "";
    for (let left = 60; left > 0 && !/✓ completed, 3\/4 done[\s\S]*● running/.test(text); left -= 1)
      text = await graph();
    expect(text).toMatch(new RegExp(`^graph\nexecution ${executionId}, running for `));
    expect(text).toMatch(/✓ completed, 3\/4 done, 1 failed, \d/);
    expect(text).toMatch(/✗ failed, 3\/4 done, 1 failed/);
    expect(text).toContain("○ not run");

    const changed = { ...DEFINITION, nodes: DEFINITION.nodes.slice(0, 1), edges: [] };
    await on("workflow", "update", id, "--definition", definitionFile("changed.json", changed));
    expect((await on("workflow", "graph", id)).stdout).not.toContain("ask");
    await on("execution", "cancel", executionId);
    await on("execution", "watch", executionId);
    text = await graph();
    expect(text).toContain(`execution ${executionId}, cancelled after `);
    expect(text).toContain("⊘ cancelled");
    expect(await graph("--as", "svg")).toContain(">cancelled");
  });

  test("refuses what is not there, and an execution of a task", async () => {
    const unknown = "01900000-0000-7000-8000-000000000001";
    expect(await on("workflow", "graph", unknown)).toMatchObject({ code: 1, stderr: expect.stringContaining(unknown) });
    const taskId = (await on("task", "create", "--title", "t", "--type", "noop", "--config", "{}")).stdout.trim();
    const executionId = (await on("task", "execute", taskId, "--detach")).stdout.trim();
    expect(await on("workflow", "graph", "--execution", executionId)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("is one of a task"),
    });
  });
});
