import fs from "node:fs";
import path from "node:path";
import { aco, serverForTests } from "./aco-command";

jest.setTimeout(180_000);

const { on, folder, env } = serverForTests();
const SECRET = `whsec_${Buffer.alloc(32, 5).toString("base64")}`;

async function createWorkflow(): Promise<string> {
  const file = path.join(folder, "echo.json");
  const nodes = [{ id: "t", type: "transform", config: { output: "${{ input }}" } }];
  fs.writeFileSync(file, JSON.stringify({ name: "echo", version: 1, nodes, edges: [] }));
  const created = await on("workflow", "create", file);
  expect(created.stderr).toBe("");
  return created.stdout.trim();
}

test("creates, shows, changes and deletes a reaction, and shows what came of it", async () => {
  const [first, second] = [await createWorkflow(), await createWorkflow()];
  const made = await on("reaction", "create", "--workflow", first, "--on", "completed", "--start", second);
  const id = made.stdout.trim();
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const execution = JSON.parse(
    (await on("workflow", "execute", first, "--detach", "--format", "json")).stdout,
  ).execution_id;
  let shown = { reactions: [{ status: "", started_execution_id: "" }] };
  for (let tries = 0; tries < 50 && shown.reactions[0]?.status !== "DONE"; tries++)
    shown = JSON.parse((await on("execution", "callbacks", execution, "--format", "json")).stdout);
  expect(shown.reactions).toMatchObject([{ reaction_id: id, kind: "start", status: "DONE", target: second }]);
  const started = await on("execution", "get", shown.reactions[0]?.started_execution_id ?? "", "--format", "json");
  expect(JSON.parse(started.stdout)).toMatchObject({ caused_by_execution_id: execution, chain_depth: 1 });
  expect((await on("execution", "get", execution, "--format", "table")).stdout).toMatch(/\nreactions +DONE start /);
  expect((await on("execution", "callbacks", execution)).stdout).toMatch(new RegExp(`^${id}\tstart\tDONE\t1\t`));
  expect((await on("execution", "callbacks", execution, "--retry")).stdout).toContain("PENDING");
  expect((await on("reaction", "update", id, "--disable", "--on", "failed")).stdout).toBe(`${id}\n`);
  expect((await on("reaction", "list")).stdout).toContain(`${id}\tdisabled\t${first}\tfailed\tstarts ${second}`);
  expect((await on("reaction", "get", id, "--format", "table")).stdout).toMatch(/state +disabled\non +failed\n/);
  expect((await on("reaction", "delete", id)).stdout).toBe(`${id}\n`);
  expect(await on("reaction", "get", id)).toMatchObject({ code: 1, stderr: `aco: there is no reaction "${id}"\n` });
});

test("creates, tries, changes and deletes a webhook; a secret that was made is told once", async () => {
  const workflow = await createWorkflow();
  const made = await on("webhook", "create", "orders", "--workflow", workflow, "--input", '{"n": "${{ body.n }}"}');
  expect(made.stdout).toMatch(/^orders\twhsec_\S+\n$/);
  expect((await on("webhook", "get", "orders")).stdout).not.toContain("whsec_");
  const tried = await on(
    "webhook",
    "test",
    "orders",
    "--body",
    '{"n": 3}',
    "--header",
    "Webhook-Id: a",
    "--format",
    "json",
  );
  expect(JSON.parse(tried.stdout)).toEqual({ input: { n: 3 }, idempotency_key: "webhook/orders/a" });
  expect(await on("webhook", "test", "orders", "--body", "{}")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("input/n: "),
  });
  const file = path.join(folder, "secret.txt");
  fs.writeFileSync(file, `${SECRET}\n`);
  expect((await on("webhook", "update", "orders", "--secret", `@${file}`, "--disable")).stdout).toBe("orders\n");
  expect((await on("webhook", "list")).stdout).toBe(`orders\tdisabled\tstandard\t${workflow}\t\n`);
  expect((await on("webhook", "delete", "orders")).stdout).toBe("orders\n");
});

test("exits 2 for a wrong command line and 1 for what the server refuses", async () => {
  const workflow = await createWorkflow();
  expect((await on("reaction", "update", "x")).code).toBe(2);
  expect((await on("reaction", "update", "x", "--enable", "--disable")).code).toBe(2);
  expect((await on("webhook", "create", "x", "--workflow", workflow, "--signature", "none")).code).toBe(2);
  expect((await on("webhook", "test", "x", "--body", "{}", "--header", "x")).code).toBe(2);
  expect((await on("workflow", "execute", workflow, "--callback-secret", "hush")).code).toBe(2);
  const unsigned = await on("workflow", "execute", workflow, "--callback", "https://example.com/");
  expect(unsigned).toMatchObject({ code: 1, stderr: expect.stringContaining("aco-callback-secret: is required") });
  const inside = await aco(["workflow", "execute", workflow, "--callback", "http://10.0.0.1/"], {
    env: { ...env(), ACO_CALLBACK_SECRET: SECRET },
  });
  expect(inside).toMatchObject({ code: 1, stderr: expect.stringContaining("must not lead to 10.0.0.1") });
  expect((await on("reaction", "create", "--workflow", workflow)).stderr).toContain("callback_url: is required");
});
